"""The clock: time as records, so that timers in stages (the end of an embargo) are driven by data and a replay decides the same."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from newswire import topology
from newswire.config import Settings
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.log.contract import Log, Outgoing, Writer
from newswire.log.kafka import KafkaLog
from newswire.process import run_process
from newswire.standing import watching
from schemas.core.contract import utc_from_ms
from schemas.tick.model import Tick

NAME: Final = "clock"
SECONDS: Final = 10.0
"""How far apart ticks are: what a timer may be late by."""


def timed_topics() -> list[str]:
    """Return the topics that ticks are written into: what stages with timers read."""
    return [topology.topic(stage.reads).name for stage in topology.STAGES if stage.ticks]


def ticks(encoder: Encoder, topics: dict[str, int], now: datetime) -> list[Outgoing]:
    """Return one tick for every partition of the timed topics; `topics` has the partition counts."""
    # In whole milliseconds: a tick and its record's timestamp are the same instant.
    milliseconds = int(now.timestamp() * 1000)
    tick = Tick(at=utc_from_ms(milliseconds))
    return [
        encoder.record(
            Emit("tick", "tick", tick),
            tick.to_data(),
            event_id=f"{NAME}:{milliseconds}:{topic}:{partition}",
            timestamp_ms=milliseconds,
            now=now,
            topic=topic,
            partition=partition,
        )
        for topic in timed_topics()
        for partition in range(topics[topic])
    ]


def tick_until(stop: threading.Event, log: Log, writer: Writer, *, seconds: float = SECONDS) -> None:
    """Write ticks every `seconds`, the first at once, until `stop` is set."""
    topics = log.topics()
    encoder = Encoder(NAME, topics)
    while True:
        writer.write(ticks(encoder, topics, datetime.now(UTC)))
        if stop.wait(seconds):
            return


def run_clock(bootstrap_servers: str, settings: Settings, *, seconds: float = SECONDS) -> None:
    """Run the clock as a process until asked to end. One is enough for any number of stages; a second one is refused or fenced off."""

    def work(log: KafkaLog, folder: Path, stop: threading.Event) -> None:
        del folder
        writer = log.writer(f"newswire.{NAME}")
        # There is one clock to a pipeline, wherever its stages run: the place for what has to be watched once.
        with watching(log.connection):
            tick_until(stop, log, writer, seconds=seconds)
        writer.close()

    run_process(
        NAME, work, slot=0, needs=timed_topics()[0], bootstrap_servers=bootstrap_servers, settings=settings
    )
