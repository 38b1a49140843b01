"""The fact guard: numbers and names in their places, so that tomorrow's report from the same template is no copy of today's.

A fact is a number or a name (a run of them) with the words around it. Where two texts have the same words around a fact, the fact
itself must agree. What only one text has says nothing: an excerpt lacks most facts and contradicts none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from consumers import packing
from consumers.deduplicate.sketch import mix
from consumers.deduplicate.words import Hashes, Words

MOST: Final = 9
"""Facts of each kind that are stored of a text: at most 15, they share a byte."""
MOST_CONFLICTS: Final = 0.35
"""Share of comparable facts of one kind that may differ: a corrected figure is one among several, a template sibling differs in most."""
LEAST_SAME: Final = 3
"""Where only two of a kind can be compared, one may differ if so many of the other kind agree, and none differs."""
LEAST_STORED: Final = 8
"""With fewer stored facts it tells nothing that they are not in the other text."""
LEAST_FOUND: Final = 0.3
"""Share of the stored facts that must be found in a text that has all of the stored text."""
CONTEXT_BITS: Final = 14
"""Bits that are kept of the words around a fact. By chance one stored fact in 300 meets those of another place."""
_CONTEXT_MASK: Final = (1 << CONTEXT_BITS) - 1
NAME, NUMBER = 1, 2
"""Kinds of facts."""
_MASKS: Final = np.array((0, 0x5851F42D4C957F2D, 0x14057B7EF767814F), np.uint64)

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The stored facts of a text: (14 bits of the words around it, 8 bits of the fact), in ascending order."""

    numbers: Pairs
    """A sample of its numbers."""
    names: Pairs
    """A sample of its names."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        head = bytes((len(self.numbers) << 4 | len(self.names),))
        return head + _packed(self.numbers) + _packed(self.names)

    @classmethod
    def unpack(cls, data: packing.Reader) -> Facts:
        """Read what was packed."""
        (sizes,) = data.take(1)
        return cls(_unpacked(data, sizes >> 4), _unpacked(data, sizes & 15))


def _packed(pairs: Pairs) -> bytes:
    contexts = [context for context, _ in pairs]
    return packing.ascending(contexts, 1 << CONTEXT_BITS) + bytes(value for _, value in pairs)


def _unpacked(data: packing.Reader, size: int) -> Pairs:
    contexts = data.ascending(size, 1 << CONTEXT_BITS)
    return tuple(zip(contexts, data.take(size), strict=True))


class Agreement(NamedTuple):
    """Facts that stand in the same place of both texts."""

    numbers_same: int
    """Numbers that agree."""
    numbers_other: int
    """Numbers that differ."""
    names_same: int
    """Names that agree."""
    names_other: int
    """Names that differ."""

    stored: int
    """Facts that were stored."""

    @property
    def holds(self) -> bool:
        """Whether the texts may tell of the same facts."""
        numbers, names = (self.numbers_same, self.numbers_other), (self.names_same, self.names_other)
        return _few(numbers, names) and _few(names, numbers)

    def lacks(self, share: float) -> bool:
        """Whether a text that has this share of the stored text has far fewer of its facts: then what they share is what says nothing."""
        return self.stored >= LEAST_STORED and self.same < LEAST_FOUND * share * self.stored

    @property
    def same(self) -> int:
        """Facts that agree."""
        return self.numbers_same + self.names_same

    @property
    def other(self) -> int:
        """Facts that differ."""
        return self.numbers_other + self.names_other


class Statements:
    """All facts of a text that has arrived."""

    def __init__(self, words: Words) -> None:
        contexts, values, kinds, _, _ = read(words)
        self._numbers = _pairs(contexts, values, kinds == NUMBER)
        self._names = _pairs(contexts, values, kinds == NAME)
        self._by_context: tuple[dict[int, set[int]], dict[int, set[int]]] | None = None

    def facts(self) -> Facts:
        """Return the sample to store."""
        return Facts(_sample(self._numbers), _sample(self._names))

    def gone(self, stored: Facts) -> int:
        """Return how many stored facts have another value in their place, and their own value nowhere in this text."""
        numbers, names = self._in_place()
        return _gone(stored.numbers, numbers) + _gone(stored.names, names)

    def _in_place(self) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
        if self._by_context is None:
            self._by_context = _by_context(self._numbers), _by_context(self._names)
        return self._by_context

    def agreement(self, stored: Facts) -> Agreement:
        """Compare stored facts with this whole text."""
        numbers, names = self._in_place()
        return Agreement(
            *_compare(stored.numbers, numbers),
            *_compare(stored.names, names),
            len(stored.numbers) + len(stored.names),
        )


def _few(these: tuple[int, int], others: tuple[int, int]) -> bool:
    """Return whether few enough of these (same, other) differ."""
    same, other = these
    if other <= MOST_CONFLICTS * (same + other):
        return True
    return other == same == 1 and others[0] >= LEAST_SAME and not others[1]


class Read(NamedTuple):
    """All facts of a text, in order."""

    contexts: Hashes
    """Hash of the words around each."""
    values: Hashes
    """Hash of each one's own words."""
    kinds: npt.NDArray[np.uint64]
    """1 a name, 2 a number."""
    firsts: npt.NDArray[np.intp]
    """Number of each one's first word."""
    ends: npt.NDArray[np.intp]
    """Number of the word after its last."""


def read(words: Words) -> Read:
    """Return context, value and kind of every fact."""
    kinds = words.kinds
    empty = np.zeros(0, dtype=np.uint64)
    if not len(kinds):
        return Read(empty, empty, empty, empty.astype(np.intp), empty.astype(np.intp))
    first = np.ones(len(kinds), dtype=bool)
    first[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == 0)
    starts = np.flatnonzero(first)
    kind = kinds[starts]
    facts = np.flatnonzero(kind)
    if not len(facts):
        return Read(empty, empty, empty, empty.astype(np.intp), empty.astype(np.intp))
    inside = kinds != 0
    values = mix(np.add.reduceat(mix(words.hashes[inside]), np.flatnonzero(first[inside])))
    kind = kind[facts]
    row = np.zeros(len(starts) + 3, np.uint64)  # two before the first and one after the last
    row[2:-1] = words.hashes[starts]
    row[facts + 2] = _MASKS[kind]
    contexts = mix(mix(mix(mix(row[facts]) + row[facts + 1]) + row[facts + 2]) + row[facts + 3])
    ends = np.append(starts[1:], len(kinds))
    return Read(contexts, values, kind.astype(np.uint64), starts[facts], ends[facts])


def _pairs(contexts: Hashes, values: Hashes, chosen: npt.NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Return sorted, distinct (order, context, value) triples: the order of sampling is that of the whole context hash."""
    whole = contexts[chosen].tolist()
    value = values[chosen].tolist()
    return sorted({(c, c & _CONTEXT_MASK, v & 0xFF) for c, v in zip(whole, value, strict=True)})


def _sample(pairs: list[tuple[int, int, int]]) -> Pairs:
    """Return what to store. Words around several facts (`, … said`) would meet another one of them in an excerpt: they tell nothing."""
    telling: list[tuple[int, int]] = []
    before = None
    for place, (whole, context, value) in enumerate(pairs, 1):
        if whole != before and (place == len(pairs) or pairs[place][0] != whole):
            telling.append((context, value))
            if len(telling) == MOST:
                break
        before = whole
    return tuple(sorted(telling))


def _by_context(pairs: list[tuple[int, int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for _, context, value in pairs:
        found.setdefault(context, set()).add(value)
    return found


def _compare(stored: Pairs, arrived: dict[int, set[int]]) -> tuple[int, int]:
    same = other = 0
    for context, value in stored:
        options = arrived.get(context)
        if options is not None:
            if value in options:
                same += 1
            else:
                other += 1
    return same, other


def _gone(stored: Pairs, arrived: dict[int, set[int]]) -> int:
    anywhere = set().union(*arrived.values())
    return sum(context in arrived and value not in anywhere for context, value in stored)
