"""A log in memory: the same promises as Kafka's, for trying out handlers and for tests that need no broker."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newswire.errors import BrokerError, StageError
from newswire.log.contract import Moved, Outgoing, Record, TopicSpec, Window, WindowLimits


@dataclass
class _Group:
    """A consumer group: who is in it, what was committed."""

    members: dict[str, MemorySlot] = field(default_factory=dict)
    generation: int = 0
    committed: dict[tuple[str, int], int] = field(default_factory=dict)


class MemoryLog:
    """`Log` in memory. Thread-safe; everything is gone with the object."""

    def __init__(self) -> None:
        self._topics: dict[str, list[list[Record]]] = {}
        self._identities: dict[str, str] = {}
        self._groups: dict[str, _Group] = {}
        self._writers: dict[str, object] = {}
        self._changed = threading.Condition()

    def create(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Create missing topics."""
        with self._changed:
            missing = [spec for spec in topics if spec.name not in self._topics]
            for spec in missing:
                self._topics[spec.name] = [[] for _ in range(spec.partitions)]
                self._identities[spec.name] = uuid.uuid4().hex
            return [spec.name for spec in missing]

    def delete(self, topics: Sequence[str]) -> None:
        """Delete topics."""
        with self._changed:
            for name in topics:
                self._topics.pop(name, None)
                self._identities.pop(name, None)

    def topics(self) -> dict[str, int]:
        """Return topics and partition counts."""
        return {name: len(partitions) for name, partitions in self._topics.items()}

    def identity(self, topic: str) -> str:
        """Return the topic's id."""
        self._partitions(topic)
        return self._identities[topic]

    def _partitions(self, topic: str) -> list[list[Record]]:
        try:
            return self._topics[topic]
        except KeyError:
            raise BrokerError(
                f"there is no topic {topic}: make the topics with `newswire topics create`"
            ) from None

    def first_offsets(self, topic: str) -> dict[int, int]:
        """Return zeros: nothing is ever dropped."""
        return dict.fromkeys(range(len(self._partitions(topic))), 0)

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        """Return lengths: only whole transactions are ever in the log."""
        del committed
        return {n: len(records) for n, records in enumerate(self._partitions(topic))}

    def offsets_at(self, topic: str, timestamp_ms: int) -> dict[int, int]:
        """Return first offsets at or after a time."""
        return {
            n: next((r.offset for r in records if r.timestamp_ms >= timestamp_ms), len(records))
            for n, records in enumerate(self._partitions(topic))
        }

    def group_offsets(self, group: str, topic: str) -> dict[int, int]:
        """Return committed offsets."""
        found = self._groups.get(group, _Group()).committed
        return {
            partition: offset for (of_topic, partition), offset in sorted(found.items()) if of_topic == topic
        }

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield records in `[start, end)`."""
        yield from self._partitions(topic)[partition][start:end]

    def slot(self, *, topic: str, group: str, slot_id: str) -> MemorySlot:
        """Join a group."""
        self._partitions(topic)
        with self._changed:
            return MemorySlot(self, self._groups.setdefault(group, _Group()), topic, slot_id)

    def writer(self, writer_id: str) -> MemoryWriter:
        """Return a writer; the one before under that id is fenced."""
        writer = MemoryWriter(self, writer_id)
        self._writers[writer_id] = writer
        return writer

    def subscribe(
        self, topic: str, *, start: Mapping[int, int] | None, group: str | None = None
    ) -> MemorySubscription:
        """Follow a topic."""
        if group is not None:
            start = {**(start or {}), **self.group_offsets(group, topic)}
        return MemorySubscription(self, topic, dict(start or {}), group)

    def close(self) -> None:
        """Do nothing: the log lives as long as the object."""

    def _offsets_of(self, outputs: Sequence[Outgoing]) -> list[int]:
        """Return the offsets that outputs will have when they are appended now."""
        ends: dict[tuple[str, int], int] = {}
        offsets = []
        for out in outputs:
            place = (out.topic, out.partition)
            offsets.append(ends.get(place, len(self._partitions(out.topic)[out.partition])))
            ends[place] = offsets[-1] + 1
        return offsets

    def _append(self, outputs: Sequence[Outgoing]) -> list[int]:
        """Append all or none."""
        for out in outputs:
            if out.partition >= len(self._partitions(out.topic)):
                raise StageError(f"{out.topic} has no partition {out.partition}")
        offsets = []
        for out in outputs:
            log = self._topics[out.topic][out.partition]
            offsets.append(len(log))
            log.append(
                Record(out.topic, out.partition, len(log), out.timestamp_ms, out.key, out.value, out.headers)
            )
        self._changed.notify_all()
        return offsets


class MemorySlot:
    """`Slot` in memory: partitions are dealt out in the order of slot ids, anew whenever somebody joins or leaves."""

    def __init__(self, log: MemoryLog, group: _Group, topic: str, slot_id: str) -> None:
        self._log = log
        self._group = group
        self._topic = topic
        self._slot_id = slot_id
        self._positions: dict[int, int] = {}
        self._held: set[int] = set()
        self._generation = -1
        group.members[slot_id] = self
        group.generation += 1

    def _fenced(self) -> bool:
        return self._group.members.get(self._slot_id) is not self

    def partitions(self) -> frozenset[int]:
        """Return the partitions held since the last poll."""
        return frozenset(self._positions)

    def membership(self) -> object:
        """Return the generation this slot is in."""
        return self._generation

    def _join(self) -> None:
        """Take part in the latest generation, if this slot does not yet."""
        if self._fenced():
            raise StageError(f"slot {self._slot_id} was taken over by another process")
        if self._generation == self._group.generation:
            return
        ids = sorted(self._group.members)
        mine = ids.index(self._slot_id)
        count = len(self._log._topics[self._topic])  # noqa: SLF001 - one module
        self._positions = {
            n: self._group.committed.get((self._topic, n), 0) for n in range(count) if n % len(ids) == mine
        }
        self._generation = self._group.generation

    def poll(self, limits: WindowLimits, idle_seconds: float) -> Window | None:
        """Return what there is; the log in memory does not wait for a window to fill."""
        deadline = time.monotonic() + idle_seconds
        with self._log._changed:  # noqa: SLF001 - one module
            while True:
                self._join()
                records = self._take(limits)
                if records:
                    return Window(records, self._generation)
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return None
                self._log._changed.wait(remaining)  # noqa: SLF001 - one module

    def _take(self, limits: WindowLimits) -> list[Record]:
        taken: list[Record] = []
        size = 0
        for partition in sorted(self._positions):
            if partition in self._held:
                continue
            for record in self._log._topics[self._topic][partition][self._positions[partition] :]:  # noqa: SLF001
                if len(taken) >= limits.records or size >= limits.bytes:
                    return taken
                taken.append(record)
                size += record.size
                self._positions[partition] = record.offset + 1
        return taken

    def commit(self, window: Window, outputs: Sequence[Outgoing], offsets: Mapping[int, int]) -> list[int]:
        """Append outputs and offsets at once."""
        with self._log._changed:  # noqa: SLF001 - one module
            if self._fenced():
                raise StageError(f"slot {self._slot_id} was taken over by another process")
            if window.membership != self._group.generation:
                raise Moved
            written = self._log._append(outputs)  # noqa: SLF001 - one module
            for partition, offset in offsets.items():
                self._group.committed[self._topic, partition] = offset
            return written

    def rewind(self) -> None:
        """Go back to the committed offsets."""
        self._positions = {n: self._group.committed.get((self._topic, n), 0) for n in self._positions}

    def hold(self, partition: int, offset: int) -> None:
        """Pause a partition at an offset."""
        self._positions[partition] = offset
        self._held.add(partition)

    def resume(self, partition: int) -> None:
        """Read it again."""
        self._held.discard(partition)

    def keep_alive(self) -> None:
        """Raise `Moved` when the group has rebalanced; nobody is expelled here."""
        if self._generation != self._group.generation:
            raise Moved

    def close(self) -> None:
        """Leave the group."""
        with self._log._changed:  # noqa: SLF001 - one module
            if not self._fenced():
                del self._group.members[self._slot_id]
                self._group.generation += 1


class MemoryWriter:
    """`Writer` in memory."""

    def __init__(self, log: MemoryLog, writer_id: str) -> None:
        self._log = log
        self._writer_id = writer_id

    def write(
        self,
        outputs: Sequence[Outgoing],
        then: Callable[[list[int]], Sequence[Outgoing]] | None = None,
    ) -> list[int]:
        """Append all or none."""
        with self._log._changed:  # noqa: SLF001 - one module
            if self._log._writers.get(self._writer_id) is not self:  # noqa: SLF001 - one module
                raise BrokerError(f"writer {self._writer_id} was taken over by another process")
            more = () if then is None else then(self._log._offsets_of(outputs))  # noqa: SLF001 - one module
            return self._log._append([*outputs, *more])  # noqa: SLF001 - one module

    def close(self) -> None:
        """Do nothing."""


class MemorySubscription:
    """`Subscription` in memory."""

    def __init__(self, log: MemoryLog, topic: str, start: dict[int, int], group: str | None) -> None:
        self._log = log
        self._topic = topic
        self._group = group
        self._positions = {n: start.get(n, 0) for n in range(len(log._partitions(topic)))}  # noqa: SLF001

    def poll(self, seconds: float, limit: int = 500) -> Sequence[Record]:
        """Return records as they come."""
        deadline = time.monotonic() + seconds
        with self._log._changed:  # noqa: SLF001 - one module
            while True:
                found = [
                    record
                    for n, position in self._positions.items()
                    for record in self._log._topics[self._topic][n][position:]  # noqa: SLF001 - one module
                ][:limit]
                for record in found:
                    self._positions[record.partition] = record.offset + 1
                remaining = deadline - time.monotonic()
                if found or remaining <= 0:
                    return found
                self._log._changed.wait(remaining)  # noqa: SLF001 - one module

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Remember the group's position."""
        if self._group is None:
            raise ValueError("only a subscription with a group has a position to remember: give it a group")
        group = self._log._groups.setdefault(self._group, _Group())  # noqa: SLF001 - one module
        group.committed.update({(self._topic, n): offset for n, offset in offsets.items()})

    def at_end(self) -> bool:
        """Return whether everything was returned."""
        return self._positions == self._log.end_offsets(self._topic)

    def close(self) -> None:
        """Do nothing."""
