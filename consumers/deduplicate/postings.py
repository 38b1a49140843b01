"""Which slots hold which shingles, packed: four bytes a posting and a little more, where a dictionary takes eighty.

What came last stands in a small dictionary. When that is full it becomes a segment: its postings in the order of their keys, and where
those of each bucket of keys begin. A segment that is not much longer than the one after it is merged with that, so that there are few.
One look into a segment takes a fixed number of steps over arrays, however many articles hold a key.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

KEY_BITS: Final = 22
SLOT_BITS: Final = 26
MOST_SLOTS: Final = 1 << SLOT_BITS
"""A slot and the rest of a key share 32 bits."""
MOST_RECENT: Final = 8_192
"""Postings in the dictionary before they become a segment."""
_RATIO: Final = 4  # a segment is at least so many times as long as the next
_LONGEST: Final = (
    1 << 23
)  # postings from which a segment is left as it is: to merge it would hold up the stage
_FEWEST_BITS: Final = KEY_BITS - (32 - SLOT_BITS)  # the rest of a key must fit beside a slot
_CHUNK: Final = 1 << 20  # postings that are merged at a time, so that little memory is needed beside them
_SLOT_MASK: Final = np.uint64(MOST_SLOTS - 1)

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]
_Pairs = npt.NDArray[np.uint64]  # key and, in the lower bits, slot


class Postings:
    """From keys of 22 bits to slots. Slots are never taken out: one that is no longer alive is passed over, until `keep` drops it."""

    def __init__(self) -> None:
        self._recent: dict[int, array[int]] = {}
        self._recent_size = 0
        self._segments: list[_Segment] = []  # longest first

    def add(self, slot: int, keys: Iterable[int]) -> None:
        """Enter the distinct keys of a slot."""
        recent = self._recent
        for key in keys:
            slots = recent.get(key)
            if slots is None:
                recent[key] = array("I", (slot,))
            else:
                slots.append(slot)
            self._recent_size += 1
        if self._recent_size >= MOST_RECENT:
            self._settle()

    def extend(self, slots: Numbers, keys: Numbers) -> None:
        """Enter many postings at once. No slot may hold a key twice."""
        if len(keys):
            self._segments.append(_segment([_Given(slots, keys)], None))
            self._merge()

    def find(self, keys: Places, alive: npt.NDArray[np.bool_], most: int) -> tuple[Numbers, Places]:
        """Return the living slots of distinct, ascending keys, one for each key that it holds, and the places of boilerplate in `keys`.

        A key that more than `most` living slots hold is boilerplate: only named, without its slots.
        """
        hits = _Hits(len(keys), alive, most)
        if self._recent:
            hits.take(*self._find_recent(keys))
        for segment in reversed(self._segments):
            segment.find(keys, hits)
        return hits.slots(), (hits.counts > most).nonzero()[0]

    def keep(self, new_slots: Numbers) -> None:
        """Drop the postings of slots whose new number is 0, and renumber the others. New numbers keep the order."""
        self._settle()
        if self._segments:
            segments, self._segments = self._segments, []
            self._segments = [_segment(segments, new_slots)]

    def _find_recent(self, keys: Places) -> tuple[Places, Numbers]:
        wanted = keys.tolist()
        is_held = list(map(self._recent.__contains__, wanted))
        held = [self._recent[key] for key in itertools.compress(wanted, is_held)]
        return np.array(is_held).nonzero()[0].repeat(_sizes(held)), _joined(held)

    def _settle(self) -> None:
        """Make a segment of what came last."""
        if not self._recent_size:
            return
        held = list(self._recent.values())
        keys = np.fromiter(self._recent, np.uint32, len(held)).repeat(_sizes(held))
        slots = _joined(held)
        self._recent, self._recent_size = {}, 0
        self.extend(slots, keys)

    def _merge(self) -> None:
        segments = self._segments
        last = len(segments) - 1
        size = segments[last].size
        while last and segments[last - 1].size < min(_RATIO * size, _LONGEST):
            last -= 1
            size += segments[last].size
        if last < len(segments) - 1:
            merged = _segment(segments[last:], None)
            self._segments[last:] = [merged]


class _Hits:
    """The living slots that have been found, and how many of them each key has."""

    def __init__(self, keys: int, alive: npt.NDArray[np.bool_], most: int) -> None:
        self.counts = np.zeros(keys, dtype=np.intp)
        self.most = most
        self._alive = alive
        self._places: list[Places] = []
        self._slots: list[Numbers] = []

    def take(self, places: Places, slots: Numbers) -> None:
        """Add postings: the places of their keys, and their slots."""
        living = self._alive[slots].nonzero()[0]
        if len(living):
            place = places[living]
            self._places.append(place)
            self._slots.append(slots[living])
            self.counts += np.bincount(place, minlength=len(self.counts))

    def slots(self) -> Numbers:
        """Return the slots of all keys that are no boilerplate."""
        if not self._slots:
            return np.zeros(0, np.uint32)
        telling = self.counts[np.concatenate(self._places)] <= self.most
        return np.concatenate(self._slots)[telling]


class _Given(NamedTuple):
    """Postings in any order."""

    slots: Numbers
    keys: Numbers

    @property
    def size(self) -> int:
        return len(self.keys)

    def pairs(self, first: int, end: int) -> _Pairs:
        """Return the postings of the keys from the first up to before the last, in any order."""
        pairs = self.keys.astype(np.uint64) << np.uint64(SLOT_BITS) | self.slots
        within = (self.keys >= first) & (self.keys < end)
        return pairs if within.all() else pairs[within]


class _Segment(NamedTuple):
    """Postings in the order of their keys, those of one key in the order of their slots."""

    bits: int
    """Upper bits of a key that make its bucket."""
    heads: Numbers
    """Where each bucket begins, and the end of the last."""
    held: Numbers
    """The slot of each posting and, in the lower bits, the rest of its key."""

    @property
    def size(self) -> int:
        """How many postings there are."""
        return len(self.held)

    def pairs(self, first: int, end: int) -> _Pairs:
        """Return the postings of the keys from the first up to before the last; both are multiples of a bucket."""
        rest = KEY_BITS - self.bits
        heads = self.heads[first >> rest : (end >> rest) + 1]
        held = self.held[heads[0] : heads[-1]].astype(np.uint64)
        bucket = np.repeat(np.arange(first >> rest, end >> rest, dtype=np.uint64), np.diff(heads))
        key = bucket << np.uint64(rest) | held & np.uint64((1 << rest) - 1)
        return key << np.uint64(SLOT_BITS) | held >> np.uint64(rest)

    def find(self, keys: Places, hits: _Hits) -> None:
        """Look up keys. Of one that turns out to be boilerplate not all postings are met."""
        bits = KEY_BITS - self.bits
        bucket = keys >> bits
        first, end = self.heads[bucket].astype(np.intp), self.heads[bucket + 1].astype(np.intp)
        which = ((end > first) & (hits.counts <= hits.most)).nonzero()[0]
        first, end = first[which], end[which]
        window = 2 * hits.most  # of a bucket at a time, doubled: most end within the first
        while len(which):
            begin = np.maximum(end - window, first)
            sizes = end - begin
            last = sizes.cumsum()
            at = (begin - last + sizes).repeat(sizes)
            at += np.arange(len(at))
            held, place = self.held[at], which.repeat(sizes)
            if bits:
                rest = held & np.uint32((1 << bits) - 1)
                same = (rest == keys[place] & (1 << bits) - 1).nonzero()[0]
                held, place = held[same], place[same]
            hits.take(place, held >> np.uint32(bits))
            more = ((begin > first) & (hits.counts[which] <= hits.most)).nonzero()[0]
            which, first, end = which[more], first[more], begin[more]
            window *= 2


def _sizes(held: list[array[int]]) -> Places:
    return np.fromiter(map(len, held), np.intp, len(held))


def _joined(held: list[array[int]]) -> Numbers:
    return np.frombuffer(b"".join(held), np.uint32)


def _segment(parts: list[_Segment] | list[_Given], new_slots: Numbers | None) -> _Segment:
    """Return the postings of all parts as one segment, with their slots renumbered; those whose new number is 0 are left out."""
    size = sum(part.size for part in parts)
    bits = min(max(size.bit_length() - 2, _FEWEST_BITS), KEY_BITS)
    rest = KEY_BITS - bits
    heads = np.zeros((1 << bits) + 1, dtype=np.uint32)
    held = np.zeros(size, dtype=np.uint32)
    steps = 1 << max(0, (size // _CHUNK).bit_length())
    width = (1 << bits) // steps
    at = 0
    for step in range(steps):
        first = step * width
        pairs = np.concatenate([part.pairs(first << rest, first + width << rest) for part in parts])
        if new_slots is not None:
            slots = new_slots[pairs & _SLOT_MASK]
            pairs = (pairs & ~_SLOT_MASK | slots)[slots != 0]
        pairs.sort()
        keys = pairs >> np.uint64(SLOT_BITS)
        held[at : at + len(pairs)] = (pairs & _SLOT_MASK) << np.uint64(rest) | keys & np.uint64(
            (1 << rest) - 1
        )
        buckets = (keys >> np.uint64(rest)).astype(np.intp) - first
        heads[first + 1 : first + width + 1] = at + np.bincount(buckets, minlength=width).cumsum()
        at += len(pairs)
    return _Segment(bits, heads, held if at == size else held[:at].copy())
