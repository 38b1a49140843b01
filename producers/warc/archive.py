"""An archive's bytes: how they are packed, and where in them records begin."""

from __future__ import annotations

import os
import re
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from newswire.topology import MIB
from producers.files.found import Refusal
from producers.warc.limits import MAX_BLOCK_BYTES, MAX_HEADER_BYTES

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_VERSION: Final = re.compile(rb"WARC/(?:0\.1[0-9]|1\.[0-9])\r?\n")
_LONGEST_VERSION: Final = 16
_LINES: Final = 1024
_LOOK: Final = 4 * 1024
"""Bytes of a record that are unpacked to see whether it is one."""
_PIECE: Final = MIB


class Readable(Protocol):
    """What the parser reads from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return bytes; empty at the end."""
        ...

    def tell(self) -> int:
        """Return how many were read."""
        ...


class Archive:
    """An archive that can be gone back in: a regular file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self.size = os.fstat(self._descriptor).st_size
        start = os.pread(self._descriptor, len(_ZSTD), 0)
        self._magic = next((magic for magic in (_GZIP, _ZSTD) if start.startswith(magic)), b"")

    @property
    def packed(self) -> bool:
        """Whether it is packed, with gzip or zstd."""
        return bool(self._magic)

    def head(self, size: int) -> bytes:
        """Return its first bytes."""
        return os.pread(self._descriptor, size, 0)

    def at(self, offset: int) -> Readable:
        """Return it as a stream from there on."""
        self._file.seek(offset)
        return self._file

    def begins(self, offset: int, record_id: str) -> bool:
        """Return whether the record with that id begins at an offset: packed by itself, or not packed.

        What the parser gives as a record's place is that of a later one, where several are packed together.
        """
        name = record_id.encode()
        # Nearly always in the first lines; to unpack more costs as much as all the rest.
        return name in self._look(offset, _LINES) or name in self._look(offset, MAX_HEADER_BYTES)

    def next_record(self, start: int) -> int | None:
        """Return the first offset from `start` on at which a record begins; None where there is none."""
        pattern = re.compile(re.escape(self._magic)) if self._magic else _VERSION
        overlap = _LONGEST_VERSION
        while start < self.size:
            piece = os.pread(self._descriptor, _PIECE + overlap, start)
            for found in pattern.finditer(piece):
                if not self._magic or _VERSION.match(self._look(start + found.start(), _LONGEST_VERSION)):
                    return start + found.start()
            start += _PIECE
        return None

    def end_of(self, offset: int) -> int | None:
        """Return where what is packed at an offset ends; None where nothing is packed, or too much to look."""
        if not self._magic or os.pread(self._descriptor, len(self._magic), offset) != self._magic:
            return None
        unpacker: Any = zlib.decompressobj(31) if self._magic == _GZIP else ZstdDecompressor()
        at, unpacked = offset, 0
        try:
            while not unpacker.eof:
                packed = os.pread(self._descriptor, _LOOK, at)
                at += len(packed)
                # 4 KiB unpack to some MiB at most.
                unpacked += len(unpacker.decompress(packed))
                if not packed or unpacked > MAX_BLOCK_BYTES:
                    return None
        except (zlib.error, ZstdError):
            return None
        return at - len(unpacker.unused_data)

    def _look(self, offset: int, most: int) -> bytes:
        """Return up to `most` bytes of what is there, unpacked; nothing where it cannot be unpacked."""
        packed = os.pread(self._descriptor, max(min(most, _LOOK), _LINES), offset)
        if not self._magic:
            return packed[:most]
        if not packed.startswith(self._magic):
            return b""
        unpack: Callable[[bytes, int], bytes]
        unpack = zlib.decompressobj(31).decompress if self._magic == _GZIP else ZstdDecompressor().decompress
        try:
            return unpack(packed, most)
        except (zlib.error, ZstdError):
            return b""


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a regular file. `path` must be resolved: a link that takes its place is an OSError; what is no file is refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refusal("special-file", "not a file: pipe its content to `newswire produce warc -`")
        yield Archive(file)
