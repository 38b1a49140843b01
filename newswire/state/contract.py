"""What a handler may do with the state of its partition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

View = TypeVar("View")


class State(Protocol):
    """Keys and bytes of one partition of one stage.

    What a handler writes becomes durable with the transaction of its window, together with the events and the input offset, or not at
    all. Keys are text without NUL; keep them and the values short: every change is a record on the changelog.
    """

    def get(self, key: str) -> bytes | None:
        """Return the value, with this handler's own changes, or None."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Set a value."""
        ...

    def delete(self, key: str) -> None:
        """Remove a key; nothing happens where there is none."""
        ...

    def scan(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield all pairs whose key begins with the prefix, in ascending order of the key's UTF-8 bytes."""
        ...

    def view(self, build: Callable[[State], View]) -> View:
        """Return an index in memory that the handler derives from the state, built by `build(self)` when there is none yet.

        The handler keeps it in step with its own puts and deletes. Whenever changes are undone the view is thrown away and built anew,
        so that it never remembers what the state does not hold.
        """
        ...
