"""Memory and open files of processes over hours: samples, and the slope in them that restarts do not hide."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import numpy as np
import psutil


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at one process."""

    at: float
    """Seconds since the sampler began."""
    role: str
    """What the process does, e.g. `enrich`; a restarted one has the same."""
    life: str
    """Tells one process from the next in the same role."""
    age: float
    """Seconds since this process began."""
    memory: int
    """Resident bytes (RSS)."""
    private: int
    """Of these, bytes that are not shared with files: what the process itself allocated."""
    files: int
    """Open file descriptors."""


@dataclass(frozen=True, slots=True)
class Slope:
    """How something grows, over all lives of a role."""

    per_hour: float
    """Least squares, one slope for all lives, each with a level of its own."""
    error: float
    """Standard error of the slope."""
    mean: float
    """Mean of all samples used."""
    hours: float
    """Observed time, summed over the lives."""
    lives: int
    """How many lives had samples after their warm-up."""


@dataclass
class Sampler:
    """Looks at processes every `seconds`, when it is asked to. `processes` tells which process has which role at the moment."""

    processes: Callable[[], Mapping[str, psutil.Process]]
    seconds: float = 5.0
    samples: list[Sample] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _due: float = 0.0

    def look_if_due(self) -> None:
        """Take a sample of every process, when the time has come."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + self.seconds
        for role, process in self.processes().items():
            try:
                with process.oneshot():
                    memory = process.memory_info()
                    self.samples.append(
                        Sample(
                            at=now - self._began,
                            role=role,
                            life=f"{process.pid}:{process.create_time():.1f}",
                            age=time.time() - process.create_time(),
                            memory=memory.rss,
                            private=memory.rss - getattr(memory, "shared", 0),
                            files=process.num_fds(),
                        )
                    )
            except psutil.Error:
                continue  # it has just ended

    def save(self, path: Path) -> None:
        """Write all samples as CSV."""
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, [f.name for f in fields(Sample)])
            writer.writeheader()
            writer.writerows(asdict(sample) for sample in self.samples)


def slope(
    samples: Sequence[Sample], value: Callable[[Sample], float], *, warm_up: float, least_samples: int = 5
) -> Slope | None:
    """Return the common slope of a role's lives, each counted from `warm_up` seconds of age on; None with too little to look at."""
    lives: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.age >= warm_up:
            lives.setdefault(sample.life, []).append(sample)
    long_enough = [life for life in lives.values() if len(life) >= least_samples]
    if not long_enough:
        return None
    # Centred life by life: what one life begins with says nothing about growth.
    times = np.concatenate([_centred([s.at / 3600 for s in life]) for life in long_enough])
    values = np.concatenate([_centred([value(s) for s in life]) for life in long_enough])
    spread = float(times @ times)
    if spread == 0:
        return None
    per_hour = float(times @ values) / spread
    left = values - per_hour * times
    freedom = max(1, len(times) - len(long_enough) - 1)
    return Slope(
        per_hour=per_hour,
        error=float(np.sqrt((left @ left) / freedom / spread)),
        mean=float(np.mean([value(s) for life in long_enough for s in life])),
        hours=sum(life[-1].at - life[0].at for life in long_enough) / 3600,
        lives=len(long_enough),
    )


def _centred(values: Sequence[float]) -> np.ndarray:
    array = np.array(values)
    return array - array.mean()
