"""A packed index for looking up one key at a time: which slots hold it. Eight bytes a posting and four a head."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.deduplicate.postings import KEY_BITS, Numbers

_FIRST_BITS: Final = 16  # the rest of a key fits a byte
_LOAD: Final = 4  # postings a head before the heads are doubled
_REST_BITS: Final = KEY_BITS - _FIRST_BITS  # a slot and the rest of a key share 32 bits
_REST: Final = (1 << _REST_BITS) - 1


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
        self._make_room(end)
        heads, rest = keys & np.uint32((1 << self._bits) - 1), keys >> np.uint32(self._bits)
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

    def add_one(self, slot: int, key: int) -> None:
        """Enter one posting."""
        at = self._size
        self._make_room(at + 1)
        head = key & (1 << self._bits) - 1
        self._next[at] = self._heads[head]
        self._held[at] = slot << _REST_BITS | key >> self._bits
        self._heads[head] = at
        self._size = at + 1

    def find(self, key: int, alive: npt.NDArray[np.bool_], most: int | None = None) -> list[int]:
        """Return the living slots of a key, newest first; at most so many."""
        rest = key >> self._bits
        found: list[int] = []
        at = self._heads.item(key & (1 << self._bits) - 1)
        while at and (most is None or len(found) < most):
            held = self._held.item(at)
            if held & _REST == rest and alive.item(held >> _REST_BITS):
                found.append(held >> _REST_BITS)
            at = self._next.item(at)
        return found

    def keep(self, new_slots: Numbers) -> None:
        """Drop the postings of slots whose new number is 0, and renumber the others."""
        keys, slots = self._all()
        slots = new_slots[slots]
        self._rebuild(keys[slots != 0], slots[slots != 0], self._bits)

    def _make_room(self, end: int) -> None:
        if end > _LOAD * len(self._heads) and self._bits < KEY_BITS:
            bits = self._bits
            while end > _LOAD << bits and bits < KEY_BITS:
                bits += 1
            self._rebuild(*self._all(), bits)
        if end > len(self._next):
            # By an eighth: a table of a million articles should not stand half empty.
            room = end + (end >> 3)
            # In place: nobody else refers to them, and a copy would take as much again for a moment.
            self._next.resize(room, refcheck=False)
            self._held.resize(room, refcheck=False)

    def _all(self) -> tuple[Numbers, Numbers]:
        """Return key and slot of every posting."""
        keys: list[Numbers] = [np.zeros(0, np.uint32)]
        slots: list[Numbers] = [np.zeros(0, np.uint32)]
        heads = np.flatnonzero(self._heads).astype(np.uint32)
        at = self._heads[heads]
        while len(at):
            keys.append(heads | (self._held[at] & np.uint32(_REST)) << np.uint32(self._bits))
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
