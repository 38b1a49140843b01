"""The samples of a text as they are remembered: its sketch and its facts, packed together."""

from __future__ import annotations

import struct
from typing import Final

from consumers import packing
from consumers.deduplicate.facts import CONTEXT_BITS, VALUE_BITS, Facts, Pairs
from consumers.deduplicate.sketch import KEY_BITS, Sketch

_KEYS: Final = 1 << KEY_BITS
_FACTS: Final = 1 << CONTEXT_BITS + VALUE_BITS


def pack(sketch: Sketch, facts: Facts) -> bytes:
    """Return the bytes that `take` reads, which must be the last of what is packed; 102 for 28 keys and 14 facts."""
    sizes = len(facts.numbers) << 4 | len(facts.names)
    head = packing.number(sketch.count) + packing.number(len(sketch.keys))
    rows = ((_numbers(pairs), _FACTS) for pairs in (facts.numbers, facts.names))
    return head + struct.pack("<HB", sketch.threshold, sizes) + packing.rising([(sketch.keys, _KEYS), *rows])


def take(data: packing.Reader) -> tuple[Sketch, Facts]:
    """Read what was packed: all that is left."""
    count, size = data.number(), data.number()
    threshold, sizes = struct.unpack("<HB", data.take(3))
    keys, *facts = data.rising([(size, _KEYS), (sizes >> 4, _FACTS), (sizes & 15, _FACTS)])
    return Sketch(count, threshold, tuple(keys)), Facts(*map(_pairs, facts))


def _numbers(pairs: Pairs) -> list[int]:
    return [context << VALUE_BITS | value for context, value in pairs]


def _pairs(numbers: list[int]) -> Pairs:
    return tuple([(number >> VALUE_BITS, number & (1 << VALUE_BITS) - 1) for number in numbers])
