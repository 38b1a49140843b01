"""A state in a dictionary, for trying out and testing handlers without a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from newswire.state.contract import State, View


class MemoryState:
    """`State` in a plain dictionary. Nothing is ever undone: throw the object away instead."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}
        self._views: dict[Any, Any] = {}

    def get(self, key: str) -> bytes | None:
        """Return the value or None."""
        return self.data.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Set a value."""
        self.data[key] = value

    def delete(self, key: str) -> None:
        """Remove a key."""
        self.data.pop(key, None)

    def scan(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield pairs in key order."""
        yield from ((key, self.data[key]) for key in sorted(self.data) if key.startswith(prefix))

    def view(self, build: Callable[[State], View]) -> View:
        """Return the index, built once."""
        if build not in self._views:
            self._views[build] = build(self)
        view: View = self._views[build]
        return view
