"""The machine a stage runs on: its disk is full, its clock is set."""

from __future__ import annotations

import random
import resource

from faults.fault import Fault, register
from faults.pipeline import STAGES, Pipeline

LARGEST_FILE = 4096
"""Bytes: less than any state file has."""


@register
class DiskFull(Fault):
    name = "disk-full"
    does = "no room on the disk of the stages' state folder: a small tmpfs that is full; where none may be mounted, files that may not grow"
    times = 2

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._pipeline = pipeline
        self.seconds = rng.uniform(2, 6)
        if pipeline.volume.mounted:
            pipeline.volume.fill()
            return f"the disk of the state folder full for {self.seconds:.1f} s"
        for stage in STAGES:
            (pipeline.orders(stage) / "largest-file").write_text(str(LARGEST_FILE))
            pid = pipeline.pid(stage)
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, hard))
        return f"no file of a stage may grow beyond {LARGEST_FILE} bytes for {self.seconds:.1f} s"

    def heal(self) -> None:
        self._pipeline.volume.free()
        for stage in STAGES:
            (self._pipeline.orders(stage) / "largest-file").unlink(missing_ok=True)
            pid = self._pipeline.pid(stage)
            try:
                hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
            except ProcessLookupError:
                continue  # it has ended in between: its successor has no limit


@register
class ClockMoved(Fault):
    name = "clock-moved"
    does = "the clock of a stage, or of all, is set forward or back by up to two days while it runs, and set right again"

    def inject(self, pipeline: Pipeline, rng: random.Random) -> str:
        self._folders = []
        stages = STAGES if rng.random() < 0.5 else [rng.choice(STAGES)]
        hours = rng.choice((-48, -25, -1, 1, 13, 48)) + rng.uniform(-0.5, 0.5)
        for stage in stages:
            folder = pipeline.orders(stage)
            (folder / "clock").write_text(str(hours * 3600))
            self._folders.append(folder)
        killed = rng.random() < 0.5
        if killed:
            # So that its successor begins with a state file from another time.
            pipeline.order(stages[0], "SIGKILL", "commit", "after")
        self.seconds = rng.uniform(2, 5)
        return f"clock of {', '.join(stages)} {hours:+.1f} h for {self.seconds:.0f} s" + (
            f", {stages[0]} killed meanwhile" if killed else ""
        )

    def heal(self) -> None:
        for folder in self._folders:
            (folder / "clock").unlink(missing_ok=True)
