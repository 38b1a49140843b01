"""What the stage loop costs beside a bare kafka-python transactional copy, in one run, on one broker.

    python benchmarks/stage_loop.py [--records 20000] [--rounds 3]

Both read the same `news.unique.v1` (records of about 3.6 KB), in windows of the same size, one transaction each, with the same client
settings. The bare copy writes each record on as it is. The loop decodes and checks each record against its published schema, gives it to a
handler that adds two fields, checks the result against the schema of `article`, builds its CloudEvents headers and writes it. Printed:
records a second by wall clock and by CPU of this process, and the ratio of the medians. The broker runs on the same machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bare import write
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.envelope import Encoder
from newswire.event import Emit, Event
from newswire.log.client import (
    Connection,
    member_consumer,
    transactional_producer,
)
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.stage.loop import StageLoop
from newswire.state.contract import State
from newswire.topics import specs
from schemas.core.lineage import Activity, Lineage, RecordRef
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.ids import article_id
from schemas.normalized.model import Section
from schemas.unique.model import Revision, Unique

WINDOW = WindowLimits()
NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class _Ready:
    """An event that is ready to be written: what a handler with a free hand could give."""

    data: dict[str, Any]

    def to_data(self) -> dict[str, Any]:
        return self.data


class CopyHandler:
    """Adds two fields; no news knowledge, no pydantic: what is left is the loop."""

    name = "enrich"
    rule_version = "copy"

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        del state
        more = {"word_count": 1, "reading_time_seconds": 1}
        lists = {name: [] for name in ("dates", "quotes", "entities", "countries", "extracted_keywords")}
        return [Emit("article", event.key, _Ready({**event.data, **more, **lists}), language="en")]  # type: ignore[arg-type]


def unique_event(number: int) -> Unique:
    paragraph = (
        f"Report {number}: the council of Upper Marl met on Thursday and put the matter off once more, as it had in May. "
        * 7
    )
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=number)
    return Unique(
        article_id=article_id(source="bench", guid=str(number)),
        source=Source(name="bench", kind="files"),
        kind="article",
        guid=str(number),
        headline=f"Council puts bridge off, part {number}",
        language="en",
        captured_at=NOW,
        sections=(Section(paragraphs=(paragraph,) * 3),),
        content_hash="0" * 64,
        rights=Rights(),
        provenance={},
        lineage=Lineage(
            was_derived_from=ref, was_generated_by=(Activity(stage="normalize", rule_version="1", used=ref),)
        ),
        revision=Revision(number=1, change="new"),
        first_seen_at=NOW,
    )


def fill(log: KafkaLog, records: int) -> int:
    encoder = Encoder("deduplicate", log.topics())
    writer = log.writer("bench-filler")
    size = 0
    for start in range(0, records, 1000):
        batch = []
        for number in range(start, min(start + 1000, records)):
            event = unique_event(number)
            batch.append(
                encoder.record(
                    Emit("unique", event.article_id, event),
                    event.to_data(),
                    event_id=f"bench-{number}",
                    timestamp_ms=int(NOW.timestamp() * 1000),
                    now=NOW,
                    raw=event.lineage.was_derived_from,
                )
            )
        writer.write(batch)
        size += sum(output.size for output in batch)
    writer.close()
    return size // records


def bare_copy(to: Connection, records: int, run: int) -> None:
    producer = transactional_producer(to, f"bench-bare-{run}")
    producer.init_transactions()
    consumer = member_consumer(to, group=f"bench-bare-{run}", slot_id=f"bench-bare-{run}")
    source, sink = topology.topic("unique").name, topology.topic("article").name
    consumer.subscribe([source])
    consumer.partitions_for_topic(source)
    done = 0
    yield_at = None
    while done < records:
        batch: list[Any] = []
        size = 0
        closes = None
        while closes is None or (
            time.monotonic() < closes and len(batch) < WINDOW.records and size < WINDOW.bytes
        ):
            polled = consumer.poll(timeout_ms=100, max_records=WINDOW.records - len(batch))
            membership = consumer.group_metadata()
            for found in polled.values():
                batch += found
                size += sum(len(r.value) for r in found)
            if batch and closes is None:
                closes = time.monotonic() + WINDOW.seconds
        if yield_at is None:
            yield_at = START.mark()
        write(producer, sink, batch, membership)
        done += len(batch)
    START.done(records)
    consumer.close(autocommit=False)
    producer.close(timeout=5)


def loop_copy(to: Connection, records: int, run: int, folder: Path) -> None:
    log = KafkaLog(to)
    slot = log.slot(
        topic=topology.topic("unique").name, group=f"bench-loop-{run}", slot_id=f"bench-loop-{run}"
    )
    loop = StageLoop(CopyHandler(), log, slot, folder / str(run))
    done = 0
    while done < records:
        if not done:
            # Joining the group is not what is measured; the first window is small in both.
            found = loop.step(0.5)
            if found:
                START.mark()
            done += found
            continue
        done += loop.step(0.5)
    START.done(records)
    loop.close()
    log.close()


class _Clock:
    """Wall and CPU time between the first window and the last."""

    def __init__(self) -> None:
        self.results: list[tuple[float, float]] = []

    def mark(self) -> float:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self._wall

    def done(self, records: int) -> None:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        self.results.append((records / wall, cpu / records * 1e6))


START = _Clock()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, EmbeddedBroker(Path(folder) / "broker") as broker:
        running = broker.status()
        assert running is not None
        to = Connection(running.bootstrap)
        log = KafkaLog(to)
        log.create(specs(3))
        size = fill(log, arguments.records)
        print(f"{arguments.records} records of {size} bytes, {arguments.rounds} rounds, alternating")
        print(f"{'':28}{'records/s':>12}{'CPU us/record':>16}")
        found: dict[str, list[tuple[float, float]]] = {"bare transactional copy": [], "stage loop": []}
        for run in range(arguments.rounds):
            bare_copy(to, arguments.records, run)
            found["bare transactional copy"].append(START.results[-1])
            loop_copy(to, arguments.records, run, Path(folder))
            found["stage loop"].append(START.results[-1])
        medians = {}
        for name, results in found.items():
            medians[name] = (
                statistics.median(r[0] for r in results),
                statistics.median(r[1] for r in results),
            )
            print(f"{name:28}{medians[name][0]:>12,.0f}{medians[name][1]:>16.1f}")
        bare, loop = medians["bare transactional copy"], medians["stage loop"]
        print(f"{'cost of the loop (ratio)':28}{bare[0] / loop[0]:>12.2f}{loop[1] / bare[1]:>16.2f}")
        log.close()


if __name__ == "__main__":
    main()
