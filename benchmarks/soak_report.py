"""What a soak has found: the verdict, and the report for people."""

from __future__ import annotations

import os
import platform
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.sampling import Sample, Slope, slope
from benchmarks.verdict import Check, Outcomes, checks_of

MEMORY_GROWTH: Final = 0.05
"""Memory is flat when it grows by no more than this share an hour ..."""
MEMORY_BYTES: Final = 8 << 20
"""... or by no more than so many bytes."""
FILES_GROWTH: Final = 2.0
"""Open files are flat when they grow by no more than this an hour ..."""
FILES_SHARE: Final = 0.05
"""... or by this share of them: the broker opens a few for each new segment of a topic."""
BROKER: Final = "broker"
BROKER_BYTES: Final = 700 << 20
"""The broker's memory is judged by this bound instead: a JVM takes its heap (512 MB at most) little by little, needed or not."""
LEAST_HOURS: Final = 0.1
"""A role that was observed for less after its warm-ups is not judged: the noise of minutes is not growth."""


@dataclass
class Findings:
    """What a run has come to, for `judge` and `markdown`."""

    command: str
    population: int
    capacity: float = 0.0
    acknowledged: int = 0
    repeated: int = 0
    warm_up: float = 0.0
    faults: list[tuple[float, str]] = field(default_factory=list)
    states: list[tuple[float, int, dict[str, int], dict[str, int], float]] = field(default_factory=list)
    """Seconds since the beginning, articles acknowledged, keys and lag by stage, load of the machine over five minutes."""
    samples: Sequence[Sample] = ()
    parts_at_end: Sequence[str] = ()
    outcomes: Outcomes | None = None


def judge(found: Findings) -> list[Check]:
    """Return the verdict, line by line."""
    checks = [] if found.outcomes is None else checks_of(found.outcomes)
    for role in roles(found.samples):
        memory, files = slopes(found, role)
        if role == BROKER:
            most = max(sample.memory for sample in found.samples if sample.role == role)
            why = f"{most / 1e6:.0f} MB at most, {BROKER_BYTES / 1e6:.0f} allowed"
            checks.append(Check("memory of broker bounded", most <= BROKER_BYTES, why))
        else:
            checks.append(_flat(f"memory of {role}", memory, _memory_limit, "MB", 1e6))
        checks.append(_flat(f"open files of {role}", files, _files_limit, "files", 1))
    return checks


def _memory_limit(mean: float) -> float:
    return max(MEMORY_BYTES, MEMORY_GROWTH * mean)


def _files_limit(mean: float) -> float:
    return max(FILES_GROWTH, FILES_SHARE * mean)


def _flat(
    what: str, found: Slope | None, limit_of: Callable[[float], float], unit: str, scale: float
) -> Check:
    if found is None or found.hours < LEAST_HOURS:
        return Check(f"{what} flat", None, "observed for too short a time after its warm-up")
    limit = limit_of(found.mean)
    why = f"{found.per_hour / scale:+.2f} ± {found.error / scale:.2f} {unit} an hour, {limit / scale:.1f} allowed"
    return Check(f"{what} flat", found.per_hour <= limit, why)


def slopes(found: Findings, role: str) -> tuple[Slope | None, Slope | None]:
    """Return the slopes of a role's memory and open files."""
    samples = [sample for sample in found.samples if sample.role == role]
    return (
        slope(samples, lambda sample: sample.memory, warm_up=found.warm_up),
        slope(samples, lambda sample: sample.files, warm_up=found.warm_up),
    )


def roles(samples: Sequence[Sample]) -> list[str]:
    """Return the roles in the order in which they were first seen."""
    return list(dict.fromkeys(sample.role for sample in samples))


def markdown(found: Findings, verdict: Sequence[Check]) -> str:
    """Return the report."""
    begins = (
        f"`{found.command}` on {os.cpu_count()} cores, Python {platform.python_version()}: capacity {found.capacity:.1f} articles/s, "
        f"run at {found.capacity / 2:.1f}; {found.acknowledged:,} articles published ({found.repeated:,} more were published again "
        f"because the broker had gone before it answered), a population of {found.population:,}."
    )
    lines = [
        begins,
        "",
        "| verdict | | |",
        "|---|---|---|",
        *(f"| {check.what} | {_word(check.holds)} | {check.why} |" for check in verdict),
        "",
        f"Slopes by least squares, the first {found.warm_up:.0f} s of each process left out:",
        "",
        "| process | memory, mean MB | MB/hour | open files, mean | files/hour | lives | hours observed |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_row(role, *slopes(found, role)) for role in roles(found.samples)),
    ]
    if found.outcomes is not None:
        by_event = ", ".join(f"{number:,} {event}" for event, number in found.outcomes.by_event.items())
        lines += ["", f"Outcomes of {found.outcomes.raw:,} raw records: {by_event}."]
    kinds = Counter(re.sub(r"\d+", "n", text).split(";")[0] for _, text in found.faults)
    lines += [
        "",
        f"{len(found.faults)} faults: "
        + ", ".join(f"{number} × {kind}" for kind, number in kinds.most_common())
        + ".",
        "",
        "| minute | articles | keys of state | waiting | load (5 min) |",
        "|---:|---:|---|---|---:|",
    ]
    for at, articles, keys, lag, load in found.states:
        lines.append(f"| {at / 60:.0f} | {articles:,} | {_by_stage(keys)} | {_by_stage(lag)} | {load:.1f} |")
    return "\n".join(lines) + "\n"


def _row(role: str, memory: Slope | None, files: Slope | None) -> str:
    if memory is None or files is None:
        return f"| {role} | | | | | 0 | 0 |"
    return (
        f"| {role} | {memory.mean / 1e6:.0f} | {memory.per_hour / 1e6:+.2f} ± {memory.error / 1e6:.2f} | {files.mean:.1f} | "
        f"{files.per_hour:+.2f} ± {files.error:.2f} | {memory.lives} | {memory.hours:.2f} |"
    )


def _word(holds: bool | None) -> str:
    return "not judged" if holds is None else "yes" if holds else "**NO**"


def _by_stage(values: dict[str, int]) -> str:
    return ", ".join(f"{stage} {value:,}" for stage, value in values.items())
