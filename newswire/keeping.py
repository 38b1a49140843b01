"""What a kind of source remembers, kept in step with what it has published."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from newswire import topology
from newswire.errors import StageStoppedError
from newswire.log.contract import Log, Outgoing
from newswire.scan import scan
from newswire.stage.stores import Stores
from newswire.state.contract import State
from newswire.state.memory import MemoryState
from newswire.state.trouble import on_disk

_ONLY: Final = 0
"""The one partition of a source's changelog."""


class SourceState:
    """The state of one kind of source, and the writer that writes it together with raw records. One process at a time holds it.

    On one machine a lock in `folder` keeps a second process out. On several, the second takes the first one's transactional id: that one
    cannot write any more, and ends at its next transaction. The state is read after that, so that it is complete.
    """

    def __init__(
        self, log: Log, kind: str, folder: Path, keep_alive: Callable[[], None] = lambda: None
    ) -> None:
        """Take `kind` and bring its state up to date. Raises StageStoppedError where it runs already or its topic is missing.

        `keep_alive` is called about once a second while the changelog is read; it may raise to interrupt.
        """
        self._folder = folder
        self._changelog = topology.source_changelog(kind)
        if log.topics().get(self._changelog) != 1:
            raise StageStoppedError(
                f"there is no topic {self._changelog} of one partition: make it with `newswire topics create` (the state of "
                f"`newswire produce {kind}` is kept in it)"
            )
        with on_disk(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / "lock")
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise StageStoppedError(
                    f"`newswire produce {kind}` runs already on this machine ({folder}): one process does all {kind}. Stop that one first"
                ) from None
            self.writer = log.writer(topology.source_id(kind))
            self._stores = Stores(log, self._changelog, folder, keep_alive)
            self._stores.follow((_ONLY,))

    @property
    def state(self) -> State:
        """What the source reads and changes."""
        return self._stores.state(_ONLY)

    def keep(self) -> None:
        """Count all changes so far to the next transaction."""
        self._stores.state(_ONLY).keep_record()

    def changes(self) -> list[Outgoing]:
        """Return the changelog records of what was kept since the last transaction."""
        return self._stores.changelog({_ONLY: int(time.time() * 1000)})

    def committed(self, outputs: Sequence[Outgoing], offsets: Sequence[int]) -> None:
        """Make the changes durable here, after the transaction that held them."""
        with on_disk(self._folder):
            self._stores.committed(outputs, offsets)

    def close(self) -> None:
        """Close writer and files and let go of the lock."""
        self.writer.close()
        self._stores.close()
        self._lock.release()


def look(log: Log, kind: str, prefix: str) -> MemoryState:
    """Return what a kind of source has committed under keys that begin with a prefix, for reports; empty where it has no changelog.

    Reads the changelog from one end to the other, and does not disturb the process that holds the state.
    """
    changelog = topology.source_changelog(kind)
    found = MemoryState()
    if changelog not in log.topics():
        return found
    for record in scan(log, changelog, log.end_offsets(changelog)):
        key = (record.key or b"").decode(errors="replace")
        if not key.startswith(prefix):
            continue
        if record.value is None:
            found.delete(key)
        else:
            found.put(key, record.value)
    return found
