"""What the wire needs of a log. Kafka has it (`newswire.log.kafka`); so has a log in memory (`newswire.log.memory`).

One behaviour suite, `tests/log/test_behaviour.py`, holds both to what is promised here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

Headers = tuple[tuple[str, bytes], ...]

RECORD_OVERHEAD: Final = 256
"""Bytes allowed for what Kafka adds to a record and its batch, when sizes are checked before sending."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read. Only committed ones are ever read."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.key or b"") + len(self.value or b"")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be written."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    headers: Headers = ()

    @property
    def size(self) -> int:
        """Bytes that count against the topic's `max.message.bytes`."""
        headers = sum(len(name) + len(value) + 4 for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers + RECORD_OVERHEAD


@dataclass(frozen=True, slots=True)
class Window:
    """Records that are handled and committed together, and the membership under which they were read."""

    records: Sequence[Record]
    membership: object


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """A window closes at whichever of the first three comes first."""

    seconds: float = 0.1
    records: int = 1_000
    bytes: int = 4 * 1024 * 1024
    """Reached by what one more look into the log brings, so that a window may hold that much more (on Kafka: one fetch of each partition,
    `Limits.partition_fetch_bytes`)."""
    handling_seconds: float = 5.0
    """After this long over one window a stage commits what it has handled and gives the rest back: a slow handler must neither be expelled
    from its group for not polling, nor keep its process from ending when it is asked to."""
    hangs_after_seconds: float = 50.0
    """A window that takes this long holds a record that hangs: the process ends, before the group expels it."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic to be created."""

    name: str
    partitions: int
    configs: Mapping[str, str] = field(default_factory=dict)


class Moved(Exception):  # noqa: N818 - not an error: the group has rebalanced
    """Partitions moved to another member: the window must be thrown away whole. `Slot.rewind` goes back to what is committed."""


class Slot(Protocol):
    """One exclusive place in a stage: reads one topic as a member of the group, writes in transactions."""

    def partitions(self) -> frozenset[int]:
        """Return the partitions this slot holds now."""
        ...

    def membership(self) -> object:
        """Return what changes whenever the group has rebalanced, even if this slot holds the same partitions as before."""
        ...

    def poll(self, limits: WindowLimits, idle_seconds: float) -> Window | None:
        """Return the next window, or None when nothing came for `idle_seconds`. Raises `Moved`."""
        ...

    def commit(self, window: Window, outputs: Sequence[Outgoing], offsets: Mapping[int, int]) -> list[int]:
        """Write outputs and input offsets (partition -> next offset) in one transaction, all or nothing.

        Returns the offset of each output. Raises `Moved` when the window's partitions moved meanwhile and nothing was written. After
        any other exception the outcome is not known: the process must end and start again.
        """
        ...

    def rewind(self) -> None:
        """Go back to the committed offsets of all partitions held."""
        ...

    def hold(self, partition: int, offset: int) -> None:
        """Stop reading a partition; when it is resumed, it goes on at `offset`."""
        ...

    def resume(self, partition: int) -> None:
        """Read a held partition again."""
        ...

    def keep_alive(self) -> None:
        """Tell the group that this slot is alive while it is busy with something other than polling."""
        ...

    def close(self) -> None:
        """Leave the group. Nothing is committed."""
        ...


class Writer(Protocol):
    """Writes records in transactions, for sources."""

    def write(
        self,
        outputs: Sequence[Outgoing],
        then: Callable[[list[int]], Sequence[Outgoing]] | None = None,
    ) -> list[int]:
        """Write all or none; return their offsets once the broker has acknowledged the transaction.

        `then` is given these offsets and returns what else is written in the same transaction: a note of where they are. Its offsets come
        after the others.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class Subscription(Protocol):
    """Reads a topic as it grows: with a group, from its committed position; without, all partitions from a given place."""

    def poll(self, seconds: float, limit: int = 500) -> Sequence[Record]:
        """Return committed records as they come, at most `limit`; empty after `seconds` without any."""
        ...

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Remember the group's position (partition -> next offset), where it is still this member's to say. Only with a group."""
        ...

    def at_end(self) -> bool:
        """Return whether everything that was committed at the time of the call has been returned by `poll`."""
        ...

    def close(self) -> None:
        """Leave."""
        ...


class Log(Protocol):
    """A partitioned, append-only log with transactions."""

    def create(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Create the topics that do not exist; return the names of those created."""
        ...

    def delete(self, topics: Sequence[str]) -> None:
        """Delete topics with all they hold; nothing happens where there is none."""
        ...

    def topics(self) -> dict[str, int]:
        """Return all topics and their partition counts, internal ones left out."""
        ...

    def identity(self, topic: str) -> str:
        """Return an id that changes when the topic is deleted and made again."""
        ...

    def first_offsets(self, topic: str) -> dict[int, int]:
        """Return the first offset of each partition that is still kept."""
        ...

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        """Return the offset after the last record of each partition: the last stable one, or with `committed=False` the last written.

        A transaction that `commit` has acknowledged is below the last written offset at once, below the last stable one a moment later.
        To read everything that was acknowledged, read up to the last written offset: `read` waits for what is open.
        """
        ...

    def offsets_at(self, topic: str, timestamp_ms: int) -> dict[int, int]:
        """Return for each partition the first offset with a timestamp at or after the given one; its end where there is none."""
        ...

    def group_offsets(self, group: str, topic: str) -> dict[int, int]:
        """Return the committed next offset of each partition for which the group has one."""
        ...

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield committed records from `start` up to before `end`. Waits for transactions below `end` that are still open."""
        ...

    def slot(self, *, topic: str, group: str, slot_id: str) -> Slot:
        """Join a group under a fixed slot id; whoever held that id before is fenced off."""
        ...

    def writer(self, writer_id: str) -> Writer:
        """Return a transactional writer; whoever held that id before is fenced off."""
        ...

    def subscribe(
        self, topic: str, *, start: Mapping[int, int] | None, group: str | None = None
    ) -> Subscription:
        """Follow a topic from the given offsets (missing partitions: from their first record).

        In a group, from its position; `start` is then for partitions of which it has none.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
