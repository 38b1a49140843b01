"""Dead letters: find them, look at one, retry them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import orjson
import structlog

from newswire import topology
from newswire.envelope import RETRY_OF
from newswire.errors import UsageError
from newswire.log.contract import Headers, Log, Outgoing, Record
from newswire.scan import record_at, scan
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import RecordRef
from schemas.rejected.model import Rejected

_LOG = structlog.get_logger("newswire.rejected")
_TOPIC: Final = topology.topic("rejected").name
_WRITER: Final = "newswire.rejected.retry"
"""One id for all who retry: a second one fences the first, so that a letter cannot be retried by two at once."""
_BATCH_RECORDS: Final = 500
_BATCH_BYTES: Final = 4 * 1024 * 1024


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
    def intact(self) -> bool | None:
        """Whether the value kept is the one whose sum was noted; None where no sum was, or only the beginning is kept."""
        kept, value = self.letter.original, self.value
        if kept.sha256 is None or kept.truncated or value is None:
            return None
        return hashlib.sha256(value).hexdigest() == kept.sha256


@dataclass(frozen=True, slots=True)
class Retried:
    """A letter whose original was published again."""

    letter: DeadLetter
    """The letter."""
    to: RecordRef
    """Where the original stands now, to be read again."""


@dataclass(frozen=True, slots=True)
class NotRetried:
    """A letter that was not retried."""

    letter: DeadLetter
    """The letter."""
    why: str
    """Why not, and what to do instead."""


@dataclass(frozen=True, slots=True)
class RetryReport:
    """What became of the letters that were to be retried."""

    retried: tuple[Retried, ...]
    """Published again, all of them acknowledged."""
    refused: tuple[NotRetried, ...]
    """Left alone."""


def find(
    log: Log,
    *,
    reason: str | None = None,
    stage: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[DeadLetter]:
    """Yield the dead letters that match all that is given, partition by partition, oldest first in each.

    `since` (included) and `until` (not) are instants at which records were refused. The whole topic is read. Records on it that are no
    dead letters are named in a warning and left out.
    """
    for record in scan(log, _TOPIC, log.end_offsets(_TOPIC, committed=False)):
        try:
            found = _dead_letter(record)
        except ValueError as error:
            where = f"{record.topic}/{record.partition}/{record.offset}"
            _LOG.warning("no dead letter", record=where, error=str(error))
            continue
        refused_at = found.recorded_at or found.time
        if (
            reason in (None, found.letter.reason)
            and stage in (None, found.letter.stage)
            and source in (None, found.letter.source)
            and (since is None or refused_at >= since)
            and (until is None or refused_at < until)
        ):
            yield found


def get(log: Log, partition: int, offset: int) -> DeadLetter:
    """Return one dead letter. Raises UsageError when there is none at that place."""
    record = record_at(log, _TOPIC, partition, offset)
    try:
        if record is not None:
            return _dead_letter(record)
        why = "no record is kept there"
    except ValueError as error:
        why = f"what is there is none: {error}"
    raise UsageError(
        f"there is no dead letter {_TOPIC}/{partition}/{offset}: {why}. `newswire rejected list` shows those there are"
    )


def retry(log: Log, letters: Iterable[DeadLetter], *, force: bool = False) -> RetryReport:
    """Publish the originals again, byte for byte, on the topic and partition they were read from.

    They carry one more header, `ce_retryof`, that names the letter. What a stage's input gets again keeps its raw record, whose fate
    becomes what comes of it; a raw record published again is a new raw record, and the old one stays rejected. Refused are letters of
    sources (nothing was published of them), originals that are no longer kept whole, and, unless `force`, what was retried before.

    Written in transactions of at most 500 records; when one fails, BrokerError says so, and what was written before it stays written.
    """
    wanted = {letter.name: letter for letter in letters}
    # The writer first: whoever retried under its id before us has written, or never will.
    writer = log.writer(_WRITER)
    try:
        done = {} if force else _retried(log, wanted)
        refused: list[NotRetried] = []
        again: list[tuple[DeadLetter, Outgoing]] = []
        for name, letter in wanted.items():
            made = f"it was retried before, as {done[name]}" if name in done else _original(log, letter)
            if isinstance(made, str):
                refused.append(NotRetried(letter, made))
            else:
                again.append((letter, made))
        retried = [
            Retried(letter, RecordRef(topic=made.topic, partition=made.partition, offset=offset))
            for batch in _batches(again)
            for (letter, made), offset in zip(batch, writer.write([made for _, made in batch]), strict=True)
        ]
    finally:
        writer.close()
    return RetryReport(tuple(retried), tuple(refused))


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


def _retried(log: Log, wanted: dict[str, DeadLetter]) -> dict[str, str]:
    """Return where the originals of letters were published again: letter -> record. A retry stands after the original."""
    found: dict[str, str] = {}
    starts: dict[str, dict[int, int]] = {}
    for letter in wanted.values():
        at = letter.letter.input
        if at is not None and at.topic in log.topics():
            first = starts.setdefault(at.topic, {})
            first[at.partition] = min(first.get(at.partition, at.offset), at.offset)
    for topic, first in starts.items():
        ends = log.end_offsets(topic, committed=False)
        for record in scan(log, topic, {p: ends[p] for p in first if p in ends}, first):
            for header, value in record.headers:
                name = value.decode(errors="replace")
                if header == RETRY_OF and name in wanted:
                    found[name] = f"{record.topic}/{record.partition}/{record.offset}"
    return found


def _original(log: Log, letter: DeadLetter) -> Outgoing | str:
    """Return the record to publish again, or why it cannot be."""
    at, kept = letter.letter.input, letter.letter.original
    if at is None:
        what = (letter.letter.detail.split(": ", 1)[0]) or "it"
        return f"the source could not read it, so nothing was published: mend {what} and publish it again with `newswire produce`"
    if at.topic not in _inputs(letter.letter.stage):
        return f"it names {at.topic} as its input, which {letter.letter.stage} does not read: the letter was never one of ours"
    if at.partition >= log.topics().get(at.topic, 0):
        return f"there is no partition {at.partition} of {at.topic} to publish it on"
    key, value, headers = letter.key, letter.value, letter.headers
    if letter.intact is False:
        return (
            "its bytes are not those whose SHA-256 it names: the letter was changed, or was never one of ours"
        )
    if kept.truncated:
        record = whole_original(log, letter)
        if record is None:
            where = f"{at.topic}/{at.partition}/{at.offset}"
            return f"the letter holds only its beginning, and the record itself, {where}, is no longer kept: publish it again at its source"
        key, value, headers = record.key, record.value, record.headers
    timestamp_ms = (
        kept.timestamp_ms if kept.timestamp_ms is not None else round(letter.time.timestamp() * 1000)
    )
    made = Outgoing(
        at.topic, at.partition, key, value, timestamp_ms, (*headers, (RETRY_OF, letter.name.encode()))
    )
    limit = topology.topic(at.topic).max_bytes
    if made.size > limit:
        return f"it has {made.size:,} bytes with the header that marks a retry; {at.topic} takes {limit:,} at most"
    return made


def _inputs(stage: str) -> set[str]:
    """Return the topic that a stage reads: whoever may write dead letters must not write elsewhere by our hand."""
    return {topology.topic(known.reads).name for known in topology.STAGES if known.name == stage}


def _batches(again: list[tuple[DeadLetter, Outgoing]]) -> Iterator[list[tuple[DeadLetter, Outgoing]]]:
    count = size = number = 0

    def batch_of(pair: tuple[DeadLetter, Outgoing]) -> int:
        nonlocal count, size, number
        count, size = count + 1, size + pair[1].size
        if count > _BATCH_RECORDS or size > _BATCH_BYTES:
            count, size, number = 1, pair[1].size, number + 1
        return number

    for _, batch in groupby(again, batch_of):
        yield list(batch)
