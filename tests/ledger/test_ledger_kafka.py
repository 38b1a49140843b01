"""Ledger, trace and retry on a real broker, where transactions are open, markers take offsets and positions lag behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import wire
from retrying import retry
from small_pipeline import SmallPipeline
from waiting import PATIENCE, until

from newswire import rejected
from newswire.ledger import Ledger, ledger
from newswire.log.kafka import KafkaLog
from newswire.rejected_filter import Filter
from newswire.trace import trace

pytestmark = pytest.mark.broker


@pytest.fixture
def pipeline(tmp_path: Path, kafka_log: KafkaLog) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path, kafka_log)
    yield made
    made.close()


def counts(found: Ledger) -> tuple[int, ...]:
    total = found.total
    return total.entered, total.published, total.duplicate, total.rejected, total.held, total.in_flight


def settle(pipeline: SmallPipeline, waiting: int = 0) -> Ledger:
    """Let the stages run until nothing waits: a group takes a moment to deal out its partitions."""

    def settled() -> Ledger | None:
        found = ledger(pipeline.log)
        assert found.balanced, found
        return found if found.total.in_flight == waiting and not found.waiting else None

    return until(settled, "the pipeline settles", meanwhile=pipeline.run)


def test_records_are_counted_traced_and_retried(pipeline: SmallPipeline) -> None:
    # The broker dates raw records by its own clock. From now, not from when the tests were collected: a whole run takes half an hour on a
    # busy machine. In whole seconds: an embargo ends at the first tick that is not a part of a millisecond before it.
    opens = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=30)
    raw = pipeline.publish("a")
    pipeline.publish("a")
    pipeline.publish("b", "unenrichable")
    pipeline.publish("c", "reject")
    pipeline.publish("d", embargoed_until=opens)
    assert counts(ledger(pipeline.log)) == (5, 0, 0, 0, 0, 5)
    assert counts(settle(pipeline)) == (5, 1, 1, 2, 1, 0)

    first, again = trace(pipeline.log, "a").ways
    assert first.raw is not None
    assert (first.raw.topic, first.raw.partition, first.raw.offset) == raw
    assert [step.event for step in first.steps][:4] == ["raw", "normalized", "unique", "article"]
    assert [step.event for step in again.steps] == ["raw", "normalized", "duplicate"]

    pipeline.enrich.mended = True
    report = retry(pipeline.log, Filter(stage="enrich").of(rejected.find(pipeline.log)))
    assert len(report.retried) == 1
    assert len(retry(pipeline.log, Filter(stage="enrich").of(rejected.find(pipeline.log))).refused) == 1
    pipeline.tick(opens)

    def opened() -> Ledger | None:
        found = settle(pipeline)
        return found if found.total.retried and not found.total.held else None

    found = until(opened, "what was held and what was retried")
    assert counts(found) == (5, 3, 1, 1, 0, 0)
    assert found.total.retried == 1


@pytest.mark.timeout(300)
def test_nobody_is_lost_while_the_pipeline_runs(pipeline: SmallPipeline) -> None:
    """Stages and a source run as fast as they can; the ledger is drawn up beside them, time and again."""
    stop, enough = threading.Event(), threading.Event()
    published = 0

    def publish() -> None:
        nonlocal published
        outputs = [
            wire.raw_record(pipeline.log, f"g{published + n}", "reject" if n == 3 else "One sentence.")
            for n in range(20)
        ]
        wire.publish(pipeline.log, *outputs)
        published += len(outputs)

    def feed() -> None:
        while not enough.is_set() and published < 300:
            publish()

    def work(stage: str) -> None:
        while not stop.is_set():
            pipeline.run(stage)

    threads = [threading.Thread(target=feed)]
    threads += [
        threading.Thread(target=work, args=(name,)) for name in ("normalize", "deduplicate", "enrich")
    ]
    # The ledger has a connection of its own, as it would have beside the stages.
    assert isinstance(pipeline.log, KafkaLog)
    beside = KafkaLog(pipeline.log.connection)
    publish()
    # Drawn before any stage runs: on a fast machine nothing may be under way at the moments that are looked at later.
    drawn = [ledger(beside)]
    assert drawn[0].total.in_flight == published
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 150
    try:
        while len(drawn) < 6 or (drawn[-1].total.in_flight or drawn[-1].total.entered < published):
            drawn.append(ledger(beside))
            assert drawn[-1].balanced, drawn[-1]
            assert time.monotonic() < deadline
            if len(drawn) == 12:
                # No more goes in; the stages go on with what is under way.
                enough.set()
                threads[0].join(PATIENCE)
    finally:
        enough.set()
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
        beside.close()
    entered = [found.total.entered for found in drawn]
    assert entered == sorted(entered)
