"""The state of the partitions that a slot holds: opened, caught up with the changelog, kept in step with what was committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import structlog

from newswire.log.contract import Log, Outgoing
from newswire.stage.replay import catch_up
from newswire.stage.standby import Standby
from newswire.state.partition import PartitionState
from newswire.state.store import Mark, Store

_LOG = structlog.get_logger("newswire.stage")
_ALIVE_EVERY: Final = 1.0


class Stores:
    """Partition -> state, for a stage with a changelog. `keep_alive` is called about once a second while state is being read.

    With `standby` the state of the other partitions is kept warm in `warm`, so that taking one over reads only the changelog's end.
    """

    def __init__(
        self,
        log: Log,
        changelog: str,
        folder: Path,
        keep_alive: Callable[[], None],
        *,
        standby: bool = False,
    ) -> None:
        self._log = log
        self._changelog = changelog
        self._folder = folder
        self._keep_alive = keep_alive
        self._alive_at = 0.0
        self._open: dict[int, tuple[Store, PartitionState]] = {}
        self._standby = Standby(log, changelog, folder, self._alive) if standby else None
        self._membership: object = None

    def follow(self, partitions: Iterable[int], membership: object = None) -> None:
        """Open and catch up what is new, close what is gone. Raises `Moved` when the group rebalances meanwhile.

        After a rebalance all are opened anew: a partition may have been somebody else's for a while, and have changed there.
        """
        if membership != self._membership:
            self._close_open()
            self._membership = membership
        wanted = set(partitions)
        for gone in self._open.keys() - wanted:
            self._open.pop(gone)[0].close()
        for new in sorted(wanted - self._open.keys()):
            self._open_one(new)

    def _open_one(self, partition: int) -> None:
        identity = self._log.identity(self._changelog)
        warm = self._standby.give(partition, identity) if self._standby is not None else None
        store = warm or Store(self._folder / f"{partition}.sqlite", identity)
        try:
            began = time.monotonic()
            # Up to the last *written* offset: a transaction that the last owner committed may not be marked here yet.
            end = self._log.end_offsets(self._changelog, committed=False)[partition]
            read = catch_up(self._log, self._changelog, store, partition, end=end, alive=self._alive)
        except BaseException:
            store.close()
            raise
        self._open[partition] = (store, PartitionState(store))
        _LOG.info(
            "state caught up",
            changelog=self._changelog,
            partition=partition,
            warm=warm is not None,
            records=read,
            seconds=round(time.monotonic() - began, 3),
        )

    def _alive(self) -> None:
        now = time.monotonic()
        if now - self._alive_at > _ALIVE_EVERY:
            self._alive_at = now
            self._keep_alive()

    def keep_warm(self) -> None:
        """Bring the state of partitions that are not held a step nearer to its changelog, where that is wanted and due."""
        if self._standby is not None:
            self._standby.warm(self._open.keys())

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
        last: dict[int, tuple[int, Outgoing]] = {}
        for output, offset in zip(outputs, offsets, strict=True):
            if output.topic == self._changelog and offset >= last.get(output.partition, (0,))[0]:
                last[output.partition] = (offset, output)
        for partition, (offset, output) in last.items():
            store, state = self._open[partition]
            store.apply(state.changes, offset + 1, last=Mark.of(offset, output.key, output.value))
            state.forget_window()

    def undo(self) -> None:
        """Forget the open window."""
        for _, state in self._open.values():
            state.undo_window()

    def _close_open(self) -> None:
        for store, _ in self._open.values():
            store.close()
        self._open.clear()

    def close(self) -> None:
        """Close all files."""
        self._close_open()
        if self._standby is not None:
            self._standby.close()
