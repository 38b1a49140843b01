"""Stages that are killed, stopped, doubled, and moved about."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time

from faults.child import STEPS
from faults.fault import Fault, register
from faults.pipeline import STAGES, Pipeline
from newswire.log.client import SESSION_TIMEOUT_MS, TRANSACTION_TIMEOUT_MS

BEYOND_TIMEOUTS = max(SESSION_TIMEOUT_MS, TRANSACTION_TIMEOUT_MS) / 1000 + 2.5
"""Seconds after which the group has expelled a stopped member and the broker has aborted its transaction (it looks every second)."""


class KilledAtStep(Fault):
    """The base of ten faults: five steps, before and after."""

    step: str
    when: str

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stage = rng.choice(STAGES)
        passes = rng.randint(0, 5 if self.step == "send" else 2)
        pid = pipeline.order(stage, "SIGKILL", self.step, self.when, passes)
        pipeline.gone(pid)
        return f"{stage} killed {self.when} {self.step} (after {passes} others)"


for _step in STEPS:
    for _when in ("before", "after"):
        register(
            type(
                f"Killed{_when.capitalize()}{_step.capitalize()}",
                (KilledAtStep,),
                {
                    "name": f"kill-{_when}-{_step}",
                    "does": f"SIGKILL of a stage {_when} `{_step}` of a transaction",
                    "step": _step,
                    "when": _when,
                },
            )
        )


@register
class KilledAtAnyMoment(Fault):
    name = "kill-any-moment"
    does = "SIGKILL of a stage at a random moment"
    times = 3

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stage = rng.choice(STAGES)
        pipeline.wait(rng.uniform(0, 1.5))
        pid = pipeline.pid(stage)
        os.kill(pid, signal.SIGKILL)
        pipeline.gone(pid)
        return f"{stage} killed"


@register
class AllKilled(Fault):
    name = "kill-all-stages"
    does = "SIGKILL of every stage within 300 ms"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stages = rng.sample(STAGES, len(STAGES))
        for stage in stages:
            pipeline.wait(rng.uniform(0, 0.1))
            os.kill(pipeline.pid(stage), signal.SIGKILL)
        return f"killed in this order: {', '.join(stages)}"


@register
class Zombie(Fault):
    name = "zombie"
    does = (
        "SIGSTOP of a stage inside a transaction, for longer than its session and its transaction last; then it wakes up. "
        "In half of the cases another slot has taken its partitions meanwhile"
    )
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._pipeline, self._stage = pipeline, rng.choice(STAGES)
        self._heir = rng.random() < 0.5
        step, when = rng.choice(STEPS), rng.choice(("before", "after"))
        if self._heir:
            pipeline.run_slot(self._stage, 1)
        self._pid = pipeline.order(self._stage, "SIGSTOP", step, when, rng.randint(0, 2))
        self.seconds = BEYOND_TIMEOUTS + rng.uniform(0, 2)
        others = "with another slot as heir" if self._heir else "alone"
        return f"{self._stage} stopped {when} {step} for {self.seconds:.0f} s, {others}"

    def heal(self) -> None:
        try:
            os.kill(self._pid, signal.SIGCONT)
        finally:
            if self._heir:
                self._pipeline.wait(1.0)
                self._pipeline.end_slot(self._stage, 1)


@register
class ShortStop(Fault):
    name = "stage-frozen-briefly"
    does = "SIGSTOP of a stage inside a transaction for less than any timeout"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stage, step, when = rng.choice(STAGES), rng.choice(STEPS), rng.choice(("before", "after"))
        self._pid = pipeline.order(stage, "SIGSTOP", step, when, rng.randint(0, 2))
        self.seconds = rng.uniform(0.5, 5.0)
        return f"{stage} stopped {when} {step} for {self.seconds:.1f} s"

    def heal(self) -> None:
        os.kill(self._pid, signal.SIGCONT)


@register
class TwoHolders(Fault):
    name = "two-holders"
    does = "a second process takes the same slot of a stage, with a state folder of its own: one of the two is fenced off"
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        stage = rng.choice(STAGES)
        self.seconds = rng.uniform(3, 7)
        folder = pipeline.folder / "second" / str(time.monotonic_ns())
        command = [sys.executable, "-m", "newswire", "run", stage, "--end-with", str(os.getpid())]
        self._second = pipeline.popen(command, NEWSWIRE_STATE_DIR=str(folder))
        return f"{stage} slot 0 held twice for {self.seconds:.0f} s"

    def heal(self) -> None:
        self._second.terminate()
        try:
            self._second.wait(15)
        except subprocess.TimeoutExpired:
            self._second.kill()
            self._second.wait()


@register
class RebalanceStorm(Fault):
    name = "rebalance-storm"
    does = "slots 1 and 2 of a stage join and leave every few seconds, in order or killed"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._pipeline, self._stage = pipeline, rng.choice(STAGES)
        self._in: set[int] = set()
        moves = []
        for _ in range(rng.randint(4, 6)):
            slot = rng.choice((1, 2))
            if slot not in self._in:
                pipeline.run_slot(self._stage, slot)
                self._in.add(slot)
                moves.append(f"+{slot}")
            else:
                kill = rng.random() < 0.4
                pipeline.end_slot(self._stage, slot, kill=kill)
                self._in.discard(slot)
                moves.append(f"{'x' if kill else '-'}{slot}")
            pipeline.wait(rng.uniform(1.0, 3.0))
        return f"{self._stage}: {' '.join(moves)} (+ joins, - leaves, x killed)"

    def heal(self) -> None:
        for slot in sorted(self._in):
            self._pipeline.end_slot(self._stage, slot)
