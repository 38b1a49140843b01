"""The clock writes a tick into every partition of what stages with timers read."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from newswire import clock
from newswire.envelope import Encoder, decode, is_control
from newswire.log.memory import MemoryLog
from newswire.topics import specs

NOW = datetime(2024, 2, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def test_a_tick_for_every_partition() -> None:
    log = MemoryLog()
    log.create(specs(5))
    made = clock.ticks(Encoder("clock", log.topics()), log.topics(), NOW)
    timed = ("news.normalized.v1", "news.articles.v1")
    assert [(out.topic, out.partition) for out in made] == [(topic, n) for topic in timed for n in range(5)]
    assert {out.timestamp_ms for out in made} == {1706788800250}
    assert len({dict(out.headers)["ce_id"] for out in made}) == 10


def test_a_tick_is_read_as_one() -> None:
    log = MemoryLog()
    log.create(specs(1))
    stop = threading.Event()
    stop.set()
    clock.tick_until(stop, log, log.writer("clock"))
    (record,) = log.read("news.normalized.v1", 0, 0, 1)
    assert is_control(record)
    event = decode(record)
    assert event.name == "tick"
    assert datetime.fromisoformat(event.data["at"]) == event.time
