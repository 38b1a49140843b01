"""The state a handler sees: the store, under the changes of the open window, under those of the record at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from newswire.state.contract import State, View


class Backing(Protocol):
    """What lies under the open window: a `Store`, or a `MemoryState`."""

    def get(self, key: str) -> bytes | None:
        """Return a value or None."""
        ...

    def scan(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield pairs in key order."""
        ...


class PartitionState:
    """`State` of one partition with two levels of undo: one record, and the whole window."""

    def __init__(self, backing: Backing) -> None:
        self._backing = backing
        self._window: dict[str, bytes | None] = {}
        self._record: dict[str, bytes | None] = {}
        self._views: dict[Any, Any] = {}

    def get(self, key: str) -> bytes | None:
        """Return the value as this handler sees it."""
        for level in (self._record, self._window):
            if key in level:
                return level[key]
        return self._backing.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Set a value."""
        if "\0" in key:
            raise ValueError(f"state keys are text without NUL, got {key!r}")
        self._record[key] = value

    def delete(self, key: str) -> None:
        """Remove a key."""
        if self.get(key) is not None:
            self._record[key] = None

    def scan(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield pairs in key order, as of the time of the call."""
        changed = {k: v for k, v in (self._window | self._record).items() if k.startswith(prefix)}
        if not changed:
            yield from self._backing.scan(prefix)
            return
        found: dict[str, bytes | None] = dict(self._backing.scan(prefix))
        found.update(changed)
        for key in sorted(found, key=str.encode):
            value = found[key]
            if value is not None:
                yield key, value

    def view(self, build: Callable[[State], View]) -> View:
        """Return the handler's index, built when there is none."""
        if build not in self._views:
            self._views[build] = build(self)
        view: View = self._views[build]
        return view

    def keep_record(self) -> None:
        """Count the changes of the record at hand to the window: it was handled."""
        self._window.update(self._record)
        self._record.clear()

    def undo_record(self) -> None:
        """Go back to before the record at hand: it was refused."""
        if self._record:
            # Its index may hold what is undone here. Without changes of state it has none: it is kept in step with them.
            self._record.clear()
            self._views.clear()

    @property
    def changes(self) -> Mapping[str, bytes | None]:
        """What the window has changed so far."""
        return self._window

    def forget_window(self) -> None:
        """Forget the changes of the window: the store has them now."""
        self._window.clear()

    def undo_window(self) -> None:
        """Go back to before the window: it was thrown away."""
        self._window.clear()
        self._record.clear()
        self._views.clear()
