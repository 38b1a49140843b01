"""The waiting room: captures under embargo, whole, until they may be published."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson

from consumers import packing
from consumers.deduplicate import versions
from newswire.state.contract import State
from schemas.core.lineage import RecordRef

NO_TIME: Final = 1 << 62
"""Milliseconds since 1970 that never come: only the publisher knows when it may be published."""
MOST_AT_ONCE: Final = 1_000
"""Articles whose waiting ends with one record; the next one goes on. All might take longer than a transaction may."""
_HEAD: Final = "w"
_CAPTURE: Final = "x"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one article."""

    until_ms: int
    """When it may be published, as its latest capture says, or its newest version."""
    captures: int
    """How many captures wait."""
    content_hash: str
    """Of the last capture."""
    order: versions.Order | None = None
    """Of the newest version of an agency's item."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture that waited."""

    data: Mapping[str, Any]
    """The normalized event; without body and summary where the capture before has the same content."""
    used: RecordRef
    """The record that brought it."""


@dataclass(slots=True)
class Room:
    """All that waits in this partition."""

    _articles: dict[str, Waiting] = field(default_factory=dict)
    # A heap; an entry is stale when the article has another time, and may stand there twice when it has its first time again.
    _queue: list[tuple[int, str]] = field(default_factory=list)

    @classmethod
    def build(cls, state: State) -> Room:
        """Return the room of a state."""
        room = cls()
        for key, value in state.scan(_HEAD):
            head = packing.Reader(value)
            waits = Waiting(head.number(), head.number(), head.text())
            if not head.at_end():
                waits = replace(waits, order=versions.unpack(head))
            room._articles[packing.long(key[len(_HEAD) :])] = waits
        room._queue = [(waits.until_ms, article_id) for article_id, waits in room._articles.items()]
        heapq.heapify(room._queue)
        return room

    def of(self, article_id: str) -> Waiting | None:
        """Return what waits of an article, or None."""
        return self._articles.get(article_id)

    def ids(self) -> list[str]:
        """Return the articles that wait, in the order of their ids."""
        return sorted(self._articles)

    def captures(self, article_id: str, state: State) -> list[Capture]:
        """Return an article's captures without taking them out."""
        captures = []
        for number in range(self._articles[article_id].captures):
            data, used = orjson.loads(state.get(_capture_key(article_id, number)) or b"null")
            captures.append(Capture(data, RecordRef.from_data(used)))
        return captures

    def due(self, now_ms: int) -> list[str]:
        """Return the articles that may be published, in the order of their time, then of their ids; at most `MOST_AT_ONCE`."""
        ready: list[tuple[int, str]] = []
        while self._queue and self._queue[0][0] <= now_ms and len(ready) < MOST_AT_ONCE:
            entry = heapq.heappop(self._queue)
            if not self._is_stale(*entry) and entry not in ready[-1:]:
                ready.append(entry)
        for entry in ready:  # they wait until they are taken out
            heapq.heappush(self._queue, entry)
        return [article_id for _, article_id in ready]

    def add(
        self,
        article_id: str,
        until_ms: int,
        data: Mapping[str, Any],
        used: RecordRef,
        state: State,
        *,
        order: versions.Order | None = None,
    ) -> None:
        """Let a capture wait. Its time holds for the earlier ones of the same article too: the last word counts.

        With an `order` (of an agency's version) the newest version has the last word, whenever it comes.
        """
        before = self._articles.get(article_id)
        number = before.captures if before else 0
        content_hash = data["content_hash"]
        newest = order
        if before and versions.is_before(order, before.order):
            until_ms, newest = before.until_ms, before.order
        if before and before.content_hash == content_hash and order is None:
            data = {key: value for key, value in data.items() if key != "summary"} | {"sections": []}
        state.put(_capture_key(article_id, number), orjson.dumps([data, used.to_data()]))
        now = Waiting(until_ms, number + 1, content_hash, newest)
        head = packing.number(until_ms) + packing.number(now.captures) + packing.text(content_hash, 64)
        head += versions.pack(newest) if newest is not None else b""
        state.put(_HEAD + packing.short(article_id), head)
        self._articles[article_id] = now
        if before is None or before.until_ms != until_ms:
            heapq.heappush(self._queue, (until_ms, article_id))

    def take(self, article_id: str, state: State) -> list[Capture]:
        """Take an article's captures out, in the order in which they came."""
        waited = self._articles.pop(article_id)
        captures = []
        for number in range(waited.captures):
            key = _capture_key(article_id, number)
            value = state.get(key)
            assert value is not None, "the head counts the captures that were put"
            data, used = orjson.loads(value)
            captures.append(Capture(data, RecordRef.from_data(used)))
            state.delete(key)
        state.delete(_HEAD + packing.short(article_id))
        return captures

    def _is_stale(self, until_ms: int, article_id: str) -> bool:
        waits = self._articles.get(article_id)
        return waits is None or waits.until_ms != until_ms


def _capture_key(article_id: str, number: int) -> str:
    return f"{_CAPTURE}{packing.short(article_id)}/{number:06d}"
