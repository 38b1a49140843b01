"""Opening a file safely, and reading it within limits."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from newswire.topology import MIB
from producers.files.found import EXCERPT_BYTES, Refusal

_GZIP_MAGIC: Final = b"\x1f\x8b"
_CHUNK: Final = 64 * 1024
_MAX_RATIO: Final = 100  # text packs 3 to 20 times; only what is made to fill memory packs more than this
_RATIO_COUNTS_FROM: Final = 64 * MIB  # bytes unpacked


class Unpacking:
    """A gzip stream that refuses to be a bomb and tells a broken file from its end. Same `read` as a file."""

    def __init__(self, file: IO[bytes], packed_size: int) -> None:
        self._file = gzip.GzipFile(fileobj=file, mode="rb")
        self._packed_size = packed_size
        self._unpacked = 0

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, empty at the end. Raises `Refusal` for a bomb or a broken file."""
        try:
            data = self._file.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Refusal(
                "broken-gzip", f"the gzip file is damaged or cut short ({error}): pack it again"
            ) from error
        self._unpacked += len(data)
        if self._unpacked > _RATIO_COUNTS_FROM and self._unpacked > _MAX_RATIO * self._packed_size:
            raise Refusal(
                "gzip-bomb",
                f"unpacks to more than {_MAX_RATIO} times its size: unpack it and look at what is in it",
            )
        return data


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes] | Unpacking, int]]:
    """Open a regular file, unpacking gzip by its first bytes, and yield it with its size on disk.

    `path` must be resolved: a link that takes its place in the meantime is an OSError, a pipe or device that does is refused and
    cannot block.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Refusal("special-file", "not a file: pipe its content to `newswire produce files -`")
        packed = file.peek(2)[:2] == _GZIP_MAGIC
        yield (Unpacking(file, status.st_size) if packed else file), status.st_size


def read_whole(file: IO[bytes] | Unpacking, limit: int, advice: str) -> bytes:
    """Return the whole content, at most `limit` bytes; `Refusal` with the beginning when there is more."""
    chunks: list[bytes] = []
    length = 0
    while chunk := file.read(min(_CHUNK, limit + 1 - length)):
        chunks.append(chunk)
        length += len(chunk)
        if length > limit:
            raise too_large(b"".join(chunks), length, limit, advice)
    return b"".join(chunks)


def too_large(beginning: bytes, size: int, limit: int, advice: str) -> Refusal:
    """Return the refusal of an input of at least `size` bytes where `limit` is the most."""
    return Refusal(
        "too-large",
        f"more than {limit} bytes ({limit / MIB:g} MiB): {advice}",
        original=beginning[:EXCERPT_BYTES],
        size=size,
    )
