"""The state of the partitions that a slot holds: opened, caught up with the changelog, kept in step with what was committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from newswire.log.contract import Log, Outgoing
from newswire.state.partition import PartitionState
from newswire.state.store import Store

_LOG = structlog.get_logger("newswire.stage")
_BATCH: Final = 5_000
_KEEP_ALIVE_EVERY: Final = 5.0
MAX_AGE_SECONDS: Final = 12 * 3600.0
"""A local file older than this is rebuilt: compaction removes tombstones after `delete.retention.ms` (a day), and a file that missed one
would keep a deleted key for ever."""


class Stores:
    """Partition -> state, for a stage with a changelog."""

    def __init__(self, log: Log, changelog: str, folder: Path, keep_alive: Callable[[], None]) -> None:
        self._log = log
        self._changelog = changelog
        self._folder = folder
        self._keep_alive = keep_alive
        self._open: dict[int, tuple[Store, PartitionState]] = {}
        self._membership: object = None

    def follow(self, partitions: Iterable[int], membership: object = None) -> None:
        """Open and catch up what is new, close what is gone. Raises `Moved` when the group rebalances meanwhile.

        After a rebalance all are opened anew: a partition may have been somebody else's for a while, and have changed there.
        """
        if membership != self._membership:
            self.close()
            self._membership = membership
        wanted = set(partitions)
        for gone in self._open.keys() - wanted:
            self._open.pop(gone)[0].close()
        for new in sorted(wanted - self._open.keys()):
            store = Store(self._folder / f"{new}.sqlite", self._log.identity(self._changelog))
            try:
                self._catch_up(store, new)
            except BaseException:
                store.close()
                raise
            self._open[new] = (store, PartitionState(store))

    def _catch_up(self, store: Store, partition: int) -> None:
        # Up to the last *written* offset: a transaction that the last owner committed may not be marked here yet.
        end = self._log.end_offsets(self._changelog, committed=False)[partition]
        first = self._log.first_offsets(self._changelog)[partition]
        outdated = bool(store.next_offset) and time.time() - store.saved_at > MAX_AGE_SECONDS
        if store.next_offset > end or 0 < store.next_offset < first or outdated:
            _LOG.warning("local state does not fit the changelog; rebuilding it", store=str(store.path))
            store.wipe()
        began, count, changes = time.monotonic(), 0, dict[str, bytes | None]()
        alive_at = began
        for record in self._log.read(self._changelog, partition, max(store.next_offset, first), end):
            changes[(record.key or b"").decode()] = record.value
            count += 1
            if len(changes) >= _BATCH:
                store.apply(changes, record.offset + 1)
                changes = {}
            if time.monotonic() - alive_at > _KEEP_ALIVE_EVERY:
                self._keep_alive()
                alive_at = time.monotonic()
        if changes or store.next_offset < end:
            store.apply(changes, end)
        if count:
            _LOG.info(
                "state caught up",
                changelog=self._changelog,
                partition=partition,
                records=count,
                seconds=round(time.monotonic() - began, 3),
            )

    def state(self, partition: int) -> PartitionState:
        """Return the state of a partition that is held."""
        return self._open[partition][1]

    def changelog(self, timestamp_ms: Mapping[int, int]) -> list[Outgoing]:
        """Return the changelog records of the open window; `timestamp_ms` is the time of each partition's last record."""
        return [
            Outgoing(self._changelog, partition, key.encode(), value, timestamp_ms[partition])
            for partition, (_, state) in self._open.items()
            for key, value in state.changes.items()
        ]

    def committed(self, outputs: Sequence[Outgoing], offsets: Sequence[int]) -> None:
        """Make the window's changes durable, after its transaction was committed with these outputs at these offsets."""
        after: dict[int, int] = {}
        for output, offset in zip(outputs, offsets, strict=True):
            if output.topic == self._changelog:
                after[output.partition] = max(after.get(output.partition, 0), offset + 1)
        for partition, next_offset in after.items():
            store, state = self._open[partition]
            store.apply(state.changes, next_offset)
            state.forget_window()

    def undo(self) -> None:
        """Forget the open window."""
        for _, state in self._open.values():
            state.undo_window()

    def close(self) -> None:
        """Close all files."""
        for store, _ in self._open.values():
            store.close()
        self._open.clear()
