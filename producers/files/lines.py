"""Cutting a stream into lines, with a bound on the memory that one line can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from newswire.topology import MIB
from producers.files.found import EXCERPT_BYTES, MAX_RECORD_BYTES, Refusal

_CHUNK: Final = 64 * 1024


def lines(read: Callable[[int], bytes | None]) -> Iterator[tuple[int, bytes | Refusal] | None]:
    """Yield (line number from 1, the line without its end) and None whenever `read` has nothing yet.

    `read(n)` gives up to n bytes, empty at the end, None when it would have to wait. A line above `MAX_RECORD_BYTES` comes as a
    `Refusal` with its beginning; its rest is passed over without being kept. Empty lines are counted but not yielded.
    """
    number, pending, dropped = 1, bytearray(), 0
    while True:
        chunk = read(_CHUNK)
        if chunk is None:
            yield None
            continue
        if chunk and not pending and not dropped and chunk.isspace():
            number += chunk.count(
                b"\n"
            )  # what is only made to keep us busy: a packed kilobyte unpacks to a megabyte of it
            continue
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            line = _finish(pending, piece, dropped)
            if line:
                yield number, line
            number, pending, dropped = number + 1, bytearray(), 0
        if dropped or len(pending) + len(rest) > MAX_RECORD_BYTES:
            dropped += len(rest) + max(len(pending) - EXCERPT_BYTES, 0)
            del pending[EXCERPT_BYTES:]
        else:
            pending += rest
        if not chunk:
            last = _finish(pending, b"", dropped)
            if last:
                yield number, last
            return


def _finish(pending: bytearray, piece: bytes, dropped: int) -> bytes | Refusal:
    if dropped or len(pending) + len(piece) > MAX_RECORD_BYTES:
        size = len(pending) + dropped + len(piece)
        return Refusal(
            "too-large",
            f"a line of more than {MAX_RECORD_BYTES // MIB} MiB: one record a line, each with a body of at most 8 MiB",
            original=bytes(pending[:EXCERPT_BYTES]) or piece[:EXCERPT_BYTES],
            size=size,
        )
    return bytes(pending + piece).strip()
