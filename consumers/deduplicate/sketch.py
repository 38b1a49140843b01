"""Nested samples of word shingles, and how much of one text stands in another.

A sketch keeps the smallest shingle hashes (bottom-k: Broder 1997, "On the resemblance and containment of documents"). Because every
text keeps the smallest, samples of two texts at the stricter threshold are samples of the same hash range, and containment can be
estimated in both directions. Here one side is always the whole text that has just arrived, so only the stored side is sampled.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Set
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.words import Hashes, Words

WIDTH: Final = 3
"""Words in a shingle."""
LEAST_KEYS: Final = 28
"""Keys in a sketch of an ordinary article."""
MOST_KEYS: Final = 40
"""Keys in the sketch of a long text, so that a short excerpt of it still meets some."""
WORDS_PER_KEY: Final = 24
"""Beyond `LEAST_KEYS`, one key for so many words."""
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))
_FACTORS: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_NUMBER_MASK: Final = np.uint64(0x9E3779B97F4A7C15 >> 2)
KEY_BITS: Final = 22
"""Bits that are kept of a shingle's hash."""
_KEY_MASK: Final = np.uint64((1 << KEY_BITS) - 1)
_ALL: Final = (1 << 16) - 1
Keys = npt.NDArray[np.uint32]


class Shingles:
    """All shingles of a text that has arrived."""

    def __init__(self, at: Hashes, distinct: Hashes) -> None:
        self.at = at
        """Hash of the shingle that begins at each word; numbers are masked, so that a template keeps its shingles."""
        self.distinct = distinct
        """The distinct ones, ascending."""
        self.count = len(distinct)
        """How many distinct shingles there are."""
        self.keys: Keys = lower(distinct)
        """What would be stored of each of them."""

    def within(self, limits: npt.NDArray[np.uint16]) -> npt.NDArray[np.intp]:
        """Return for each limit of a sketch how many shingles it would sample of this text."""
        upper = (limits.astype(np.uint64) << np.uint64(48)) | np.uint64((1 << 48) - 1)
        return np.searchsorted(self.distinct, upper, side="right")

    def up_to(self, limit: int) -> int:
        """Return how many shingles a sketch with this limit would sample."""
        return int(self.within(np.array((limit,), np.uint16))[0])

    def height(self, key: int) -> int:
        """Return the upper 16 bits of the first shingle that has a key."""
        return int(self.distinct[self.places[key]]) >> 48

    @functools.cached_property
    def places(self) -> dict[int, int]:
        """For each key the number of the first shingle that has it."""
        return _firsts(self.keys.tolist())


@dataclass(frozen=True, slots=True)
class Sketch:
    """The stored sample of a text: about 70 bytes (see `sample`)."""

    count: int
    """Distinct shingles of the whole text."""
    threshold: int
    """Shingles whose upper 16 bits are at most this are in the sample."""
    keys: tuple[int, ...]
    """Lower 22 bits of the sampled shingles, ascending."""


class Overlap(NamedTuple):
    """How much of two texts is the same, estimated."""

    shared: int
    """Sampled shingles in both."""
    stored: int
    """Sampled shingles of the stored text."""
    arrived: int
    """Shingles of the arrived text in the same hash range."""

    @property
    def of_stored(self) -> float:
        """Share of the stored text that stands in the arrived one."""
        return self.shared / self.stored if self.stored else 0.0

    @property
    def of_arrived(self) -> float:
        """Share of the arrived text that stands in the stored one."""
        return self.shared / self.arrived if self.arrived else 0.0


def shingles(words: Words) -> Shingles:
    """Return the shingles of a text; none when it has fewer than `WIDTH` words."""
    row = np.where(words.kinds == 2, _NUMBER_MASK, words.hashes)
    size = len(row) - WIDTH + 1
    if size <= 0:
        empty = np.zeros(0, dtype=np.uint64)
        return Shingles(empty, empty)
    rolled = np.zeros(size, dtype=np.uint64)
    for place in range(WIDTH):
        rolled = mix(rolled + row[place : place + size])
    distinct = np.sort(rolled)
    first = np.ones(size, dtype=bool)
    np.not_equal(distinct[1:], distinct[:-1], out=first[1:])
    return Shingles(rolled, distinct[first])


def sketch(of: Shingles) -> Sketch:
    """Return the sample to store."""
    size = min(max(LEAST_KEYS, of.count // WORDS_PER_KEY), MOST_KEYS)
    threshold = _ALL if size >= of.count else int(of.distinct[size - 1] >> np.uint64(48))
    keys = of.keys[: of.up_to(threshold)]
    return Sketch(of.count, threshold, tuple(sorted(set(keys.tolist()))))


class Comparison:
    """A whole text beside stored samples, as if none had the `ignored` keys. `reach` is the highest threshold of these samples."""

    def __init__(self, arrived: Shingles, ignored: Set[int] = frozenset(), reach: int = _ALL) -> None:
        self._ignored = ignored
        end = arrived.up_to(reach)
        keys = arrived.keys[:end].tolist()
        self._places = places = _firsts(keys)
        self._heights: list[int] = (arrived.distinct[:end] >> np.uint64(48)).tolist()
        # Of shingles that have the same key the first stands for all; of those that are ignored none counts.
        not_counted = [places[key] for key in ignored if key in places] if ignored else []
        if len(places) < end:
            not_counted += [place for place, key in enumerate(keys) if places[key] != place]
        self._not_counted = sorted(not_counted)

    def overlap(self, stored: Sketch) -> Overlap:
        """Compare it with a stored sample."""
        places, end = self._places, bisect_right(self._heights, stored.threshold)
        there = set(stored.keys)
        if self._ignored:
            there.difference_update(there & self._ignored)
        shared = 0
        for key in there & places.keys():
            shared += places[key] < end
        return Overlap(shared, len(there), end - bisect_left(self._not_counted, end))


def overlap(stored: Sketch, arrived: Shingles) -> Overlap:
    """Compare a stored sample with a whole text."""
    return Comparison(arrived, reach=stored.threshold).overlap(stored)


def _firsts(keys: list[int]) -> dict[int, int]:
    """Return for each key the place where it stands first."""
    return dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))


def lower(hashes: Hashes) -> Keys:
    """Return the lower 22 bits: what is stored of a hash. By chance one shingle in 2,000 texts meets a key of an unrelated sketch."""
    return (hashes & _KEY_MASK).astype(np.uint32)


def mix(values: Hashes) -> Hashes:
    """Scramble 64-bit values so that each output bit depends on all input bits (finalizer of SplitMix64, Steele et al. 2014)."""
    mixed = values >> _SHIFTS[0]
    mixed ^= values
    mixed *= _FACTORS[0]
    shifted = mixed >> _SHIFTS[1]
    mixed ^= shifted
    mixed *= _FACTORS[1]
    np.right_shift(mixed, _SHIFTS[2], out=shifted)
    mixed ^= shifted
    return mixed
