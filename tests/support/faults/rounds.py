"""Rounds of faults: which fault when is decided by a seed and the number of the round, and by nothing that happened before."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from faults import FAULTS, Pipeline, StuckError, make
from faults.verdict import Verdict, examine
from newswire.errors import BrokerError
from newswire.ledger import ledger
from newswire.log.client import KafkaError

MOST_CALM = 1.0
"""Seconds: up to this long all is well before a fault."""


@dataclass
class Round:
    """One round, and what came of it."""

    number: int
    fault: str
    seed: str
    told: str = ""
    entered: int = 0
    """Different articles acknowledged by the end of the round, since the run began."""
    out: int = 0
    """Of these, published."""
    lost: int = 0
    duplicated: int = 0
    aborted_reads: int | None = None
    """Found when everything is read back; None until then."""
    balanced: bool | None = None
    recovery: float = 0.0
    """Seconds from the end of the fault until all that was acknowledged by then, and the next article, had come out of the last
    stage."""
    took: float = 0.0
    """Seconds that the fault and the recovery took."""
    repaired: int = 0
    """Hanging transactions (K1) that a start of the broker has ended as they were decided."""


@dataclass
class Run:
    """All rounds, and the verdicts that were given in between and at the end."""

    seed: str
    brokers: int
    rounds: list[Round] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    problem: str = ""
    """Why the run ended early."""

    @property
    def good(self) -> bool:
        """Whether all rounds were run and there is nothing to object to."""
        return not self.problem and bool(self.verdicts) and all(verdict.good for verdict in self.verdicts)


def plan(seed: str, number: int, brokers: int) -> tuple[str, random.Random]:
    """Return the fault of round `number` (from 0), and the dice for all else that is chosen in it.

    Faults are drawn from a bag in which each lies `times` times, until it is empty; then from a new one.
    """
    bag = [name for name, fault in FAULTS.items() if brokers in fault.brokers for _ in range(fault.times)]
    turn, place = divmod(number, len(bag))
    random.Random(f"{seed}/bag/{turn}").shuffle(bag)
    return bag[place], random.Random(f"{seed}/round/{number}")


def run(
    pipeline: Pipeline,
    seed: str,
    rounds: int,
    *,
    verify_every: int = 0,
    tell: Callable[[Run, Round], None] = lambda *_: None,
) -> Run:
    """Run rounds of faults; read everything back at the end and, if wanted, after every so many rounds."""
    done = Run(seed, pipeline.brokers)
    for number in range(rounds):
        name, rng = plan(seed, number, pipeline.brokers)
        this = Round(number + 1, name, seed)
        done.rounds.append(this)
        try:
            _one(pipeline, this, rng)
            if number + 1 == rounds or (verify_every and (number + 1) % verify_every == 0):
                _read_back(pipeline, done)
        except (StuckError, AssertionError, KafkaError, BrokerError) as error:
            done.problem = f"round {number + 1}, {name}: {type(error).__name__}: {error}"
        tell(done, this)
        if done.problem:
            break
    return done


def _one(pipeline: Pipeline, this: Round, rng: random.Random) -> None:
    pipeline.wait(rng.uniform(0, MOST_CALM))
    began = time.monotonic()
    fault = make(this.fault)
    try:
        this.told = fault.inject(pipeline, rng)
        pipeline.wait(fault.seconds)
    finally:
        fault.heal()
    this.repaired = getattr(fault, "repaired", 0)
    this.recovery = pipeline.recover()
    this.took = time.monotonic() - began
    this.entered = pipeline.acknowledged() + len(pipeline.extra)
    this.out = pipeline.observer.published()
    this.duplicated = len(pipeline.observer.twice())


def _read_back(pipeline: Pipeline, done: Run) -> None:
    """Let everything come to rest, end the stages, read all back, and go on."""
    verdict = examine_at_rest(pipeline)
    done.verdicts.append(verdict)
    for this in done.rounds:
        if this.balanced is None:
            this.lost, this.duplicated = len(verdict.lost), len(verdict.duplicated)
            this.aborted_reads, this.balanced = len(verdict.aborted_reads), verdict.balanced
    if not verdict.good:
        done.problem = str(verdict)


def examine_at_rest(pipeline: Pipeline) -> Verdict:
    """Return the verdict on all that the pipeline has done so far. It is at rest meanwhile, and goes on afterwards."""
    pipeline.pause_traffic()
    pipeline.recover(flowing=False)
    pipeline.until(lambda: ledger(pipeline.log).total.in_flight == 0, "not all is decided", poll=1.0)
    pipeline.rest()
    verdict = examine(
        pipeline.log,
        acknowledged=pipeline.acknowledged(),
        extra=pipeline.extra,
        refused=pipeline.refused,
        state=pipeline.volume.path,
        segments_of=pipeline.segments_of,
    )
    pipeline.go_on()
    pipeline.recover()
    return verdict
