"""The stage's index in memory, derived from its state: clock, origins, who holds which shingle, who waits."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import orjson

from consumers import packing
from consumers.clock import STEPS_A_DAY, STEPS_AN_HOUR, Clock
from consumers.deduplicate import record, waiting
from consumers.deduplicate.names import headline_key
from consumers.deduplicate.places import guid_in
from consumers.deduplicate.record import Known, Status
from consumers.deduplicate.rules import Rules
from consumers.deduplicate.sketch import Sketch
from consumers.deduplicate.table import Row, Table, content_key
from newswire.state.contract import State
from schemas.core.source import Source

_ORIGIN: Final = "o"


@dataclass(slots=True)
class Memory:
    """Everything here follows from the state; `build` makes it anew."""

    rules: Rules
    """Windows."""
    clock: Clock
    """The stage's time."""
    window: Table = field(default_factory=Table)
    """The published articles that others may be copies of."""
    waiting: waiting.Room = field(default_factory=waiting.Room)
    """Captures under embargo."""
    remains: set[str] = field(default_factory=set)
    """Keys of what purged articles are known again by (see `remains`)."""
    _origins: list[tuple[Source, str]] = field(default_factory=list)
    _origin_numbers: dict[tuple[Source, str], int] = field(default_factory=dict)

    @classmethod
    def build(cls, rules: Rules, state: State) -> Memory:
        """Return the index of a state."""
        memory = cls(rules, Clock(state))
        for _, value in state.scan(_ORIGIN):
            memory._add_origin(*_read_origin(value))
        memory.window = Table.build(memory._rows(state))
        memory.waiting = waiting.Room.build(state)
        memory.remains = {key for key, _ in state.scan(record.REMAINS)}
        return memory

    def advance(self, now_ms: int, state: State) -> None:
        """Move the clock and forget what has become too old."""
        sweeps = self.clock.advance(now_ms, state)
        if sweeps is None:
            return
        self.window.expire(self._oldest_compared())
        for first in sweeps:
            self._sweep(first, state)

    def save(self, known: Known, before: Known | None, state: State) -> None:
        """Write what is now known of an article and keep the index in step."""
        state.put(record.state_key(known.article_id), known.pack())
        if before is not None and before.sketch:
            self.window.leave(before.article_id)
        if known.sketch and known.seen_step > self._oldest_compared():
            self.window.enter(self._row(known, known.sketch))

    def refresh(self, known: Known, state: State) -> None:
        """Note that an article, or a copy of it, was seen again."""
        if self.clock.step - known.seen_step >= self.rules.refresh_hours * STEPS_AN_HOUR:
            self.save(known.seen_at(self.clock.step), known, state)

    def origin(self, source: Source, raw_topic: str, state: State) -> int:
        """Return the number of a source and raw topic; a new one is written to the state."""
        number = self._origin_numbers.get((source, raw_topic))
        if number is None:
            number = self._add_origin(source, raw_topic)
            state.put(f"{_ORIGIN}{number:06d}", orjson.dumps([source.to_data(), raw_topic]))
        return number

    def origin_of(self, known: Known) -> tuple[Source, str]:
        """Return source and raw topic of an article's present content."""
        return self._origins[known.origin]

    def origins_of(self, wanted: Callable[[Source], bool]) -> set[int]:
        """Return the numbers of the sources that are wanted."""
        return {number for number, (source, _) in enumerate(self._origins) if wanted(source)}

    def _add_origin(self, source: Source, raw_topic: str) -> int:
        self._origins.append((source, raw_topic))
        self._origin_numbers[source, raw_topic] = len(self._origins) - 1
        return len(self._origins) - 1

    def _oldest_compared(self) -> int:
        return self.clock.step - self.rules.window_hours * STEPS_AN_HOUR

    def _rows(self, state: State) -> Iterator[Row]:
        oldest = self._oldest_compared()
        for key, value in state.scan(record.PREFIX):
            _, seen_step = Known.peek(value)
            if seen_step > oldest:
                known = Known.unpack(record.article_id_of(key), value)
                if known.sketch:
                    yield self._row(known, known.sketch)

    def _row(self, known: Known, sketch: Sketch) -> Row:
        return Row(
            known.article_id,
            known.seen_step,
            sketch.keys,
            content_key(known.content_hash),
            sketch.threshold,
            guid_in(known.place),
            headline_key(self.origin_of(known)[0].name, known.headline),
        )

    def _sweep(self, first: str, state: State) -> None:
        """Delete what is too old from one of 64 slices of the state, so that no step has much to do."""
        days = {Status.WITHDRAWN: self.rules.withdrawn_days}
        old = []
        for key, value in state.scan(record.PREFIX + first):
            status, seen_step = Known.peek(value)
            keep = days.get(status, self.rules.identity_days) * STEPS_A_DAY
            if seen_step < self.clock.step - keep and self.waiting.of(record.article_id_of(key)) is None:
                old.append(key)  # of one that waits the next revision is still to come
        old += [  # other ids go with what they lead to, and notices with what they are about
            key
            for key, value in state.scan(record.ALIAS + first)
            if state.get(record.PREFIX + packing.short_raw(value)) is None
        ]
        old += [
            key
            for key, _ in state.scan(record.NOTICE + first)
            if state.get(record.PREFIX + key[len(record.NOTICE) :]) is None
        ]
        old += [
            key
            for key, value in state.scan(record.REMAINS + first)
            if value.endswith(record.KILLED, 16)
            and state.get(record.PREFIX + packing.short_raw(value[:16])) is None
        ]
        for key in old:
            state.delete(key)
        self.remains.difference_update(old)


def load(state: State, article_id: str) -> Known | None:
    """Return what is known of an article, or None."""
    value = state.get(record.state_key(article_id))
    return None if value is None else _unpacked(article_id, value)


@functools.lru_cache(maxsize=4096)
def _unpacked(article_id: str, value: bytes) -> Known:
    """Read what is known of an article: those of the day's stories and templates are asked for again and again."""
    return Known.unpack(article_id, value)


def _read_origin(value: bytes) -> tuple[Source, str]:
    source, raw_topic = orjson.loads(value)
    return Source.from_data(source), raw_topic
