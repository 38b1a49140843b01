"""What a log in memory holds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newswire.errors import BrokerError, StageError
from newswire.log.contract import Outgoing, Record

if TYPE_CHECKING:
    from newswire.log.memory_slot import MemorySlot


@dataclass
class Group:
    """A consumer group."""

    members: dict[str, MemorySlot] = field(default_factory=dict)
    """Who is in it, by the id of the slot."""
    generation: int = 0
    """Counts who came and went."""
    committed: dict[tuple[str, int], int] = field(default_factory=dict)
    """Topic and partition -> the next offset to read."""


class MemoryStore:
    """Topics, groups and writers. Who changes any of it, or waits for a change, holds `changed`."""

    def __init__(self) -> None:
        self.topics: dict[str, list[list[Record]]] = {}
        self.identities: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        self.writers: dict[str, object] = {}
        self.changed = threading.Condition()

    def partitions(self, topic: str) -> list[list[Record]]:
        """Return the records of a topic, partition by partition."""
        try:
            return self.topics[topic]
        except KeyError:
            raise BrokerError(
                f"there is no topic {topic}: make the topics with `newswire topics create`"
            ) from None

    def ends(self, topic: str) -> dict[int, int]:
        """Return the offset after the last record of each partition."""
        return {n: len(records) for n, records in enumerate(self.partitions(topic))}

    def offsets_of(self, outputs: Sequence[Outgoing]) -> list[int]:
        """Return the offsets that outputs will have when they are appended now."""
        ends: dict[tuple[str, int], int] = {}
        offsets = []
        for out in outputs:
            place = (out.topic, out.partition)
            offsets.append(ends.get(place, len(self.partitions(out.topic)[out.partition])))
            ends[place] = offsets[-1] + 1
        return offsets

    def append(self, outputs: Sequence[Outgoing]) -> list[int]:
        """Append all or none."""
        for out in outputs:
            if out.partition >= len(self.partitions(out.topic)):
                raise StageError(f"{out.topic} has no partition {out.partition}")
        offsets = []
        for out in outputs:
            log = self.topics[out.topic][out.partition]
            offsets.append(len(log))
            log.append(
                Record(out.topic, out.partition, len(log), out.timestamp_ms, out.key, out.value, out.headers)
            )
        self.changed.notify_all()
        return offsets
