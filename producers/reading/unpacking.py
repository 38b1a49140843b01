"""The bytes of a feed or sitemap out of the gzip that they may be in, whatever their name or header says."""

from __future__ import annotations

import zlib
from typing import Final

_MAGIC: Final = b"\x1f\x8b"  # RFC 1952, 2.3.1
_MOST_LAYERS: Final = 2  # packed once as a file, and once more by a server that took it for text
_STEP: Final = 256 * 1024


def unpacked(data: bytes, most: int) -> tuple[bytes, tuple[str, ...]]:
    """Return at most `most` bytes of what was packed, and what was wrong with it; bytes that are no gzip are returned as they are.

    A gzip that breaks off or is damaged gives what comes before that; junk after the last member is left out.
    """
    problems: list[str] = []
    for _ in range(_MOST_LAYERS):
        if not data.startswith(_MAGIC):
            break
        data, problem = _one_layer(data, most)
        if problem:
            problems.append(problem)
    if len(data) > most:
        problems.append(_cut(most))
        data = data[:most]
    return data, tuple(dict.fromkeys(problems))


def _one_layer(data: bytes, most: int) -> tuple[bytes, str | None]:
    pieces: list[bytes] = []
    size = 0
    while data.startswith(_MAGIC):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while data:
            before = member.copy()
            try:
                # One byte more than wanted shows that there is more.
                piece = member.decompress(data, min(_STEP, most + 1 - size))
            except zlib.error as error:
                pieces.append(_up_to_the_damage(before, data))
                return b"".join(pieces), f"the gzip is damaged: what comes before that was read ({error})"
            pieces.append(piece)
            size += len(piece)
            if size > most:
                return b"".join(pieces)[:most], _cut(most)
            data = member.unconsumed_tail
        if not member.eof:
            return b"".join(pieces), "the gzip breaks off: what comes before that was read"
        data = member.unused_data
    return b"".join(pieces), None


def _up_to_the_damage(member: zlib._Decompress, data: bytes) -> bytes:
    """Return what can be had one byte at a time: a call that meets damage gives nothing of what it had unpacked."""
    found = bytearray()
    try:
        while data and len(found) < _STEP:
            found += member.decompress(data, 1)
            data = member.unconsumed_tail
    except zlib.error:
        return bytes(found)
    return bytes(found)


def _cut(most: int) -> str:
    return f"only the first {most:,} bytes were read"
