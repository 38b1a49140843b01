"""What rules 1 remembered of an article, read as far as it says something to those of today.

Its sketch had keys of 24 bits, of which today's are a part, and facts with 16 bits of context; its fields were hashed in another way, so
that the first revision after it names none.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from consumers import packing
from consumers.deduplicate import versions
from consumers.deduplicate.facts import CONTEXT_BITS, MOST, Facts, Pairs
from consumers.deduplicate.places import of_address
from consumers.deduplicate.sketch import KEY_BITS, Sketch

FIRST_BYTE: Final = 1
"""A record of this format begins with its number, where today's has it in its upper bits."""
_SKETCHED, _EARLIER, _VERSIONED, _POSTS = 4, 8, 16, 32


def head(data: packing.Reader) -> tuple[int, list[int]]:
    """Return the flags and what the head says, in today's order."""
    _, flags, revision, first_seen_ms, delta, seen_step, origin, partition, offset = (
        data.number() for _ in range(9)
    )
    captured_ms = first_seen_ms - delta if flags & _EARLIER else first_seen_ms + delta
    return flags, [first_seen_ms, captured_ms, seen_step, origin, partition, offset, revision]


def body(data: packing.Reader, flags: int) -> dict[str, Any]:
    """Return the rest, by the names that it has today."""
    fields, former = data.number(), data.number()
    found: dict[str, Any] = {"content_hash": data.take(32)}
    data.take(4 + fields)
    found["former"] = tuple(data.take(8)[:4] for _ in range(former))
    found["order"] = versions.unpack(data) if flags & _VERSIONED else None
    found["posts"] = data.take(data.number()) if flags & _POSTS else b""
    if not flags & _SKETCHED:
        return found | {"copy_of": data.rest() if flags & 3 == 1 else b""}
    found["sketch"], found["facts"] = _sketch(data), _facts(data)
    return found | {
        "headline": data.text(),
        "words_hash": bytes(3),
        "place": of_address(data.text()) + bytes(3),
    }


def _sketch(data: packing.Reader) -> Sketch:
    count, size = data.number(), data.number()
    (threshold,) = struct.unpack("<I", data.take(4))
    keys = [int.from_bytes(data.take(3), "big") & ((1 << KEY_BITS) - 1) for _ in range(size)]
    return Sketch(count, threshold >> 16, tuple(sorted(set(keys))))


def _facts(data: packing.Reader) -> Facts:
    numbers, names = data.take(2)
    pairs = [struct.unpack("<HB", data.take(3)) for _ in range(numbers + names)]
    return Facts(_shorter(pairs[:numbers]), _shorter(pairs[numbers:]))


def _shorter(pairs: list[tuple[Any, ...]]) -> Pairs:
    return tuple(sorted((context & ((1 << CONTEXT_BITS) - 1), value) for context, value in pairs[:MOST]))
