"""What rules 2 remembered of an article before: formats 2 and 3, which are read on. Only what articles are compared by stood otherwise."""

from __future__ import annotations

import struct
from typing import Any, Final

from consumers import packing
from consumers.deduplicate import fields
from consumers.deduplicate.facts import CONTEXT_BITS, Facts, Pairs
from consumers.deduplicate.places import NOWHERE
from consumers.deduplicate.sketch import KEY_BITS, Sketch

_NARROW: Final = 2  # its mask of compared fields had two bytes
NUMBERS: Final = (_NARROW, 3)
"""The formats that are read here."""


def compared(data: packing.Reader, version: int) -> dict[str, Any]:
    """Return what articles are compared by, by the names that it has today."""
    return {
        "words_hash": data.take(3),
        "fields": fields.take_narrow(data) if version == _NARROW else fields.take_plain(data),
        "sketch": _sketch(data),
        "facts": _facts(data),
        "published": data.signed(),
        "place": data.take(len(NOWHERE)),
        "headline": data.text(),
    }


def _sketch(data: packing.Reader) -> Sketch:
    count, size = data.number(), data.number()
    (threshold,) = struct.unpack("<H", data.take(2))
    return Sketch(count, threshold, tuple(data.ascending(size, 1 << KEY_BITS)))


def _facts(data: packing.Reader) -> Facts:
    (sizes,) = data.take(1)
    return Facts(_pairs(data, sizes >> 4), _pairs(data, sizes & 15))


def _pairs(data: packing.Reader, size: int) -> Pairs:
    contexts = data.ascending(size, 1 << CONTEXT_BITS)
    return tuple(zip(contexts, data.take(size), strict=True))
