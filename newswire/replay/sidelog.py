"""What the stage loop reads and writes in a replay: an input that ends, and side topics under the names of the live ones."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from newswire import topology
from newswire.envelope import raw_ref, rfc3339
from newswire.log.contract import Log, Outgoing, Record, Subscription, TopicSpec, Window, WindowLimits, Writer
from newswire.replay import names
from newswire.replay.selection import origin
from newswire.snapshot import RawRef


class SideLog:
    """`Log` for a stage in a replay: the names it knows stand for side topics, which have as many partitions as the live ones."""

    def __init__(self, live: Log, name: str) -> None:
        self._live = live
        self._name = name

    def create(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Create side topics."""
        return self._live.create([replace(spec, name=self._of(spec.name)) for spec in topics])

    def delete(self, topics: Sequence[str]) -> None:
        """Delete side topics."""
        self._live.delete([self._of(topic) for topic in topics])

    def topics(self) -> dict[str, int]:
        """Return the side topics under the names of the live ones."""
        before = names.lane(self._name)
        return {
            topic.removeprefix(before): count
            for topic, count in self._live.topics().items()
            if topic.startswith(before)
        }

    def _of(self, topic: str) -> str:
        return names.side(self._name, topic)

    def identity(self, topic: str) -> str:
        """Return the side topic's id."""
        return self._live.identity(self._of(topic))

    def first_offsets(self, topic: str) -> dict[int, int]:
        """Return the side topic's first offsets."""
        return self._live.first_offsets(self._of(topic))

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        """Return the side topic's ends."""
        return self._live.end_offsets(self._of(topic), committed=committed)

    def offsets_at(self, topic: str, timestamp_ms: int) -> dict[int, int]:
        """Return the side topic's offsets at a time."""
        return self._live.offsets_at(self._of(topic), timestamp_ms)

    def group_offsets(self, group: str, topic: str) -> dict[int, int]:
        """Return nothing: a replay has no groups."""
        del group, topic
        return {}

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield the side topic's records, under the live topic's name."""
        for record in self._live.read(self._of(topic), partition, start, end):
            yield replace(record, topic=topic)

    def slot(self, *, topic: str, group: str, slot_id: str) -> ReplaySlot:
        """Refuse: a replay reads what it is given."""
        raise NotImplementedError("a replay joins no group")

    def writer(self, writer_id: str) -> Writer:
        """Return a writer of the log beneath; it knows no side topics."""
        return self._live.writer(writer_id)

    def subscribe(
        self, topic: str, *, start: Mapping[int, int] | None, group: str | None = None
    ) -> Subscription:
        """Follow a side topic."""
        return self._live.subscribe(self._of(topic), start=start, group=group)

    def close(self) -> None:
        """Do nothing: the log beneath is somebody else's."""


class ReplaySlot:
    """`Slot` over an input that ends: all partitions, merged by the time of capture, results marked apart from their context."""

    def __init__(
        self,
        log: Log,
        topic: str,
        ends: Mapping[int, int],
        write: Callable[[Sequence[Outgoing]], list[int]],
        *,
        takes: Callable[[Record], tuple[bool, bool]],
    ) -> None:
        self._partitions = frozenset(ends)
        self._records = heapq.merge(*(_read(log, topic, p, end) for p, end in ends.items()), key=_time)
        self._write = write
        self._takes = takes
        self._results: set[RawRef] = set()
        self._again: deque[Record] = deque()
        self._window: list[Record] = []
        self._waiting: dict[int, list[Record]] = {}
        self.ended = False
        """Whether all of the input has been given out and taken."""

    def partitions(self) -> frozenset[int]:
        """Return all partitions."""
        return self._partitions

    def membership(self) -> object:
        """Return what never changes."""
        return 0

    def poll(self, limits: WindowLimits, idle_seconds: float) -> Window | None:
        """Return the next window; None at the end, and while all that is left waits."""
        taken: list[Record] = []
        size = 0
        while len(taken) < limits.records and size < limits.bytes:
            record = self._again.popleft() if self._again else self._next()
            if record is None:
                break
            if record.partition in self._waiting:
                self._waiting[record.partition].append(record)
            else:
                taken.append(record)
                size += record.size
        self._window = taken
        if not taken:
            self.ended = not self._waiting
            if not self.ended:
                time.sleep(min(idle_seconds, 0.05))
        return Window(taken, 0) if taken else None

    def _next(self) -> Record | None:
        for record in self._records:
            takes, result = self._takes(record)
            if result and (ref := origin(record)) is not None:
                self._results.add(ref)
            if takes:
                return record
        return None

    def commit(self, window: Window, outputs: Sequence[Outgoing], offsets: Mapping[int, int]) -> list[int]:
        """Write outputs."""
        del window, offsets
        return self._write([self._marked(out) for out in outputs])

    def _marked(self, out: Outgoing) -> Outgoing:
        if out.topic not in _EVENTS or raw_ref(dict(out.headers)) in self._results:
            return out
        return replace(out, headers=(*out.headers, (names.CONTEXT, b"1")))

    def rewind(self) -> None:
        """Do nothing: nobody else takes partitions."""

    def hold(self, partition: int, offset: int) -> None:
        """Keep back what the window has of a partition from an offset on, and what follows."""
        self._waiting[partition] = [
            record for record in self._window if record.partition == partition and record.offset >= offset
        ]

    def resume(self, partition: int) -> None:
        """Give out again what was kept back."""
        self._again.extendleft(reversed(self._waiting.pop(partition, [])))

    def keep_alive(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


_EVENTS = frozenset(topic.name for topic in topology.TOPICS)


def _read(log: Log, topic: str, partition: int, end: int) -> Iterator[Record]:
    first = log.first_offsets(topic).get(partition, 0)
    return itertools.chain() if first >= end else log.read(topic, partition, first, end)


def _time(record: Record) -> bytes:
    said = next((value for name, value in record.headers if name == "ce_time"), None)
    return said or rfc3339(record.timestamp_ms)
