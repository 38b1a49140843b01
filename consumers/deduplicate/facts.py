"""The fact guard: numbers and names in their places, so that tomorrow's report from the same template is no copy of today's.

A fact is a number or a name (a run of them) with the words around it. Where two texts have the same words around a fact, the fact
itself must agree. What only one text has says nothing: an excerpt lacks most facts and contradicts none.

In a list (results, court cases, obituaries) the same words stand around many facts, and any of them may be the one that an excerpt has.
Such a fact is stored with its context and value as one: it can be found in another text or not, and never contradicts.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.sketch import mix
from consumers.deduplicate.spelled import spelled
from consumers.deduplicate.words import Hashes, Words

MOST: Final = 9
"""Facts of each kind that are stored of a text: at most 15, they share a byte."""
MOST_CONFLICTS: Final = 0.35
"""Share of comparable facts of one kind that may differ: a corrected figure is one among several, a template sibling differs in most."""
LEAST_SAME: Final = 3
"""Where only two of a kind can be compared, one may differ if so many of the other kind agree, and none differs."""
MANY_SAME: Final = 8
"""The only one of a kind that is stored may differ if so many of the other kind agree, and none differs."""
MOST_FOUND: Final = 20_000
"""Facts of each kind that are looked at in a text that arrives: of more, those that would be stored first."""
LEAST_STORED: Final = 8
"""With fewer stored facts it tells nothing that they are not in the other text."""
LEAST_FOUND: Final = 0.3
"""Share of the stored facts that must be found in a text that has all of the stored text."""
CONTEXT_BITS: Final = 14
"""Bits that are kept of the words around a fact. By chance one stored fact in 300 meets those of another place."""
_CONTEXT_MASK: Final = (1 << CONTEXT_BITS) - 1
VALUE_BITS: Final = 8
"""Bits that are kept of a fact itself. By chance one that differs in so many agrees."""
_VALUE_MASK: Final = (1 << VALUE_BITS) - 1
NAME, NUMBER, SPELLED = 1, 2, 3
"""Kinds of facts; `SPELLED` is a number in words."""
_MASKS: Final = np.array((0, 0x5851F42D4C957F2D, 0x14057B7EF767814F, 0x14057B7EF767814F), np.uint64)
LEAST_DIGITS: Final = 3
"""Of a text that has fewer numbers in digits those in words are stored too: `two years ago` is in many, and tells little."""

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The stored facts of a text: (14 bits of the words around it, 8 bits of the fact), in ascending order.

    Of a fact in a list the 14 bits are those of words and fact together, and the 8 bits follow from them (see `_mark`).
    """

    numbers: Pairs
    """A sample of its numbers."""
    names: Pairs
    """A sample of its names."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Facts that stand in the same place of both texts."""

    numbers_same: int
    """Numbers that agree."""
    numbers_other: int
    """Numbers that differ."""
    numbers_stored: int
    """Numbers that were stored."""
    names_same: int
    """Names that agree."""
    names_other: int
    """Names that differ."""
    names_stored: int
    """Names that were stored."""
    digits: tuple[int, int, int] | None = None
    """Of the numbers those that are not in words: how many agree, differ and were stored; None where none is in words."""

    @property
    def holds(self) -> bool:
        """Whether the texts may tell of the same facts. Numbers in digits must agree also without those in words, which tell less."""
        numbers = self.numbers_same, self.numbers_other, self.numbers_stored
        names = self.names_same, self.names_other, self.names_stored
        digits = self.digits or numbers
        return _few(numbers, names) and _few(digits, names) and _few(names, numbers)

    @property
    def stored(self) -> int:
        """Facts that were stored."""
        return self.numbers_stored + self.names_stored

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

    def __init__(self, words: Words, language: str) -> None:
        found = read(words, language)
        listed = mix(found.contexts + found.values) & np.uint64(_CONTEXT_MASK)
        values = found.values & np.uint64(_VALUE_MASK)
        # Words around, fact, both together; the order of sampling is that of the whole hash of the words around.
        every = list(zip(found.contexts.tolist(), values.tolist(), listed.tolist(), strict=True))
        self._numbers = _Kind(itertools.compress(every, (found.kinds >= NUMBER).tolist()))
        self._digits, self._in_words = self._numbers, None
        if (in_words := found.kinds == SPELLED).any():
            self._digits = _Kind(itertools.compress(every, (found.kinds == NUMBER).tolist()))
            self._in_words = _Kind(itertools.compress(every, in_words.tolist()))
        self._names = _Kind(itertools.compress(every, (found.kinds == NAME).tolist()))

    def facts(self) -> Facts:
        """Return the sample to store."""
        numbers = self._digits.sample()
        if self._in_words is not None and len(numbers) < LEAST_DIGITS:
            numbers = tuple(sorted({*numbers, *self._in_words.sample()[: MOST - len(numbers)]}))
        return Facts(numbers, self._names.sample())

    def gone(self, stored: Facts) -> int:
        """Return how many stored facts have another value in their place, and their own value nowhere in this text."""
        return self._numbers.gone(stored.numbers) + self._names.gone(stored.names)

    def agreement(self, stored: Facts) -> Agreement:
        """Compare stored facts with this whole text."""
        return Agreement(
            *self._numbers.compare(stored.numbers),
            *self._names.compare(stored.names),
            digits=self._digits_alone(stored.numbers),
        )

    def _digits_alone(self, stored: Pairs) -> tuple[int, int, int] | None:
        if self._in_words is None:
            return None
        same, other, _ = self._digits.compare(stored)
        in_words = self._in_words.compare(stored)
        return same, other, max(same + other, len(stored) - in_words[0] - in_words[1])


def _few(these: tuple[int, int, int], others: tuple[int, int, int]) -> bool:
    """Return whether few enough of these (same, other, stored) differ."""
    same, other, stored = these
    if other <= MOST_CONFLICTS * (same + other):
        return True
    if other > 1 or others[1]:
        return False
    return others[0] >= LEAST_SAME if same == 1 else stored == 1 and others[0] >= MANY_SAME


class Read(NamedTuple):
    """All facts of a text, in order."""

    contexts: Hashes
    """Hash of the words around each."""
    values: Hashes
    """Hash of each one's own words."""
    kinds: npt.NDArray[np.uint64]
    """1 a name, 2 a number, 3 a number in words."""
    firsts: npt.NDArray[np.intp]
    """Number of each one's first word."""
    ends: npt.NDArray[np.intp]
    """Number of the word after its last."""


def read(words: Words, language: str) -> Read:
    """Return context, value and kind of every fact."""
    kinds, hashes = _with_spelled(words, language)
    empty = np.zeros(0, dtype=np.uint64)
    if not len(kinds):
        return Read(empty, empty, empty, empty.astype(np.intp), empty.astype(np.intp))
    inside = kinds != 0
    first = ~inside
    first[0] = True
    first[1:] |= kinds[1:] != kinds[:-1]
    starts = first.nonzero()[0]
    kind = kinds[starts]
    facts = kind.nonzero()[0]
    if not len(facts):
        return Read(empty, empty, empty, empty.astype(np.intp), empty.astype(np.intp))
    kind = kind[facts]
    row = np.zeros(len(starts) + 3, np.uint64)  # two before the first and one after the last
    row[2:-1] = hashes[starts]
    row[facts + 2] = _MASKS[kind]
    both = np.empty((2, len(facts)), np.uint64)
    np.add.reduceat(mix(hashes[inside]), first[inside].nonzero()[0], out=both[0])
    both[1] = row[facts]
    values, contexts = mix(both)
    for place in (1, 2, 3):
        contexts = mix(contexts + row[facts + place])
    ends = np.empty_like(starts)
    ends[:-1], ends[-1] = starts[1:], len(kinds)
    return Read(contexts, values, kind.astype(np.uint64), starts[facts], ends[facts])


def _with_spelled(words: Words, language: str) -> tuple[npt.NDArray[np.uint8], Hashes]:
    """Return kinds and hashes of words, numbers in words as such: with the hash of their digits."""
    known = spelled(language)
    places = known.places(words.hashes)
    found = (places >= 0) & (words.kinds == 0)
    if not found.any():
        return words.kinds, words.hashes
    kinds, hashes = words.kinds.copy(), words.hashes.copy()
    kinds[found], hashes[found] = SPELLED, known.numbers[places[found]]
    return kinds, hashes


class _Kind:
    """All facts of one kind of a text that has arrived."""

    def __init__(self, facts: Iterable[tuple[int, int, int]]) -> None:
        found = list(facts)
        if len(found) > MOST_FOUND:
            limit = sorted(found)[MOST_FOUND][0]
            found = [fact for fact in found if fact[0] < limit]
        self._facts = sorted(set(found))

    def sample(self) -> Pairs:
        """Return what to store: facts with words around them that no other fact has; where these are few, those of lists too."""
        telling: list[tuple[int, int]] = []
        listed: set[int] = set()
        before = None
        for place, (context, value, both) in enumerate(self._facts, 1):
            if context == before or (place < len(self._facts) and self._facts[place][0] == context):
                listed.add(both)
            else:
                telling.append((context & _CONTEXT_MASK, value))
                if len(telling) == MOST:
                    break
            before = context
        chosen = sorted(listed)[: MOST - len(telling)]
        return tuple(sorted([*telling, *((both, _mark(both)) for both in chosen)]))

    def compare(self, stored: Pairs) -> tuple[int, int, int]:
        """Return how many stored facts agree, how many differ, and how many there are."""
        plain = self._plain
        same, other = sum(map(plain.__contains__, stored)), 0
        if same < len(stored):
            contexts, listed = self._contexts, self._listed
            for pair in stored:
                context, value = pair
                if (context in contexts or context in listed) and pair not in plain:
                    if value == _mark(context):
                        same += context in listed
                    else:
                        other += context in contexts
        return same, other, len(stored)

    def gone(self, stored: Pairs) -> int:
        """Return how many stored facts have another value in their place, and their own value nowhere; none of a list."""
        contexts = self._contexts
        anywhere = {value for _, value, _ in self._facts}
        return sum(
            context in contexts and value not in anywhere and value != _mark(context)
            for context, value in stored
        )

    @functools.cached_property
    def _plain(self) -> set[tuple[int, int]]:
        return {(context & _CONTEXT_MASK, value) for context, value, _ in self._facts}

    @functools.cached_property
    def _contexts(self) -> set[int]:
        return {context & _CONTEXT_MASK for context, _, _ in self._facts}

    @functools.cached_property
    def _listed(self) -> set[int]:
        return {both for _, _, both in self._facts}


def _mark(context: int) -> int:
    """Return the value by which a fact of a list is known among the stored ones; one in 256 of the others has it by chance."""
    return context * 0x9E37 >> 6 & _VALUE_MASK
