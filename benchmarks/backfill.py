"""What an archive in the lane costs the live pipeline: live latency with and without a backfill, in one run, in alternating phases.

    python benchmarks/backfill.py [--rate 20] [--seconds 30] [--rounds 2] [--lane-rates 20]

Runs a broker, `newswire up`, and for each of the lane rates (NEWSWIRE_LANE_RATE) `newswire up --lane backfill` beside it. Live articles
come in at a steady rate throughout. Each round has two phases: in the first the lane has nothing to do; before the second, as much of an
archive is published into it as it can take meanwhile at its rate, and some more. Latency is from the moment when the broker appended the
live raw record to the moment when a read-committed subscriber holds the article, and the story. Printed: p50 and p99 of both phases, and
their ratio; what the lane got through a second. At the end all has come out of both, each once, with the archive's times. Exit status 0
when the p99 of every lane rate is within `RATIO` times that without; 1 otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import orjson

from benchmarks import varied
from benchmarks.latency import Receiver, percentiles
from benchmarks.pipeline import connected, settle, until, up
from benchmarks.publisher import Publisher, publish
from benchmarks.verdict import checks_of, count
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.capture import Captured
from newswire.lag import LagMeter
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog
from newswire.scan import scan

RATIO: Final = 1.5
"""The live p99 may be so many times as long while an archive goes through the lane."""
LANE: Final = "backfill"
ENDS: Final = ("article", "story")
_LAST_STAGE: Final = topology.STAGES[-1].name
_ARCHIVE_BEGINS: Final = 1_000_000
"""The number of the first article of the archive: no live one has it."""
_CAPTURED: Final = datetime(2019, 3, 1, tzinfo=UTC)
_WARM_UP: Final = 200


@dataclass
class Phases:
    """What was seen of one lane rate: end -> ages in seconds, with the lane idle and busy, and what the lane got through a second."""

    idle: dict[str, list[float]] = field(default_factory=lambda: {end: [] for end in ENDS})
    busy: dict[str, list[float]] = field(default_factory=lambda: {end: [] for end in ENDS})
    lane_rates: list[float] = field(default_factory=list)

    def ratio(self, end: str) -> float:
        """Return how many times as long the p99 is with a backfill."""
        return percentiles(self.busy[end])[2] / percentiles(self.idle[end])[2]


class Archive:
    """Articles of years ago, in ever new numbers."""

    def __init__(self, lane: KafkaLog) -> None:
        self._lane = lane
        self.published = 0

    def publish(self, articles: int) -> None:
        """Publish the next articles into the lane."""
        numbers = range(self.published, self.published + articles)
        publish(self._lane, [self._captured(number) for number in numbers])
        self.published += articles

    def _captured(self, number: int) -> Captured:
        made = varied.article(_ARCHIVE_BEGINS + number)
        at = _CAPTURED + timedelta(minutes=number)
        return Captured(made.raw.model_copy(update={"captured_at": at}), made.key)

    def misdated(self) -> int:
        """Return how many articles came out of the lane with other times than the archive's."""
        name = topology.topic("article").name
        records = scan(self._lane, name, self._lane.end_offsets(name, committed=False))
        seen = [orjson.loads(record.value or b"{}")["first_seen_at"] for record in records]
        given = {
            (_CAPTURED + timedelta(minutes=n)).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(self.published)
        }
        return sum(at not in given for at in seen)


def measured(
    live: KafkaLog, lane: KafkaLog, archive: Archive, rate: float, rounds: int, seconds: float
) -> Phases:
    """Alternate phases without and with a backfill; live articles come in meanwhile."""
    found, meter = Phases(), LagMeter(lane)
    receivers = {end: Receiver(live.connection, topology.topic(end).name) for end in ENDS}
    idle, busy = [], []
    for _ in range(rounds):
        idle.append(_phase(seconds))
        archive.publish(round(1.5 * rate * seconds))
        began, taken = time.monotonic(), _taken(lane)
        busy.append(_phase(seconds))
        found.lane_rates.append((_taken(lane) - taken) / (time.monotonic() - began))
        if not meter.lag(topology.STAGES[0].name):
            print("the lane had nothing left to do before the phase ended", file=sys.stderr, flush=True)
        settle(lane)
    # What was appended in a phase belongs to it, however late it arrives.
    last = time.time()
    until(
        lambda: all(receiver.since(last) > rate for receiver in receivers.values()) or None,
        "live articles arrive",
        seconds=300,
    )
    for end, receiver in receivers.items():
        receiver.stop()
        for phases, ages in ((idle, found.idle[end]), (busy, found.busy[end])):
            ages += [age for at, age, _ in receiver.seen for since, to in phases if since <= at < to]
    return found


def _phase(seconds: float) -> tuple[float, float]:
    began = time.time()
    time.sleep(seconds)
    return began, time.time()


def _taken(lane: KafkaLog) -> int:
    """Return how far the lane's last stage has come: offsets, of which a few are transaction markers."""
    name = topology.topic(topology.stage(_LAST_STAGE).reads).name
    return sum(lane.group_offsets(topology.group(_LAST_STAGE), name).values())


def run(
    broker: EmbeddedBroker, folder: Path, rate: float, lane_rates: list[float], rounds: int, seconds: float
) -> bool:
    """Run everything, print what was found, and return whether all of it holds."""
    live = connected(Connection(broker.bootstrap))
    lane = connected(Connection(broker.bootstrap, namespace=f"{LANE}."))
    archive = Archive(lane)
    good = True
    with up(broker.bootstrap, folder / "live"):
        publisher = Publisher(live.connection, rate=rate)
        publisher.start()
        for lane_rate in lane_rates:
            given = {"NEWSWIRE_LANE": LANE, "NEWSWIRE_LANE_RATE": f"{lane_rate:g}"}
            with up(broker.bootstrap, folder / "lane", **given):
                archive.publish(_WARM_UP)
                settle(lane)
                found = measured(live, lane, archive, lane_rate, rounds, seconds)
            good &= _told(found, lane_rate)
        publisher.stop()
        settle(live)
    for name, log, acknowledged in (("live", live, publisher.acknowledged), ("lane", lane, [])):
        for check in checks_of(count(log, acknowledged)):
            print(f"{'holds' if check.holds else 'FAILS':6}{name}: {check.what}: {check.why}")
            good &= bool(check.holds)
    misdated = archive.misdated()
    print(f"{'FAILS' if misdated else 'holds':6}lane: the archive's times are kept: {misdated} are not")
    for log in (live, lane):
        log.close()
    return good and not misdated


def _told(found: Phases, lane_rate: float) -> bool:
    got = sum(found.lane_rates) / len(found.lane_rates)
    print(
        f"lane rate {lane_rate:g}/s ({got:.1f}/s got through its last stage), load {os.getloadavg()[0]:.1f}"
    )
    for end in ENDS:
        (p50, _, p99), (with50, _, with99) = percentiles(found.idle[end]), percentiles(found.busy[end])
        print(
            f"  {end:8}{len(found.idle[end]):>7} and {len(found.busy[end]):>6} records; p50 {p50:>6.0f} -> {with50:>6.0f} ms, "
            f"p99 {p99:>6.0f} -> {with99:>6.0f} ms: {found.ratio(end):.2f} times"
        )
    holds = all(found.ratio(end) <= RATIO for end in ENDS)
    print(
        f"{'holds' if holds else 'FAILS':6}live p99 within {RATIO:g} times at a lane rate of {lane_rate:g}/s",
        flush=True,
    )
    return holds


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=20.0, help="live articles a second (20)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each phase is (30)")
    parser.add_argument("--rounds", type=int, default=2, help="phases of each kind, alternating (2)")
    parser.add_argument(
        "--lane-rates",
        type=float,
        nargs="+",
        default=[20.0],
        help="records a second of each stage of the lane (20)",
    )
    arguments = parser.parse_args()
    print(
        f"{arguments.rate:g} live articles/s, {arguments.rounds} rounds of {arguments.seconds:g} s without and with, on {os.cpu_count()} "
        f"cores; load before {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as temporary, EmbeddedBroker(Path(temporary) / "broker") as broker:
        good = run(
            broker, Path(temporary), arguments.rate, arguments.lane_rates, arguments.rounds, arguments.seconds
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
