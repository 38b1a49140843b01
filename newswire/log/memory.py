"""A log in memory: the same promises as Kafka's, for trying out handlers and for tests that need no broker."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence

from newswire.errors import BrokerError
from newswire.log.contract import Outgoing, Record, TopicSpec
from newswire.log.memory_slot import MemorySlot
from newswire.log.memory_store import Group, MemoryStore


class MemoryLog:
    """`Log` in memory. Thread-safe; everything is gone with the object."""

    def __init__(self) -> None:
        self._store = MemoryStore()

    def create(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Create missing topics."""
        with self._store.changed:
            missing = [spec for spec in topics if spec.name not in self._store.topics]
            for spec in missing:
                self._store.topics[spec.name] = [[] for _ in range(spec.partitions)]
                self._store.identities[spec.name] = uuid.uuid4().hex
            return [spec.name for spec in missing]

    def delete(self, topics: Sequence[str]) -> None:
        """Delete topics."""
        with self._store.changed:
            for name in topics:
                self._store.topics.pop(name, None)
                self._store.identities.pop(name, None)

    def topics(self) -> dict[str, int]:
        """Return topics and partition counts."""
        return {name: len(partitions) for name, partitions in self._store.topics.items()}

    def identity(self, topic: str) -> str:
        """Return the topic's id."""
        self._store.partitions(topic)
        return self._store.identities[topic]

    def first_offsets(self, topic: str) -> dict[int, int]:
        """Return zeros: nothing is ever dropped."""
        return dict.fromkeys(range(len(self._store.partitions(topic))), 0)

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        """Return lengths: only whole transactions are ever in the log."""
        del committed
        return self._store.ends(topic)

    def offsets_at(self, topic: str, timestamp_ms: int) -> dict[int, int]:
        """Return first offsets at or after a time."""
        return {
            n: next((r.offset for r in records if r.timestamp_ms >= timestamp_ms), len(records))
            for n, records in enumerate(self._store.partitions(topic))
        }

    def group_offsets(self, group: str, topic: str) -> dict[int, int]:
        """Return committed offsets."""
        found = self._store.groups.get(group, Group()).committed
        return {
            partition: offset for (of_topic, partition), offset in sorted(found.items()) if of_topic == topic
        }

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield records in `[start, end)`."""
        yield from self._store.partitions(topic)[partition][start:end]

    def slot(self, *, topic: str, group: str, slot_id: str) -> MemorySlot:
        """Join a group."""
        self._store.partitions(topic)
        with self._store.changed:
            return MemorySlot(self._store, self._store.groups.setdefault(group, Group()), topic, slot_id)

    def writer(self, writer_id: str) -> MemoryWriter:
        """Return a writer; the one before under that id is fenced."""
        writer = MemoryWriter(self._store, writer_id)
        self._store.writers[writer_id] = writer
        return writer

    def subscribe(
        self, topic: str, *, start: Mapping[int, int] | None, group: str | None = None
    ) -> MemorySubscription:
        """Follow a topic."""
        if group is not None:
            start = {**(start or {}), **self.group_offsets(group, topic)}
        return MemorySubscription(self._store, topic, dict(start or {}), group)

    def close(self) -> None:
        """Do nothing: the log lives as long as the object."""


class MemoryWriter:
    """`Writer` in memory."""

    def __init__(self, store: MemoryStore, writer_id: str) -> None:
        self._store = store
        self._writer_id = writer_id

    def write(
        self,
        outputs: Sequence[Outgoing],
        then: Callable[[list[int]], Sequence[Outgoing]] | None = None,
    ) -> list[int]:
        """Append all or none."""
        with self._store.changed:
            if self._store.writers.get(self._writer_id) is not self:
                raise BrokerError(f"writer {self._writer_id} was taken over by another process")
            more = () if then is None else then(self._store.offsets_of(outputs))
            return self._store.append([*outputs, *more])

    def close(self) -> None:
        """Do nothing."""


class MemorySubscription:
    """`Subscription` in memory."""

    def __init__(self, store: MemoryStore, topic: str, start: dict[int, int], group: str | None) -> None:
        self._store = store
        self._topic = topic
        self._group = group
        self._positions = {n: start.get(n, 0) for n in range(len(store.partitions(topic)))}

    def poll(self, seconds: float, limit: int = 500) -> Sequence[Record]:
        """Return records as they come."""
        deadline = time.monotonic() + seconds
        with self._store.changed:
            while True:
                found = [
                    record
                    for n, position in self._positions.items()
                    for record in self._store.topics[self._topic][n][position:]
                ][:limit]
                for record in found:
                    self._positions[record.partition] = record.offset + 1
                remaining = deadline - time.monotonic()
                if found or remaining <= 0:
                    return found
                self._store.changed.wait(remaining)

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Remember the group's position."""
        if self._group is None:
            raise ValueError("only a subscription with a group has a position to remember: give it a group")
        group = self._store.groups.setdefault(self._group, Group())
        group.committed.update({(self._topic, n): offset for n, offset in offsets.items()})

    def at_end(self) -> bool:
        """Return whether everything was returned."""
        return self._positions == self._store.ends(self._topic)

    def close(self) -> None:
        """Do nothing."""
