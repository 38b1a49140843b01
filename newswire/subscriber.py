"""Iterating over a topic's events, at least once: what `subscribe` returns."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Generic, Literal, Self, TypedDict, TypeVar

import structlog
from pydantic import ValidationError

import schemas
from newswire import topology
from newswire.envelope import decode, is_control
from newswire.errors import BrokerError, ContractError, Reject, UsageError
from newswire.log.client import KafkaError
from newswire.log.contract import Log, Record, Subscription
from newswire.rejected import recorded_time
from schemas.core.contract import utc_from_ms

_LOG = structlog.get_logger("newswire.subscriber")
_SLICE_SECONDS: Final = 0.2
"""How long one look at the topic takes at most: `close` is noticed after it."""
_COMMIT_SECONDS: Final = 1.0
_TAKE_SECONDS: Final = 5.0
"""How long the records of one look should keep the application busy: a member that does not look for minutes is expelled."""
_MOST: Final = 500

Start = Literal["beginning", "end"] | datetime | Mapping[int, int]
Data = TypeVar("Data")


class Options(TypedDict, total=False):
    """What `subscribe` may be told beside the topic."""

    group: str | None
    """Remember the position under this name, and share the partitions with all who use it. Without: nothing is remembered."""
    start: Start
    """Where to begin: `beginning` (default), `end`, a time (the first record at or after it in each partition, by record time: when the
    raw record was published), or partition -> offset. A group that has a position goes on there instead."""
    bootstrap_servers: str | None
    """Where Kafka is. Default: KAFKA_BOOTSTRAP_SERVERS, then a broker that runs on this machine (`newswire up` starts one)."""
    until_end: bool
    """End when everything that is there has been read, instead of waiting for more."""
    max_wait: float | None
    """End after so many seconds without an event."""
    tombstones: bool
    """Also give records without a value, with `data` None: on `held` that an article was released, on `stories` and
    `duplicates` that what the key names was purged. Left out by default."""
    invalid: Literal["raise", "skip"]
    """What to do with a record that breaks the contract: raise ContractError, or log a warning and go on. Only `raw` may have such."""
    log: Log | None
    """Read from this log instead of Kafka; it is not closed."""


@dataclass(frozen=True, slots=True)
class Received(Generic[Data]):
    """One event, as it was read."""

    data: Data
    """The payload, as the model of its event."""
    id: str
    """CloudEvents id: the same on a second delivery."""
    time: datetime
    """Record time: when the raw record was published."""
    recorded_at: datetime | None
    """When the event was written."""
    key: str
    """Record key: the article id; for a story its id; for a raw record its capture key."""
    topic: str
    """Topic."""
    partition: int
    """Partition."""
    offset: int
    """Offset."""
    headers: Mapping[str, bytes]
    """All headers, e.g. `ce_source`, `traceparent`, `ce_rawref`."""


class Subscriber(Generic[Data]):
    """Iterates over events. Use it with `with`: leaving the block leaves the group and remembers the position.

    At least once: an event counts as handled when the loop comes back for the next one, or when the block is left without an exception.
    What was handled is committed about once a second and at the end. After an exception the event at hand is delivered again, after a
    crash also those handled within the last second. Ticks, purges and `carried` are never shown. While the broker is away, iteration waits.

    One thread iterates; `close` may be called from any thread and from signal handlers.
    """

    def __init__(self, log: Log, topic: topology.Topic, options: Options, *, owns_log: bool) -> None:
        self._log = log
        self._owns_log = owns_log
        self._model = schemas.model(topic.event)
        self._options = options
        self._group = options.get("group")
        self._closing = threading.Event()
        self._left = False
        self._buffer: deque[Record] = deque()
        self._at_hand: Record | None = None
        self._handled: dict[int, int] = {}
        self._committed_at = time.monotonic()
        self._looked_at = time.monotonic()
        self._looked_for = 1
        start = _offsets(log, topic.name, options.get("start", "beginning"))
        self._subscription: Subscription = log.subscribe(topic.name, start=start, group=self._group)

    def close(self) -> None:
        """Ask for the end: the loop ends when it comes back for its next event, or within a fifth of a second when it waits for one."""
        self._closing.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._count_handled()
        self._leave()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Received[Data]:
        self._count_handled()
        self._commit_if_due()
        max_wait = self._options.get("max_wait")
        ends_at = float("inf") if max_wait is None else time.monotonic() + max_wait
        while not self._closing.is_set():
            if self._buffer:
                received = self._received(self._buffer[0])
                record = self._buffer.popleft()
                if received is not None:
                    self._at_hand = record
                    return received
                self._handled[record.partition] = record.offset + 1
            elif not self._look(ends_at - time.monotonic()) and (
                time.monotonic() >= ends_at or (self._options.get("until_end") and self._at_end())
            ):
                break
            self._commit_if_due()
        self._leave()
        raise StopIteration

    def _look(self, seconds: float) -> bool:
        """Take what has come; return whether anything has."""
        busy = max(time.monotonic() - self._looked_at, 1e-6)
        limit = min(_MOST, 2 * self._looked_for, max(1, int(self._looked_for * _TAKE_SECONDS / busy)))
        try:
            self._buffer.extend(self._subscription.poll(max(0.0, min(seconds, _SLICE_SECONDS)), limit))
        except KafkaError as error:
            if not error.retriable:
                raise BrokerError(
                    f"reading failed ({type(error).__name__}: {error}); read on from the group's position"
                ) from error
            _LOG.warning("the broker does not answer; trying again", error=str(error))
            self._closing.wait(_SLICE_SECONDS)
        self._looked_at = time.monotonic()
        self._looked_for = max(1, len(self._buffer))
        return bool(self._buffer)

    def _at_end(self) -> bool:
        try:
            return self._subscription.at_end()
        except (KafkaError, BrokerError) as error:
            _LOG.warning("the broker does not say where the end is; asking again", error=str(error))
            return False

    def _received(self, record: Record) -> Received[Any] | None:
        """Return what to give for a record, None for nothing."""
        if is_control(record) or (record.value is None and not self._options.get("tombstones")):
            return None
        headers = dict(record.headers)
        try:
            event = None if record.value is None else decode(record)
            data = None if event is None else self._model.from_data(event.data)
        except (Reject, ValidationError) as error:
            where = f"{record.topic}/{record.partition}/{record.offset}"
            if self._options.get("invalid", "raise") == "skip":
                _LOG.warning("a record breaks the contract; going on", record=where, error=str(error))
                return None
            raise ContractError(
                f"{where} breaks the contract: {error}. Give invalid='skip' to go on behind such records"
            ) from error
        return Received(
            data=data,
            id=event.id if event is not None else headers.get("ce_id", b"").decode(errors="replace"),
            time=utc_from_ms(record.timestamp_ms),
            recorded_at=recorded_time(headers.get("ce_recordedtime")),
            key=(record.key or b"").decode(errors="replace"),
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            headers=headers,
        )

    def _count_handled(self) -> None:
        if self._at_hand is not None:
            self._handled[self._at_hand.partition] = self._at_hand.offset + 1
            self._at_hand = None

    def _commit_if_due(self) -> None:
        if time.monotonic() - self._committed_at >= _COMMIT_SECONDS:
            self._commit()

    def _commit(self) -> None:
        if self._group is not None and self._handled:
            try:
                self._subscription.commit(self._handled)
                self._handled = {}
            except KafkaError as error:
                # Nothing is lost by it: what stays uncommitted is committed later, or delivered again.
                _LOG.warning(
                    "the position could not be committed", group=self._group, error=str(error) or repr(error)
                )
        self._committed_at = time.monotonic()

    def _leave(self) -> None:
        if not self._left:
            self._left = True
            self._closing.set()
            self._commit()
            self._subscription.close()
            if self._owns_log:
                self._log.close()


def _offsets(log: Log, topic: str, start: Start) -> Mapping[int, int] | None:
    match start:
        case "beginning":
            return None
        case "end":
            return log.end_offsets(topic)
        case datetime():
            if start.tzinfo is None:
                raise UsageError(f"start={start!r} names no instant: give it a time zone, e.g. tzinfo=UTC")
            return log.offsets_at(topic, int(start.timestamp() * 1000))
        case Mapping():
            wrong = start.keys() - log.end_offsets(topic).keys()
            if wrong or any(offset < 0 for offset in start.values()):
                raise UsageError(
                    f"start={dict(start)}: there is no such partition of {topic}, or an offset is negative"
                )
            return start
    raise UsageError(f"start={start!r}: give 'beginning', 'end', a datetime, or partition -> offset")
