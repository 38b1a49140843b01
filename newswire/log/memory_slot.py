"""A slot of a stage on the log in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from newswire.errors import StageError
from newswire.log.contract import Moved, Outgoing, Record, Window, WindowLimits
from newswire.log.memory_store import Group, MemoryStore


class MemorySlot:
    """`Slot` in memory: partitions are dealt out in the order of slot ids, anew whenever somebody joins or leaves."""

    def __init__(self, store: MemoryStore, group: Group, topic: str, slot_id: str) -> None:
        self._store = store
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
        count = len(self._store.topics[self._topic])
        self._positions = {
            n: self._group.committed.get((self._topic, n), 0) for n in range(count) if n % len(ids) == mine
        }
        self._generation = self._group.generation

    def poll(self, limits: WindowLimits, idle_seconds: float) -> Window | None:
        """Return what there is; the log in memory does not wait for a window to fill."""
        deadline = time.monotonic() + idle_seconds
        with self._store.changed:
            while True:
                self._join()
                records = self._take(limits)
                if records:
                    return Window(records, self._generation)
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return None
                self._store.changed.wait(remaining)

    def _take(self, limits: WindowLimits) -> list[Record]:
        taken: list[Record] = []
        size = 0
        for partition in sorted(self._positions):
            if partition in self._held:
                continue
            for record in self._store.topics[self._topic][partition][self._positions[partition] :]:
                if len(taken) >= limits.records or size >= limits.bytes:
                    return taken
                taken.append(record)
                size += record.size
                self._positions[partition] = record.offset + 1
        return taken

    def commit(self, window: Window, outputs: Sequence[Outgoing], offsets: Mapping[int, int]) -> list[int]:
        """Append outputs and offsets at once."""
        with self._store.changed:
            if self._fenced():
                raise StageError(f"slot {self._slot_id} was taken over by another process")
            if window.membership != self._group.generation:
                raise Moved
            written = self._store.append(outputs)
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
        with self._store.changed:
            if not self._fenced():
                del self._group.members[self._slot_id]
                self._group.generation += 1
