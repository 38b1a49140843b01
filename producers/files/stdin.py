"""Standard input as a stream that does not block the loop."""

from __future__ import annotations

import io
import os
import select
from typing import IO, Final

_WAIT_SECONDS: Final = 0.2


class Stdin:
    """Reads what has come, or says that nothing has. What was peeked at is read again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._ahead = b""
        try:
            self._descriptor: int | None = file.fileno()
        except io.UnsupportedOperation:
            self._descriptor = None  # a buffer in memory: never has to wait

    def read(self, size: int) -> bytes | None:
        """Return up to `size` bytes, empty at the end, None when nothing came for a fifth of a second."""
        if self._ahead:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        if self._descriptor is None:
            return self._file.read(size)
        ready, _, _ = select.select([self._descriptor], [], [], _WAIT_SECONDS)
        return os.read(self._descriptor, size) if ready else None

    def push_back(self, data: bytes) -> None:
        """Put bytes back in front."""
        self._ahead = data + self._ahead
