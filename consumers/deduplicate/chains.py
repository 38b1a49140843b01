"""A packed inverted index: which slots hold a key. Eight bytes a posting and four a head, where a dictionary takes eighty."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

KEY_BITS: Final = 22
_FIRST_BITS: Final = 16  # the rest of a key fits a byte
_LOAD: Final = 4  # postings a head before the heads are doubled
_REST_BITS: Final = KEY_BITS - _FIRST_BITS
_REST: Final = np.uint32((1 << _REST_BITS) - 1)
MOST_SLOTS: Final = 1 << 32 - _REST_BITS
"""A slot and the rest of a key share 32 bits."""

Numbers = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]


class Chains:
    """From keys of 22 bits to slots. Postings with the same lower bits of their key are linked in a chain, newest first.

    Slots are never taken out: a slot that is no longer alive is passed over, until `keep` drops the postings of all dead ones.
    """

    def __init__(self) -> None:
        self._bits = _FIRST_BITS
        self._heads = np.zeros(1 << self._bits, dtype=np.uint32)
        self._next = np.zeros(256, dtype=np.uint32)
        self._held = np.zeros(256, dtype=np.uint32)  # slot, and rest of the key in the lower byte
        self._size = 1  # 0 ends a chain

    def add(self, slots: Numbers, keys: Numbers) -> None:
        """Enter postings. No slot may hold a key twice."""
        end = self._size + len(keys)
        if end > _LOAD * len(self._heads) and self._bits < KEY_BITS:
            self._rebuild(*self._all(), self._bits + 1)
            self.add(slots, keys)
            return
        if end > len(self._next):
            room = end + (
                end >> 3
            )  # grown by an eighth: a table of a million articles should not stand half empty
            # In place: nobody else refers to them, and a copy would take as much again for a moment.
            self._next.resize(room, refcheck=False)
            self._held.resize(room, refcheck=False)
        heads, rest = self._split(keys)
        order = np.argsort(heads, kind="stable")
        heads = heads[order]
        at = np.arange(self._size, end, dtype=np.uint32)
        following = self._heads[heads]
        same = heads[1:] == heads[:-1]
        following[1:][same] = at[:-1][same]  # two keys of one chain: the second leads to the first
        self._next[self._size : end] = following
        self._held[self._size : end] = (slots << np.uint32(_REST_BITS) | rest)[order]
        self._heads[heads] = at  # of several the last is kept
        self._size = end

    def find(self, keys: Numbers, alive: npt.NDArray[np.bool_], most: int) -> tuple[Places, Numbers, Places]:
        """Return the living slots of distinct keys, as (places in `keys`, slots), and the places of keys that more than `most` hold.

        A key that more than `most` living slots hold is named in the last part only.
        """
        heads, rest = self._split(keys)
        at = self._heads[heads]
        which = np.arange(len(keys))
        counts = np.zeros(len(keys), dtype=np.intp)
        places: list[Places] = []
        slots: list[Numbers] = []
        at, which, rest = _going(at, which, rest)
        step = 0
        while len(at):
            held = self._held[at]
            slot = held >> np.uint32(_REST_BITS)
            hit = ((held & _REST == rest) & alive[slot]).nonzero()[0]
            if len(hit):
                places.append(which[hit])
                slots.append(slot[hit])
                counts[which[hit]] += 1
            step += 1
            at = self._next[at]
            if step > most:  # no key can have more before
                few = counts[which] <= most
                at, which, rest = at[few], which[few], rest[few]
            at, which, rest = _going(at, which, rest)
        if not places:
            return np.zeros(0, np.intp), np.zeros(0, np.uint32), np.zeros(0, np.intp)
        place = np.concatenate(places)
        few = counts[place] <= most
        return place[few], np.concatenate(slots)[few], np.flatnonzero(counts > most)

    def keep(self, new_slots: Numbers) -> None:
        """Drop the postings of slots whose new number is 0, and renumber the others."""
        keys, slots = self._all()
        slots = new_slots[slots]
        self._rebuild(keys[slots != 0], slots[slots != 0], self._bits)

    def _split(self, keys: Numbers) -> tuple[Numbers, Numbers]:
        mask = np.uint32((1 << self._bits) - 1)
        return keys & mask, keys >> np.uint32(self._bits)

    def _all(self) -> tuple[Numbers, Numbers]:
        """Return key and slot of every posting."""
        keys: list[Numbers] = [np.zeros(0, np.uint32)]
        slots: list[Numbers] = [np.zeros(0, np.uint32)]
        heads = np.flatnonzero(self._heads).astype(np.uint32)
        at = self._heads[heads]
        while len(at):
            keys.append(heads | (self._held[at] & _REST) << np.uint32(self._bits))
            slots.append(self._held[at] >> np.uint32(_REST_BITS))
            at = self._next[at]
            heads, at = heads[at != 0], at[at != 0]
        return np.concatenate(keys), np.concatenate(slots)

    def _rebuild(self, keys: Numbers, slots: Numbers, bits: int) -> None:
        self._bits = bits
        self._heads = np.zeros(1 << bits, dtype=np.uint32)
        room = 256 + len(keys) + (len(keys) >> 3)
        self._next = np.zeros(room, dtype=np.uint32)
        self._held = np.zeros(room, dtype=np.uint32)
        self._size = 1
        if len(keys):
            self.add(slots, keys)


def _going(at: Numbers, which: Places, rest: Numbers) -> tuple[Numbers, Places, Numbers]:
    """Return what is left of the chains that have not ended."""
    left = at.nonzero()[0]
    return (at, which, rest) if len(left) == len(at) else (at[left], which[left], rest[left])
