"""Dead letters: find them, look at one, fetch what one was made of."""

from __future__ import annotations

import base64
import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson
import structlog

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Headers, Log, Record
from newswire.scan import record_at, scan
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import RecordRef
from schemas.rejected.model import Rejected

_LOG = structlog.get_logger("newswire.rejected")
_TOPIC: Final = topology.topic("rejected").name
_LONGEST_SHOWN: Final = 100
_READ_AT_ONCE: Final = 16


class NoSuchLetterError(UsageError):
    """There is no dead letter at the place that was named."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter as it stands on its topic."""

    ref: RecordRef
    """Where it stands."""
    time: datetime
    """Record time: when the raw record was published."""
    recorded_at: datetime | None
    """When it was refused."""
    letter: Rejected
    """Who refused it and why."""

    @property
    def name(self) -> str:
        """Its coordinates as people write them: `topic/partition/offset`."""
        return f"{self.ref.topic}/{self.ref.partition}/{self.ref.offset}"

    @property
    def key(self) -> bytes | None:
        """Key of the original record."""
        return _bytes(self.letter.original.key)

    @property
    def value(self) -> bytes | None:
        """Value of the original record; only its beginning when `letter.original.truncated`."""
        return _bytes(self.letter.original.value)

    @property
    def headers(self) -> Headers:
        """Headers of the original record, in order."""
        return tuple((h.name, _bytes(h.value) or b"") for h in self.letter.original.headers)

    @property
    def unread(self) -> str:
        """Of a source's letter, what it could not read, as the source calls it: path and record, or address."""
        return self.letter.detail.split(": ", 1)[0]

    @property
    def intact(self) -> bool | None:
        """Whether the value kept is the one whose sum was noted; None where no sum was, or only the beginning is kept."""
        kept, value = self.letter.original, self.value
        if kept.sha256 is None or kept.truncated or value is None:
            return None
        return hashlib.sha256(value).hexdigest() == kept.sha256


def find(log: Log, *, last: int | None = None) -> Iterator[DeadLetter]:
    """Yield all dead letters, partition by partition, oldest first in each; `newswire.rejected_filter` selects.

    The whole topic is read, or the `last` offsets of each partition. Records on it that are no dead letters are named in a warning and
    left out.
    """
    ends = log.end_offsets(_TOPIC, committed=False)
    starts = None if last is None else {partition: end - last for partition, end in ends.items()}
    yield from _letters(scan(log, _TOPIC, ends, starts))


def _letters(records: Iterable[Record]) -> Iterator[DeadLetter]:
    for record in records:
        try:
            found = _dead_letter(record)
        except ValueError as error:
            where = f"{record.topic}/{record.partition}/{record.offset}"
            _LOG.warning("no dead letter", record=where, error=str(error))
        else:
            yield found


def find_in_time(log: Log) -> Iterator[DeadLetter]:
    """Yield all dead letters in the order in which they were refused, as far as each partition has them in that order.

    All partitions are read at once, where there are at most 16: each takes a reader. Otherwise it is as `find`.
    """
    ends = log.end_offsets(_TOPIC, committed=False)
    if len(ends) > _READ_AT_ONCE:
        yield from find(log)
        return
    parts = [_letters(scan(log, _TOPIC, {partition: end})) for partition, end in ends.items()]
    yield from heapq.merge(*parts, key=lambda letter: letter.recorded_at or letter.time)


def place_of(name: str, namespace: str = "") -> tuple[int, int]:
    """Return partition and offset of a letter that is written as `partition/offset`, or with the topic of dead letters before them.

    The topic may stand there with `namespace`, which is put before the names of topics in Kafka, or without. Raises UsageError for another
    topic, and for what is no name of a letter.
    """
    # No more digits than Kafka's own numbers have: Python does not even read a number of 5,000.
    written = re.fullmatch(r"(?:([^/]+)/)?([0-9]{1,10})/([0-9]{1,19})", name)
    shown = name if len(name) <= _LONGEST_SHOWN else name[:_LONGEST_SHOWN] + "…"
    if written is None:
        raise UsageError(
            f"{shown!r} names no dead letter: write partition/offset, as `newswire rejected list` shows it"
        )
    topic, partition, offset = written.groups()
    if topic not in (None, _TOPIC, namespace + _TOPIC):
        raise UsageError(
            f"{shown!r} is no dead letter: those are on {namespace}{_TOPIC}, and `newswire rejected list` shows them"
        )
    return int(partition), int(offset)


def get(log: Log, partition: int, offset: int) -> DeadLetter:
    """Return one dead letter. Raises NoSuchLetterError when there is none at that place."""
    record = record_at(log, _TOPIC, partition, offset)
    try:
        if record is not None:
            return _dead_letter(record)
        why = "no record is kept there"
    except ValueError as error:
        why = f"what is there is none: {error}"
    raise NoSuchLetterError(
        f"there is no dead letter {_TOPIC}/{partition}/{offset}: {why}. `newswire rejected list` shows those there are"
    )


def whole_original(log: Log, letter: DeadLetter) -> Record | None:
    """Return the record of which a letter holds only the beginning; None where it is no longer kept."""
    at = letter.letter.input
    if at is None or at.partition >= log.topics().get(at.topic, 0):
        return None
    record = record_at(log, at.topic, at.partition, at.offset)
    sum_of = None if record is None else hashlib.sha256(record.value or b"").hexdigest()
    return record if sum_of == letter.letter.original.sha256 else None


def _dead_letter(record: Record) -> DeadLetter:
    """Return the dead letter on a record. Raises ValueError when it is none: anybody who may write to the topic can put anything there."""
    headers = dict(record.headers)
    found = DeadLetter(
        ref=RecordRef(topic=record.topic, partition=record.partition, offset=record.offset),
        time=utc_from_ms(record.timestamp_ms),
        recorded_at=recorded_time(headers.get("ce_recordedtime")),
        letter=Rejected.from_data(orjson.loads(record.value or b"")),
    )
    # Read once here, so that what is not in base64 is known before anything is done with it.
    _ = found.key, found.value, found.headers
    return found


def recorded_time(header: bytes | None) -> datetime | None:
    """Return the instant of a `ce_recordedtime` header, None where there is none that can be read."""
    try:
        moment = datetime.fromisoformat((header or b"").decode(errors="replace"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bytes(content: str | None) -> bytes | None:
    return None if content is None else base64.b64decode(content, validate=True)
