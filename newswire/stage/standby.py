"""The state of partitions that a slot does not hold, kept warm: when it gets one of them, only the changelog's end is left to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final

import structlog

from newswire.log.contract import Log
from newswire.stage.replay import catch_up
from newswire.state.store import Store

_LOG = structlog.get_logger("newswire.stage")
EVERY_SECONDS: Final = 2.0
_BEHIND_SECONDS: Final = 0.25
"""Pause before the next step of a copy that is far behind."""
_SLICE: Final = 5_000
"""Changelog offsets that are read of one partition in one go: the partitions that the slot holds wait meanwhile."""


class Standby:
    """Copies of the other partitions' state in the slot's own folder, under the names that it will use when it holds them.

    They follow the same rules as any local state (identity, age, history), and never go beyond what is committed: reading ends at the last
    stable offset, so that it neither waits for an open transaction nor takes in what may be aborted.
    """

    def __init__(self, log: Log, changelog: str, folder: Path, alive: Callable[[], None]) -> None:
        self._log = log
        self._changelog = changelog
        self._folder = folder
        self._alive = alive
        self._warm: dict[int, Store] = {}
        self._due_at = 0.0

    def warm(self, held: Collection[int]) -> None:
        """Bring the partitions that are not held a step nearer to the changelog's end, when it is time. Raises what `alive` raises."""
        if time.monotonic() < self._due_at:
            return
        identity = self._log.identity(self._changelog)
        behind = False
        for partition, end in self._log.end_offsets(self._changelog).items():
            if partition not in held:
                behind |= self._step(partition, identity, end)
        self._due_at = time.monotonic() + (_BEHIND_SECONDS if behind else EVERY_SECONDS)

    def _step(self, partition: int, identity: str, end: int) -> bool:
        store = self.give(partition, identity) or Store(self._folder / f"{partition}.sqlite", identity)
        try:
            read = catch_up(
                self._log,
                self._changelog,
                store,
                partition,
                end=end,
                alive=self._alive,
                at_most=_SLICE,
            )
        except BaseException:
            store.close()
            raise
        self._warm[partition] = store
        if read:
            _LOG.info(
                "standby caught up",
                changelog=self._changelog,
                partition=partition,
                records=read,
                next_offset=store.next_offset,
            )
        return store.next_offset < end

    def give(self, partition: int, identity: str) -> Store | None:
        """Hand over the open copy of a partition, if there is one and it belongs to this changelog."""
        store = self._warm.pop(partition, None)
        if store is not None and store.identity != identity:
            store.close()
            return None
        return store

    def close(self) -> None:
        """Close all files."""
        for store in self._warm.values():
            store.close()
        self._warm.clear()
