"""The alarm for committed reads that stand still: a transaction is open that nobody ends, and hides all that follows (K1, a lost producer).

The clock watches, since there is one to a pipeline. An error line and a gauge tell where; `newswire doctor` tells why, and what to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from newswire import metrics
from newswire.errors import BrokerError
from newswire.log.client import Connection, KafkaError
from newswire.log.kafka import KafkaLog

_LOG = structlog.get_logger("newswire.standing")
_LOOKS_SECONDS: Final = 5.0
_SAYS_AGAIN_SECONDS: Final = 60.0
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """A partition whose last stable offset has been `offset` for `seconds`, while its last record is before `end`."""

    topic: str
    partition: int
    offset: int
    end: int
    seconds: float


@dataclass
class Watch:
    """Tells how long partitions stand. It is told what is below its end (`KafkaLog.below_end`), and when."""

    _since: dict[Place, tuple[int, float]] = field(default_factory=dict)

    def look(self, below: Mapping[Place, tuple[int, int]], now: float) -> list[Standing]:
        """Return what stands, longest first: an offset that moves, though behind the end, begins anew."""
        since = {}
        for place, (stable, _) in below.items():
            known = self._since.get(place)
            since[place] = known if known is not None and known[0] == stable else (stable, now)
        self._since = since
        found = [
            Standing(*place, stable, end, now - since[place][1]) for place, (stable, end) in below.items()
        ]
        return sorted(found, key=lambda standing: -standing.seconds)


class Alarm:
    """Publishes what stands, and says what stands for longer than `seconds`: at once, again every minute, and when it goes on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._watch = Watch()
        self._shown: set[Place] = set()
        self._said: dict[Place, float] = {}

    def look(self, below: Mapping[Place, tuple[int, int]], now: float) -> None:
        """Take one look. Raises nothing."""
        standing = {(found.topic, found.partition): found for found in self._watch.look(below, now)}
        for place in self._shown - set(standing):
            metrics.STANDS_SECONDS.remove(*map(str, place))
        self._shown = set(standing)
        for place, found in standing.items():
            metrics.STANDS_SECONDS.labels(*map(str, place)).set(found.seconds)
            said = self._said.get(place)
            if found.seconds > self._seconds and (said is None or now - said > _SAYS_AGAIN_SECONDS):
                self._said[place] = now
                _LOG.error(
                    "committed reads stand still: a transaction is open and does not end. `newswire doctor` tells which, and what to do",
                    topic=found.topic,
                    partition=found.partition,
                    offset=found.offset,
                    end=found.end,
                    seconds=round(found.seconds),
                )
        for place in [place for place in self._said if place not in standing or not standing[place].seconds]:
            del self._said[place]
            _LOG.info("committed reads go on", topic=place[0], partition=place[1])


@contextmanager
def watching(
    to: Connection, *, seconds: float | None = None, every: float = _LOOKS_SECONDS
) -> Iterator[None]:
    """Watch while the block runs. `seconds`: how long an offset may stand; by default as long as the clients' limits say."""
    stop = threading.Event()
    # A connection of its own: looks must not wait for what the block does.
    log = KafkaLog(to)
    alarm = Alarm(to.limits.stands_seconds if seconds is None else seconds)

    def watch() -> None:
        while not stop.wait(every):
            try:
                alarm.look(log.below_end(), time.monotonic())
            except (BrokerError, KafkaError) as error:
                _LOG.warning("cannot see whether committed reads stand still", error=str(error))
                log.close()
        log.close()

    thread = threading.Thread(target=watch, name="standing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
