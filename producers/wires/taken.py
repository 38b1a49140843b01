"""What is remembered of files: how far each was published, in the transaction that published it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import orjson

from newswire.state.contract import State
from producers.wires.moving import Stamp

_PREFIX: Final = "f:"
_NO_TIME: Final = 0
"""In what was remembered before ctime was: no file has it, so that it is read again, and known by its digest."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a file was published."""

    digest: str
    """SHA-256 of its bytes; nothing where they could not be read."""
    stamp: Stamp
    """By which an unchanged file is known without reading it."""
    items: int
    """How many of its items were published or refused."""
    failed: int
    """How many of these were refused."""
    whole: bool
    """Whether these are all."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        return orjson.dumps([self.digest, *self.stamp, self.items, self.failed, self.whole])

    @classmethod
    def unpack(cls, value: bytes) -> Taken:
        """Return what was packed."""
        digest, size, changed, *more, items, failed, whole = orjson.loads(value)
        return cls(digest, (size, changed, *(more or [_NO_TIME])), items, failed, whole)


class Memory:
    """The files of one feed. Names are kept as hashes only: state must say nothing that a purge would have to find."""

    def __init__(self, state: State, feed: str) -> None:
        self._state = state
        self._prefix = f"{_PREFIX}{_hash(feed)}:"

    def of(self, shown: str) -> Taken | None:
        """Return what is remembered of a file."""
        value = self._state.get(self._key(shown))
        return None if value is None else Taken.unpack(value)

    def note(self, shown: str, taken: Taken) -> None:
        """Remember how far a file was published."""
        self._state.put(self._key(shown), taken.pack())

    def forget(self, shown: str) -> None:
        """Forget a file."""
        self._state.delete(self._key(shown))

    def forget_all_but(self, shown: set[str]) -> None:
        """Forget files that are no longer there."""
        there = {self._key(name) for name in shown}
        for key in [key for key, _ in self._state.scan(self._prefix) if key not in there]:
            self._state.delete(key)

    def _key(self, shown: str) -> str:
        return f"{self._prefix}{_hash(shown)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
