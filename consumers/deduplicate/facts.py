"""The fact guard: numbers and names in their places, so that tomorrow's report from the same template is no copy of today's.

A fact is a number or a name (a run of them) with the words around it. Where two texts have the same words around a fact, the fact
itself must agree. What only one text has says nothing: an excerpt lacks most facts and contradicts none.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers import packing
from consumers.deduplicate.sketch import mix
from consumers.deduplicate.words import Hashes, Words

MOST: Final = 12
"""Facts of each kind that are stored of a text."""
MOST_CONFLICTS: Final = 0.5
"""Share of comparable facts of one kind that may differ: a corrected figure is one among several, a template sibling differs in most."""
_NAME, _NUMBER = 1, 2
_MASKS: Final = (np.uint64(0), np.uint64(0x5851F42D4C957F2D), np.uint64(0x14057B7EF767814F))

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The stored facts of a text: (16 bits of the words around it, 8 bits of the fact)."""

    numbers: Pairs
    """A sample of its numbers."""
    names: Pairs
    """A sample of its names."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        pairs = (*self.numbers, *self.names)
        head = bytes((len(self.numbers), len(self.names)))
        return head + b"".join(struct.pack("<HB", *pair) for pair in pairs)

    @classmethod
    def unpack(cls, data: packing.Reader) -> Facts:
        """Read what was packed."""
        numbers, names = data.take(2)
        pairs = tuple(struct.iter_unpack("<HB", data.take(3 * (numbers + names))))
        return cls(pairs[:numbers], pairs[numbers:])


@dataclass(frozen=True, slots=True)
class Agreement:
    """Facts that stand in the same place of both texts."""

    numbers_same: int
    """Numbers that agree."""
    numbers_other: int
    """Numbers that differ."""
    names_same: int
    """Names that agree."""
    names_other: int
    """Names that differ."""

    @property
    def holds(self) -> bool:
        """Whether the texts may tell of the same facts."""
        return _few(self.numbers_other, self.numbers_same) and _few(self.names_other, self.names_same)


class Statements:
    """All facts of a text that has arrived."""

    def __init__(self, words: Words) -> None:
        contexts, values, kinds = _read(words)
        self._numbers = _pairs(contexts, values, kinds == _NUMBER)
        self._names = _pairs(contexts, values, kinds == _NAME)

    def facts(self) -> Facts:
        """Return the sample to store."""
        return Facts(_sample(self._numbers), _sample(self._names))

    def agreement(self, stored: Facts) -> Agreement:
        """Compare stored facts with this whole text."""
        return Agreement(
            *_compare(stored.numbers, _by_context(self._numbers)),
            *_compare(stored.names, _by_context(self._names)),
        )


def _few(other: int, same: int) -> bool:
    return other <= MOST_CONFLICTS * (other + same)


def _read(words: Words) -> tuple[Hashes, Hashes, Hashes]:
    """Return context, value and kind of every fact, in order of text."""
    kinds = words.kinds
    empty = np.zeros(0, dtype=np.uint64)
    if not len(kinds):
        return empty, empty, empty
    first = np.ones(len(kinds), dtype=bool)
    first[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == 0)
    starts = np.flatnonzero(first)
    values = mix(np.add.reduceat(mix(words.hashes), starts))
    kind = kinds[starts]
    row = np.where(kind == 0, words.hashes[starts], np.choose(kind, _MASKS))
    padded = np.concatenate((np.zeros(2, np.uint64), row, np.zeros(1, np.uint64)))
    contexts = mix(mix(mix(mix(padded[:-3]) + padded[1:-2]) + padded[2:-1]) + padded[3:])
    facts = kind != 0
    return contexts[facts], values[facts], kind[facts].astype(np.uint64)


def _pairs(contexts: Hashes, values: Hashes, chosen: npt.NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Return sorted, distinct (order, context, value) triples: the order of sampling is that of the whole context hash."""
    whole = contexts[chosen].tolist()
    value = values[chosen].tolist()
    return sorted({(c, c & 0xFFFF, v & 0xFF) for c, v in zip(whole, value, strict=True)})


def _sample(pairs: list[tuple[int, int, int]]) -> Pairs:
    return tuple((context, value) for _, context, value in pairs[:MOST])


def _by_context(pairs: list[tuple[int, int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for _, context, value in pairs:
        found.setdefault(context, set()).add(value)
    return found


def _compare(stored: Pairs, arrived: dict[int, set[int]]) -> tuple[int, int]:
    values = [(value, arrived[context]) for context, value in stored if context in arrived]
    same = sum(value in options for value, options in values)
    return same, len(values) - same
