"""How long an article takes through all four stages, beside a bare transactional copy through as many hops, in one run.

    python benchmarks/latency.py [--rate 20] [--seconds 60] [--rounds 3]

Both run on one broker, one after the other in each round: `newswire up` with every stage in a process of its own, and four processes that
copy records from topic to topic with kafka-python, in transactions, with the same client settings and windows. Varied articles are
published one at a time at a steady rate. Latency is from the moment when the broker appended the raw record, by its own stamp, to the
moment when a read-committed subscriber holds the article, or the story, or the copy. A phase begins when all that was published to warm it
up has come through. Printed: p50, p90 and p99 in milliseconds, the ratio to the copy, and where the articles' time went: how old they were
when each stage had them in hand.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np

from benchmarks import bare
from benchmarks.pipeline import connected, until, up
from benchmarks.publisher import Publisher
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.envelope import is_control
from newswire.log.client import Connection
from newswire.log.contract import Record, TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.rejected import recorded_time

HOPS = ["news.raw.v1", "hop.1", "hop.2", "hop.3", "hop.4"]
WARM_UP_SECONDS = 5.0
_QUIET_SECONDS = 20.0
"""A text that happens to be taken for a copy of another never arrives."""


class Receiver(threading.Thread):
    """Holds a read-committed subscriber on a topic and notes how old each record is when it comes."""

    def __init__(self, to: Connection, topic: str) -> None:
        super().__init__(daemon=True)
        self._log = KafkaLog(to)
        self._subscription = self._log.subscribe(topic, start=self._log.end_offsets(topic))
        self._stopping = threading.Event()
        self.seen: list[tuple[float, float, float | None]] = []
        """When it was appended, its age at receipt, its age when the stage that wrote it had its input in hand; in seconds."""
        self.heard_at = time.monotonic()
        self.start()

    def run(self) -> None:
        while not self._stopping.is_set():
            for record in self._subscription.poll(0.2):
                if not is_control(record):
                    self._note(record)

    def _note(self, record: Record) -> None:
        self.heard_at = time.monotonic()
        appended = record.timestamp_ms / 1000
        begun = recorded_time(dict(record.headers).get("ce_recordedtime"))
        self.seen.append(
            (appended, time.time() - appended, None if begun is None else begun.timestamp() - appended)
        )

    def since(self, moment: float) -> int:
        """Return how many records have come that were appended since a moment."""
        return sum(appended >= moment for appended, _, _ in self.seen)

    def stop(self) -> None:
        self._stopping.set()
        self.join(30)
        self._subscription.close()
        self._log.close()


def measure(
    running: AbstractContextManager[object],
    to: Connection,
    topics: list[str],
    rate: float,
    seconds: float,
    first_number: int,
) -> tuple[list[Receiver], int]:
    """Publish for a while to what is run.

    Return what was received at the ends of `topics`, without the warm-up, and the number of the next article.
    """
    with running:
        receivers = [Receiver(to, topic) for topic in topics]
        first = Publisher(to, rate=rate, start=first_number)
        first.start()
        until(lambda: all(r.seen for r in receivers) or None, "the first records arrive", seconds=300)
        time.sleep(WARM_UP_SECONDS)
        first.stop()
        warm = len(first.acknowledged) * 0.95
        until(
            lambda: all(len(r.seen) >= warm for r in receivers) or None,
            "the first records arrive",
            seconds=300,
        )
        since = time.time()
        publisher = Publisher(to, rate=rate, start=first.next)
        publisher.start()
        time.sleep(seconds)
        publisher.stop()
        until(
            lambda: (
                all(r.since(since) >= len(publisher.acknowledged) for r in receivers) or _quiet(receivers)
            ),
            "everything that is on its way arrives",
            seconds=300,
        )
        for receiver in receivers:
            receiver.stop()
            receiver.seen = [seen for seen in receiver.seen if seen[0] >= since]
    return receivers, publisher.next


def _quiet(receivers: list[Receiver]) -> bool | None:
    return min(time.monotonic() - receiver.heard_at for receiver in receivers) > _QUIET_SECONDS or None


@contextmanager
def copies(to: Connection) -> Iterator[None]:
    """Run the bare copies, one behind the other, until the block is left."""
    with bare.chain(to.bootstrap_servers, [to.namespace + hop for hop in HOPS]):
        yield


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=20.0, help="articles a second (20)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each phase is measured (60)")
    parser.add_argument("--rounds", type=int, default=3, help="phases of each kind, alternating (3)")
    arguments = parser.parse_args()
    found: dict[str, list[float]] = {"bare copy, four hops": [], "article": [], "story": []}
    begun: dict[str, list[float]] = {stage.name: [] for stage in topology.STAGES}
    number = 0
    with tempfile.TemporaryDirectory() as temporary, EmbeddedBroker(Path(temporary) / "broker") as broker:
        bare_to = Connection(broker.bootstrap, namespace="bare.")
        to = Connection(broker.bootstrap, namespace="whole.")
        log = connected(bare_to)
        log.create([TopicSpec(hop, topology.PARTITIONS) for hop in HOPS])
        log.close()
        connected(to).close()
        before = os.getloadavg()[0]
        for _ in range(arguments.rounds):
            [end], number = measure(
                copies(bare_to), bare_to, HOPS[-1:], arguments.rate, arguments.seconds, number
            )
            found["bare copy, four hops"] += [age for _, age, _ in end.seen]
            whole = up(broker.bootstrap, Path(temporary) / "up", NEWSWIRE_NAMESPACE=to.namespace)
            topics = [topology.topic(stage.writes[0]).name for stage in topology.STAGES]
            ends, number = measure(whole, to, topics, arguments.rate, arguments.seconds, number)
            found["article"] += [age for _, age, _ in ends[2].seen]
            found["story"] += [age for _, age, _ in ends[3].seen]
            for stage, end in zip(topology.STAGES, ends, strict=True):
                begun[stage.name] += [at for _, _, at in end.seen if at is not None]
    print(
        f"{arguments.rate:g} articles/s, {arguments.rounds} rounds of {arguments.seconds:g} s each, alternating, on "
        f"{os.cpu_count()} cores; load before {before:.1f}, after {os.getloadavg()[0]:.1f}"
    )
    print(f"{'milliseconds after append':28}{'records':>9}{'p50':>8}{'p90':>8}{'p99':>8}")
    for name, ages in found.items():
        print(f"{name:28}{len(ages):>9}" + "".join(f"{value:>8.0f}" for value in percentiles(ages)))
    copy, whole_way = percentiles(found["bare copy, four hops"]), percentiles(found["story"])
    ratios = "".join(f"{w / c:>8.2f}" for w, c in zip(whole_way, copy, strict=True))
    print(f"{'story beside copy (ratio)':28}{'':>9}{ratios}")
    for name, ages in begun.items():
        print(
            f"{'  in hand of ' + name:28}{len(ages):>9}"
            + "".join(f"{value:>8.0f}" for value in percentiles(ages))
        )


def percentiles(ages: list[float]) -> list[float]:
    """Return p50, p90 and p99 in milliseconds."""
    return [float(value) * 1000 for value in np.percentile(ages, (50, 90, 99))]


if __name__ == "__main__":
    main()
