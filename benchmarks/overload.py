"""A burst of ten times the capacity, beside half of the capacity in the same run: does lag grow and memory not, and does all of it drain?

    python benchmarks/overload.py [--seconds 30] [--times 10] [--samples overload.csv]

Runs a broker and `newswire up` with every stage in a process of its own, and measures how many articles a second go through all four
stages. Then two phases. Baseline: half of that rate for `--seconds`. Burst: `--times` the capacity for as many seconds' worth of articles,
made beforehand and published as fast as the broker takes them, which has to be at least that rate; then it is waited until all of it has
gone through. Printed: lag of each stage over time; resident memory of each process before a phase, at most during it, and after it; the
ratio of the most in the burst to the most in the baseline. The articles are a bounded population in ever new versions, so that what the
stages have to remember stays the same. Exit status 0: lag grew, memory did not (at most `MEMORY_RATIO` times), and everything that went
in has one outcome by our own count and by the ledger; 1 otherwise. The broker's memory is judged by the bound of its heap.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks import varied
from benchmarks.pipeline import STAGES, capacity_of, connected, lag_of, processes, up
from benchmarks.publisher import Publisher, publish
from benchmarks.sampling import Sample, Sampler
from benchmarks.soak_report import BROKER, BROKER_BYTES, roles
from benchmarks.verdict import Check, Outcomes, checks_of, count
from newswire.broker import EmbeddedBroker
from newswire.capture import Captured
from newswire.lag import LagMeter
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

MEMORY_RATIO: Final = 1.5
"""A process may take so many times the memory in the burst that it takes at half the capacity. Windows are fuller in a burst, up to their
bound: that is allowed. A stage that held what waits would take as much more as waits."""
LAG_RATIO: Final = 3.0
"""The burst has to make the most lag so many times that of the baseline, or it was none."""
POPULATION: Final = 600
WARM_UP: Final = 600
_GIVES_UP_SECONDS: Final = 3600.0


@dataclass
class Phase:
    """What was seen while articles went in, and until the last was through."""

    articles: int = 0
    seconds_in: float = 0.0
    """How long they took to go in."""
    seconds: float = 0.0
    """Until all had gone through."""
    lags: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    """Seconds since the beginning, and how many records each stage had not taken."""
    samples: list[Sample] = field(default_factory=list)

    @property
    def most_lag(self) -> int:
        """The most records that waited at one moment, over all stages."""
        return max((sum(lag.values()) for _, lag in self.lags), default=0)

    def memory(self, role: str) -> tuple[int, int, int]:
        """Return resident bytes of a role: at the beginning, at most, at the end."""
        seen = [sample.memory for sample in self.samples if sample.role == role]
        return seen[0], max(seen), seen[-1]

    def lives(self, role: str) -> int:
        """Return how many processes had the role."""
        return len({sample.life for sample in self.samples if sample.role == role})


@dataclass
class Findings:
    """What a run has come to."""

    capacity: float
    times: float
    baseline: Phase
    burst: Phase
    outcomes: Outcomes
    published: int


def judge(found: Findings) -> list[Check]:
    """Return the verdict, line by line."""
    base, burst = found.baseline, found.burst
    rate = burst.articles / max(burst.seconds_in, 1e-9)
    checks = [
        Check(
            "the burst was one",
            rate >= found.times * found.capacity,
            f"{rate:.0f} articles/s went in, {found.times:g} x {found.capacity:.1f} wanted",
        ),
        Check(
            "lag grows",
            burst.most_lag >= LAG_RATIO * max(base.most_lag, 1),
            f"{burst.most_lag:,} records waited at most, {base.most_lag:,} in the baseline",
        ),
        Check(
            "everything went in once",
            found.outcomes.raw == found.published,
            f"{found.outcomes.raw:,} raw records of {found.published:,} articles",
        ),
        *checks_of(found.outcomes),
    ]
    for role in roles(burst.samples):
        most, usual = burst.memory(role)[1], base.memory(role)[1]
        if role == BROKER:
            why = f"{most / 1e6:.0f} MB at most, {BROKER_BYTES / 1e6:.0f} allowed"
            checks.append(Check("memory of broker bounded", most <= BROKER_BYTES, why))
            continue
        why = f"{most / usual:.2f} times the baseline, {MEMORY_RATIO:g} allowed"
        checks.append(Check(f"memory of {role} bounded", most <= MEMORY_RATIO * usual, why))
        # A process that began anew in between would hide what the one before held.
        checks.append(Check(f"{role} went on", burst.lives(role) == 1, f"{burst.lives(role)} processes"))
    return checks


def report(found: Findings, verdict: list[Check]) -> Iterator[str]:
    """Yield the lines of the report."""
    for name, phase in (("half the capacity", found.baseline), (f"burst of {found.times:g} x", found.burst)):
        yield (
            f"\n{name}: {phase.articles:,} articles in {phase.seconds_in:.1f} s "
            f"({phase.articles / max(phase.seconds_in, 1e-9):.0f}/s), all through after {phase.seconds:.0f} s"
        )
        yield f"{'lag at second':>15}" + "".join(f"{stage:>14}" for stage in STAGES)
        step = max(1, len(phase.lags) // 15)
        for at, lag in [*phase.lags[::step], *phase.lags[-1:]]:
            yield f"{at:>15.0f}" + "".join(f"{lag[stage]:>14,}" for stage in STAGES)
    columns = (
        ("baseline: before", 17),
        ("most", 8),
        ("after", 8),
        ("burst: before", 16),
        ("most", 8),
        ("after", 8),
    )
    yield f"\n{'resident memory, MB':22}" + "".join(f"{n:>{w}}" for n, w in (*columns, ("ratio", 8)))
    for role in roles(found.burst.samples):
        base, burst = found.baseline.memory(role), found.burst.memory(role)
        row = zip((*base, *burst), columns, strict=True)
        shown = "".join(f"{value / 1e6:>{width}.0f}" for value, (_, width) in row)
        yield f"{role:22}{shown}{burst[1] / base[1]:>8.2f}"
    yield ""
    for check in verdict:
        yield f"{'holds' if check.holds else 'FAILS':6}{check.what}: {check.why}"


class Overload:
    """One run on a broker."""

    def __init__(self, broker: EmbeddedBroker, folder: Path) -> None:
        self._broker = broker
        self._folder = folder
        self._log: KafkaLog = connected(Connection(broker.bootstrap))
        self._sampler: Sampler

    def save(self, path: Path) -> None:
        """Write all samples as CSV."""
        self._sampler.save(path)

    def run(self, seconds: float, times: float) -> Findings:
        """Measure the capacity, and run both phases."""
        with up(self._broker.bootstrap, self._folder) as running:
            self._sampler = Sampler(lambda: processes(running, self._broker), seconds=0.5)
            capacity = capacity_of(self._log, varied.stream(POPULATION), WARM_UP)
            print(f"capacity {capacity:.1f} articles/s", file=sys.stderr, flush=True)
            half = Publisher(self._log.connection, rate=capacity / 2, start=WARM_UP, population=POPULATION)
            baseline = self._phase(lambda: _steadily(half, seconds))
            articles = max(1, round(times * capacity * seconds))
            made = list(islice(varied.stream(POPULATION, start=half.next), articles))
            burst = self._phase(lambda: _at_once(self._log.connection, made))
        found = Findings(
            capacity=capacity,
            times=times,
            baseline=baseline,
            burst=burst,
            outcomes=count(self._log, half.acknowledged),
            published=half.next + articles,
        )
        self._log.close()
        return found

    def _phase(self, give: Callable[[], int]) -> Phase:
        """Look at lag and memory while articles are given in, and until all have gone through."""
        phase, began, meter = Phase(), time.monotonic(), LagMeter(self._log)
        first = len(self._sampler.samples)
        self._sampler.look_if_due()
        with ThreadPoolExecutor(1) as beside:
            giving = beside.submit(give)
            while True:
                done = giving.done()
                if done and not phase.articles:
                    phase.articles, phase.seconds_in = giving.result(), time.monotonic() - began
                self._sampler.look_if_due()
                lag = lag_of(self._log, meter)
                if lag is not None:
                    phase.lags.append((time.monotonic() - began, lag))
                    # Asked after the last had been given: it is not on its way to the broker any more.
                    if done and not any(lag.values()):
                        break
                if time.monotonic() - began > _GIVES_UP_SECONDS:
                    raise TimeoutError(f"not through within {_GIVES_UP_SECONDS:.0f} s; waiting: {lag}")
                time.sleep(0.2)
        phase.seconds = time.monotonic() - began
        phase.samples = self._sampler.samples[first:]
        return phase


def _steadily(publisher: Publisher, seconds: float) -> int:
    publisher.start()
    time.sleep(seconds)
    publisher.stop()
    return len(publisher.acknowledged)


def _at_once(to: Connection, articles: list[Captured]) -> int:
    log = KafkaLog(to)
    publish(log, articles)
    log.close()
    return len(articles)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="how long articles go in (30)")
    parser.add_argument("--times", type=float, default=10.0, help="the burst, in capacities (10)")
    parser.add_argument("--samples", type=Path, help="write all samples of memory there, as CSV")
    arguments = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary, EmbeddedBroker(Path(temporary) / "broker") as broker:
        overload = Overload(broker, Path(temporary) / "up")
        found = overload.run(arguments.seconds, arguments.times)
        if arguments.samples:
            overload.save(arguments.samples)
    verdict = judge(found)
    print(
        f"python benchmarks/overload.py --seconds {arguments.seconds:g} --times {arguments.times:g}\n"
        f"capacity {found.capacity:.1f} articles/s on {os.cpu_count()} cores; load before {before:.1f}, after {os.getloadavg()[0]:.1f}"
    )
    for line in report(found, verdict):
        print(line)
    return 0 if all(check.holds for check in verdict) else 1


if __name__ == "__main__":
    sys.exit(main())
