"""Bringing a local copy of state up to its changelog, or finding out that it is no copy of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import structlog

from newswire.log.contract import Log, Record
from newswire.state.store import Mark, Store

_LOG = structlog.get_logger("newswire.stage")
_BATCH: Final = 5_000
MAX_AGE_SECONDS: Final = 12 * 3600.0
"""A local file older than this is rebuilt: compaction removes tombstones after `delete.retention.ms` (a day), and a file that missed one
would keep a deleted key for ever."""
_CLOCK_SLACK_SECONDS: Final = 60.0


def catch_up(
    log: Log,
    changelog: str,
    store: Store,
    partition: int,
    *,
    end: int,
    alive: Callable[[], None],
    at_most: int | None = None,
) -> int:
    """Make the store complete up to before the changelog's end, offset `end`; return how many records were read for it.

    With `at_most` it comes only that many offsets nearer.

    A store that does not fit is rebuilt: too old, ahead of the changelog, or of another history than the changelog now has (a broker that
    was restored from a backup has the same topic with other records). `alive` is called every few records, and may raise to interrupt;
    what was read until then is kept.
    """
    first = log.first_offsets(changelog)[partition]
    began = time.time()
    why = _misfit(store, first, end, began)
    if why is None:
        part = _Part.of(store, first, end, at_most, began)
        read = _replay(log.read(changelog, partition, part.start, part.end), store, part, alive)
        if read is not None:
            return read
        why = "the changelog has another history"
    _LOG.warning("local state does not fit the changelog; rebuilding it", store=str(store.path), why=why)
    store.wipe()
    part = _Part.of(store, first, end, at_most, began)
    return _replay(log.read(changelog, partition, part.start, part.end), store, part, alive) or 0


@dataclass(frozen=True, slots=True)
class _Part:
    """What is to be read of the changelog, and as of when the store is complete: while something is left of what was there, then.

    A tombstone stays for a day after compaction has first seen it, so a store that was begun or complete within that time misses none.
    """

    start: int
    end: int
    as_of: float
    as_of_end: float

    @classmethod
    def of(cls, store: Store, first: int, end: int, at_most: int | None, now: float) -> _Part:
        """Return what is to be read for this store."""
        start = max(first, store.next_offset if store.last is None else store.last.offset)
        upto = end if at_most is None else min(end, max(start, store.next_offset) + at_most)
        before = store.as_of or now
        return cls(start, upto, before, now if upto == end else before)


def _misfit(store: Store, first: int, end: int, now: float) -> str | None:
    if store.next_offset > end:
        return f"it goes up to offset {store.next_offset}, the changelog only to {end}"
    if 0 < store.next_offset < first:
        return f"it goes up to offset {store.next_offset}, the changelog begins at {first}"
    # A time in the future was written by a wrong clock: nothing is known of the file's age.
    if store.next_offset and not -_CLOCK_SLACK_SECONDS <= now - store.as_of <= MAX_AGE_SECONDS:
        return "it is too old"
    return None


def _replay(records: Iterator[Record], store: Store, part: _Part, alive: Callable[[], None]) -> int | None:
    """Apply what the store does not have; return how much that was, None when the changelog is not the one that the store was made of.

    Reading begins at the last record that the store has. It is there and the same, or compaction has removed it for a later one of its key.
    """
    known = store.last
    changes: dict[str, bytes | None] = {}
    count, last = 0, known
    for record in records:
        mark = Mark.of(record.offset, record.key, record.value)
        if known is not None:
            if record.offset == known.offset:
                if mark != known:
                    return None
                known = None
                continue
            if mark.key == known.key:
                known = None
        if record.offset < store.next_offset:
            # The store has it already as what came of it: only the last record was noted.
            return None
        changes[mark.key] = record.value
        count, last = count + 1, mark
        if len(changes) >= _BATCH:
            # Until the last known record is found again it stays the one that is looked for, also after an interruption.
            store.apply(changes, record.offset + 1, last=last if known is None else None, as_of=part.as_of)
            changes = {}
        alive()
    if known is not None:
        return None
    store.apply(changes, part.end, last=last, as_of=part.as_of_end)
    return count
