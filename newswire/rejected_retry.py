"""Retrying dead letters: the originals are published again where they were read from, each compared with what is still kept there."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from newswire import topology
from newswire.envelope import RETRY_OF, means_control
from newswire.log.contract import Log, Outgoing, Record
from newswire.rejected import DeadLetter
from newswire.scan import scan
from schemas.core.lineage import RecordRef

_WRITER: Final = "newswire.rejected.retry"
"""One id for all who retry: a second one fences the first, so that a letter cannot be retried by two at once."""
_LOT_LETTERS: Final = 500
_LOT_BYTES: Final = 4 * 1024 * 1024
_APART: Final = 1_000
"""Originals that lie further apart than so many records are read one by one: in between nothing is wanted."""
_Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Retried:
    """A letter whose original was published again, and acknowledged."""

    letter: RecordRef
    """The letter."""
    to: RecordRef
    """Where the original stands now, to be read again."""


@dataclass(frozen=True, slots=True)
class NotRetried:
    """A letter that was left alone."""

    letter: RecordRef
    """The letter."""
    why: str
    """Why, and what to do instead."""


def retry(log: Log, letters: Iterable[DeadLetter], *, force: bool = False) -> Iterator[Retried | NotRetried]:
    """Publish the originals again, byte for byte, on the topic and partition they were read from; yield what became of each letter.

    They carry one more header, `ce_retryof`, that names the letter. What a stage's input gets again keeps its raw record, whose fate
    becomes what comes of it; a raw record published again is a new raw record, and the old one stays rejected. Refused are letters of
    sources (nothing was published of them), letters that are not of the record they name, originals that are no longer kept whole, purges
    and ticks, and, unless `force`, what was retried before.

    Letters are taken in lots of at most 500, or 4 MiB of originals and one more: no more than that is held, and each is one transaction.
    When one fails, BrokerError says so, and what was written before it stays written.
    """
    # The writer first: whoever retried under its id before us has written, or never will.
    writer = log.writer(_WRITER)
    try:
        partitions, retries, seen = log.topics(), _Retries(log), set[tuple[int, int]]()
        for lot in _lots(letters, seen):
            kept = _kept(log, partitions, lot)
            again: list[tuple[RecordRef, Outgoing]] = []
            for letter in lot:
                before = None if force else retries.of(letter, partitions)
                made = (
                    f"it was retried before, as {before}" if before else _original(letter, partitions, kept)
                )
                if isinstance(made, str):
                    yield NotRetried(letter.ref, made)
                else:
                    again.append((letter.ref, made))
            offsets = writer.write([made for _, made in again]) if again else []
            for (ref, made), offset in zip(again, offsets, strict=True):
                yield Retried(ref, RecordRef(topic=made.topic, partition=made.partition, offset=offset))
    finally:
        writer.close()


def _lots(letters: Iterable[DeadLetter], seen: set[tuple[int, int]]) -> Iterator[list[DeadLetter]]:
    """Yield the letters, each once, in lots of a size that can be held together with their originals."""
    lot, size = list[DeadLetter](), 0
    for letter in letters:
        place = (letter.ref.partition, letter.ref.offset)
        if place in seen:
            continue
        seen.add(place)
        lot.append(letter)
        size += max(letter.letter.original.size, len(letter.value or b""))
        if len(lot) >= _LOT_LETTERS or size >= _LOT_BYTES:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


class _Retries:
    """Where originals were published again, read as far back as letters ask for: a retry stands behind its original, in its partition."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._found: dict[str, str] = {}
        self._ends: dict[str, dict[int, int]] = {}
        self._read_from: dict[tuple[str, int], int] = {}

    def of(self, letter: DeadLetter, partitions: Mapping[str, int]) -> str | None:
        """Return where the original of a letter stands again; None where it does not."""
        at = letter.letter.input
        if at is None or at.topic not in _inputs() or at.partition >= partitions.get(at.topic, 0):
            return None
        if at.topic not in self._ends:
            self._ends[at.topic] = self._log.end_offsets(at.topic, committed=False)
        place = (at.topic, at.partition)
        known_from = self._read_from.get(place, self._ends[at.topic].get(at.partition, 0))
        if at.offset < known_from:
            between = scan(self._log, at.topic, {at.partition: known_from}, {at.partition: at.offset})
            for record in between:
                for header, value in record.headers:
                    if header == RETRY_OF:
                        where = f"{record.topic}/{record.partition}/{record.offset}"
                        self._found[value.decode(errors="replace")] = where
            self._read_from[place] = at.offset
        return self._found.get(letter.name)


def _kept(log: Log, partitions: Mapping[str, int], lot: Sequence[DeadLetter]) -> dict[_Place, Record | None]:
    """Return the records that the letters name, as far as they are kept; None for one of no size that they say."""
    sizes: dict[tuple[str, int], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for letter in lot:
        at = letter.letter.input
        if at is not None and at.topic in _inputs() and at.partition < partitions.get(at.topic, 0):
            sizes[at.topic, at.partition][at.offset].add(letter.letter.original.size)
    found: dict[_Place, Record | None] = {}
    for (topic, partition), wanted in sizes.items():
        first, end = log.first_offsets(topic)[partition], log.end_offsets(topic)[partition]
        for begin, last in _stretches(sorted(offset for offset in wanted if first <= offset < end)):
            for record in log.read(topic, partition, begin, last + 1):
                if record.offset in wanted:
                    same_size = len(record.value or b"") in wanted[record.offset]
                    found[topic, partition, record.offset] = record if same_size else None
    return found


def _stretches(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of offsets that lie close together."""
    begin = offsets[0] if offsets else 0
    for one, following in pairwise(offsets):
        if following - one > _APART:
            yield begin, one
            begin = following
    if offsets:
        yield begin, offsets[-1]


def _original(
    letter: DeadLetter, partitions: Mapping[str, int], kept: Mapping[_Place, Record | None]
) -> Outgoing | str:
    """Return the record to publish again, or why it cannot be."""
    at = letter.letter.input
    if at is None:
        what = letter.unread or "it"
        return f"the source could not read it, so nothing was published: mend {what} and publish it again with `newswire produce`"
    why = _misdirected(letter.letter.stage, at, partitions) or _not_its_own(letter, at, kept)
    if why is not None:
        return why
    made = _again(letter, kept.get((at.topic, at.partition, at.offset)), at)
    if means_control(made):
        return (
            "it tells a stage something and is no news: ask for a purge with `newswire purge`; ticks, and what is said of copies, come by "
            "themselves"
        )
    made = replace(made, headers=(*made.headers, (RETRY_OF, letter.name.encode())))
    limit = topology.topic(at.topic).max_bytes
    if made.size > limit:
        return f"it has {made.size:,} bytes with the header that marks a retry; {at.topic} takes {limit:,} at most"
    return made


def _misdirected(stage: str, at: RecordRef, partitions: Mapping[str, int]) -> str | None:
    """Return why nothing may be published where a letter says that it comes from; None where it may."""
    if at.topic not in _inputs(stage):
        return (
            f"it names {at.topic} as its input, which {stage} does not read: the letter was never one of ours"
        )
    if at.partition >= partitions.get(at.topic, 0):
        return f"there is no partition {at.partition} of {at.topic} to publish it on"
    return None


def _not_its_own(letter: DeadLetter, at: RecordRef, kept: Mapping[_Place, Record | None]) -> str | None:
    """Return why a letter is not the record's that it names, or why that cannot be told; None where it is."""
    where, place = f"{at.topic}/{at.partition}/{at.offset}", (at.topic, at.partition, at.offset)
    record = kept.get(place)
    if place in kept:
        if record is not None and _is_of(letter, record):
            return None
        return f"it is not of the record it names, {where}, which is still kept: the letter was changed, or was never one of ours"
    if letter.letter.original.truncated:
        return f"the letter holds only its beginning, and the record itself, {where}, is no longer kept: publish it again at its source"
    if letter.intact is False:
        return (
            "its bytes are not those whose SHA-256 it names: the letter was changed, or was never one of ours"
        )
    return None


def _is_of(letter: DeadLetter, record: Record) -> bool:
    """Return whether a letter is of a record: whole letters by every byte, cut ones by key and SHA-256."""
    whole = letter.letter.original
    if whole.truncated:
        return (letter.key, whole.sha256) == (record.key, hashlib.sha256(record.value or b"").hexdigest())
    return (letter.key, letter.value, letter.headers) == (record.key, record.value, record.headers)


def _again(letter: DeadLetter, record: Record | None, at: RecordRef) -> Outgoing:
    """Return what is published again: the record itself where it is kept, otherwise what the letter holds of it."""
    if record is not None:
        return Outgoing(at.topic, at.partition, record.key, record.value, record.timestamp_ms, record.headers)
    noted_ms = letter.letter.original.timestamp_ms
    timestamp_ms = noted_ms if noted_ms is not None else round(letter.time.timestamp() * 1000)
    return Outgoing(at.topic, at.partition, letter.key, letter.value, timestamp_ms, letter.headers)


def _inputs(stage: str | None = None) -> set[str]:
    """Return the topic that a stage reads, or all that stages read: whoever may write dead letters must not write elsewhere by our hand."""
    return {topology.topic(known.reads).name for known in topology.STAGES if stage in (None, known.name)}
