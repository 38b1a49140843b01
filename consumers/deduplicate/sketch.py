"""Nested samples of word shingles, and how much of one text stands in another.

A sketch keeps the smallest shingle hashes (bottom-k: Broder 1997, "On the resemblance and containment of documents"). Because every
text keeps the smallest, samples of two texts at the stricter threshold are samples of the same hash range, and containment can be
estimated in both directions. Here one side is always the whole text that has just arrived, so only the stored side is sampled.
"""

from __future__ import annotations

import struct
from collections.abc import Set
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers import packing
from consumers.deduplicate.words import Hashes, Words

WIDTH: Final = 3
"""Words in a shingle."""
LEAST_KEYS: Final = 28
"""Keys in a sketch of an ordinary article."""
MOST_KEYS: Final = 40
"""Keys in the sketch of a long text, so that a short excerpt of it still meets some."""
WORDS_PER_KEY: Final = 24
"""Beyond `LEAST_KEYS`, one key for so many words."""
_NUMBER_MASK: Final = np.uint64(0x9E3779B97F4A7C15 >> 2)
KEY_BITS: Final = 22
"""Bits that are kept of a shingle's hash."""
_KEY_MASK: Final = np.uint64((1 << KEY_BITS) - 1)
_ALL: Final = (1 << 16) - 1
Keys = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Shingles:
    """All shingles of a text that has arrived."""

    at: Hashes
    """Hash of the shingle that begins at each word; numbers are masked, so that a template keeps its shingles."""
    distinct: Hashes
    """The distinct ones, ascending."""

    @property
    def count(self) -> int:
        """How many distinct shingles there are."""
        return len(self.distinct)

    def within(self, limits: npt.NDArray[np.uint16]) -> npt.NDArray[np.intp]:
        """Return for each limit of a sketch how many shingles it would sample of this text."""
        upper = (limits.astype(np.uint64) << np.uint64(48)) | np.uint64((1 << 48) - 1)
        return np.searchsorted(self.distinct, upper, side="right")


@dataclass(frozen=True, slots=True)
class Sketch:
    """The stored sample of a text: about 70 bytes."""

    count: int
    """Distinct shingles of the whole text."""
    threshold: int
    """Shingles whose upper 16 bits are at most this are in the sample."""
    keys: tuple[int, ...]
    """Lower 22 bits of the sampled shingles, ascending."""

    def pack(self) -> bytes:
        """Return the bytes that `unpack` reads."""
        head = packing.number(self.count) + packing.number(len(self.keys)) + struct.pack("<H", self.threshold)
        return head + packing.ascending(self.keys, 1 << KEY_BITS)

    @classmethod
    def unpack(cls, data: packing.Reader) -> Sketch:
        """Read what was packed."""
        count, size = data.number(), data.number()
        (threshold,) = struct.unpack("<H", data.take(2))
        return cls(count, threshold, tuple(data.ascending(size, 1 << KEY_BITS)))


@dataclass(frozen=True, slots=True)
class Overlap:
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
    return Shingles(rolled, np.unique(rolled))


def sketch(of: Shingles) -> Sketch:
    """Return the sample to store."""
    size = min(max(LEAST_KEYS, of.count // WORDS_PER_KEY), MOST_KEYS)
    threshold = _ALL if size >= of.count else int(of.distinct[size - 1] >> np.uint64(48))
    return Sketch(of.count, threshold, tuple(np.unique(lower(_up_to(of, threshold))).tolist()))


def overlap(stored: Sketch, arrived: Shingles, ignored: Set[int] = frozenset()) -> Overlap:
    """Compare a stored sample with a whole text, as if neither had the `ignored` keys."""
    here = set(lower(_up_to(arrived, stored.threshold)).tolist()) - ignored
    there = set(stored.keys) - ignored
    return Overlap(len(here & there), len(there), len(here))


def _up_to(of: Shingles, threshold: int) -> Hashes:
    return of.distinct[: int(of.within(np.array([threshold], np.uint16))[0])]


def lower(hashes: Hashes) -> Keys:
    """Return the lower 22 bits: what is stored of a hash. By chance one shingle in 2,000 texts meets a key of an unrelated sketch."""
    return (hashes & _KEY_MASK).astype(np.uint32)


def mix(values: Hashes) -> Hashes:
    """Scramble 64-bit values so that each output bit depends on all input bits (finalizer of SplitMix64, Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
