"""The articles of the window, packed: about 300 bytes each, so that a million fit in a third of a gigabyte."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from consumers import packing
from consumers.deduplicate.chains import Chains
from consumers.deduplicate.postings import KEY_BITS, MOST_SLOTS, Numbers, Postings

MOST_HOLDERS: Final = 64
"""A shingle that more articles have is boilerplate: it tells nothing."""
MOST_NAMESAKES: Final = 8
"""A guid that more articles have is none: there are feeds that give all items the same."""
_ROOM: Final = 64
_FEW_DEAD: Final = 1024
_KEY_MASK: Final = (1 << KEY_BITS) - 1
_Item = TypeVar("_Item", bound=np.generic)


class Row(NamedTuple):
    """What the table holds of an article."""

    article_id: str
    """Its id."""
    step: int
    """Step of the clock in which it, or a copy of it, was last seen."""
    shingles: tuple[int, ...]
    """Keys of its sketch."""
    content: int
    """Key of its content (see `content_key`)."""
    limit: int
    """Shingles whose upper 16 bits are at most this are in its sketch."""
    guid: int = 0
    """Key of what its source calls it; 0 for none."""
    headline: int = 0
    """Key of its headline, among its source's; 0 for none."""


class Holders(NamedTuple):
    """Articles that hold some of the shingles that were asked for, in no order that means anything."""

    slots: Numbers
    """Where they are in the table."""
    shared: npt.NDArray[np.intp]
    """How many of the shingles each has; boilerplate is not counted."""
    sizes: npt.NDArray[np.uint8]
    """How many keys each one's sketch has."""
    limits: npt.NDArray[np.uint16]
    """The limit of each one's sketch."""
    boilerplate: set[int]
    """Those of the shingles that more than `MOST_HOLDERS` articles have."""


class Table:
    """Who holds which shingle, which content, and when it was last seen. Articles enter in the order of the clock."""

    def __init__(self) -> None:
        self._ids = np.zeros((_ROOM, 16), dtype=np.uint8)
        self._steps = np.zeros(_ROOM, dtype=np.uint32)
        self._alive = np.zeros(_ROOM, dtype=bool)
        self._sizes = np.zeros(_ROOM, dtype=np.uint8)
        self._limits = np.zeros(_ROOM, dtype=np.uint16)
        self._size = 1  # slot 0 is nobody's
        self._oldest = 1
        self._dead = 0
        self._shingles = Postings()
        self._contents = Chains()
        self._articles = Chains()
        self._guids = Chains()
        self._headlines = Chains()

    @classmethod
    def build(cls, rows: Iterable[Row]) -> Table:
        """Return the table of some articles, in any order."""
        ids, steps, contents = bytearray(), array("I"), array("I")
        shingles, sizes, limits, guids = array("I"), array("I"), array("I"), array("I")
        headlines = array("I")
        for row in rows:
            ids += packing.raw(row.article_id)
            steps.append(row.step)
            contents.append(row.content & _KEY_MASK)
            keys = set(row.shingles)
            shingles.extend(keys)
            sizes.append(len(keys))
            limits.append(row.limit)
            guids.append(row.guid & _KEY_MASK if row.guid else 0)
            headlines.append(row.headline & _KEY_MASK if row.headline else 0)
        table = cls()
        count = len(steps)
        if not count:
            return table
        order = np.argsort(np.array(steps, np.uint32), kind="stable")
        slots = np.zeros(count, np.uint32)
        slots[order] = np.arange(1, count + 1, dtype=np.uint32)
        table._grow(count + 1 + _ROOM)
        table._size = count + 1
        table._ids[slots] = np.frombuffer(bytes(ids), np.uint8).reshape(count, 16)
        table._steps[slots] = np.array(steps, np.uint32)
        table._alive[slots] = True
        table._sizes[slots] = np.array(sizes, np.uint32)
        table._limits[slots] = np.array(limits, np.uint32)
        table._shingles.extend(np.repeat(slots, sizes), np.array(shingles, np.uint32))
        table._contents.add(slots, np.array(contents, np.uint32))
        for chains, names in ((table._guids, guids), (table._headlines, headlines)):
            given = np.array(names, np.uint32)
            chains.add(slots[given != 0], given[given != 0])
        last = table._ids[slots, -3:].astype(np.uint32)
        table._articles.add(slots, last @ np.array([1 << 16, 1 << 8, 1], np.uint32) & np.uint32(_KEY_MASK))
        return table

    def enter(self, row: Row) -> None:
        """Enter an article that is not in the table. Its step is at least that of every article in it."""
        if self._size == MOST_SLOTS:
            raise OverflowError(
                f"the window of this partition holds {MOST_SLOTS:,} articles, and cannot hold more: split the input (docs/deduplicate.md)"
            )
        if self._size == len(self._steps):
            self._grow(self._size + max(_ROOM, self._size >> 3))
        slot, self._size = self._size, self._size + 1
        identity = packing.raw(row.article_id)
        self._ids[slot] = np.frombuffer(identity, np.uint8)
        self._steps[slot] = row.step
        self._alive[slot] = True
        keys = set(row.shingles)
        self._sizes[slot] = len(keys)
        self._limits[slot] = row.limit
        self._shingles.add(slot, keys)
        self._contents.add_one(slot, row.content & _KEY_MASK)
        if row.guid & _KEY_MASK:
            self._guids.add_one(slot, row.guid & _KEY_MASK)
        if row.headline & _KEY_MASK:
            self._headlines.add_one(slot, row.headline & _KEY_MASK)
        self._articles.add_one(slot, _article_key(identity))

    def leave(self, article_id: str) -> None:
        """Take an article out; nothing happens when it is not in the table."""
        identity = packing.raw(article_id)
        for slot in self._articles.find(_article_key(identity), self._alive):
            if self._ids[slot].tobytes() == identity:
                self._alive[slot] = False
                self._dead += 1
        self._tidy()

    def expire(self, step: int) -> None:
        """Take out all articles that were last seen in this step or before."""
        end = self._oldest + int(np.searchsorted(self._steps[self._oldest : self._size], step, side="right"))
        self._dead += int(np.count_nonzero(self._alive[self._oldest : end]))
        self._alive[self._oldest : end] = False
        self._oldest = end
        self._tidy()

    def holders(self, shingles: Numbers, least: int) -> Holders:
        """Return the articles that have at least so many of the shingles, apart from those that are boilerplate."""
        keys = _distinct(shingles.astype(np.intp))
        slots, boilerplate = self._shingles.find(keys, self._alive, MOST_HOLDERS)
        slots, shared = _counted(slots)
        enough = shared >= least
        slots, shared = slots[enough], shared[enough]
        return Holders(
            slots, shared, self._sizes[slots], self._limits[slots], set(keys[boilerplate].tolist())
        )

    def ids(self, slots: Numbers) -> list[str]:
        """Return the articles in these slots."""
        return [self._id(slot) for slot in slots.tolist()]

    def with_content(self, content: int) -> list[str]:
        """Return the articles whose content has this key, in the order of their ids."""
        return sorted(map(self._id, self._contents.find(content & _KEY_MASK, self._alive)))

    def with_guid(self, guid: int) -> list[str]:
        """Return the articles whose guid has this key, in the order of their ids; none where more than `MOST_NAMESAKES` have it."""
        return self._namesakes(self._guids, guid)

    def is_common_guid(self, guid: int) -> bool:
        """Return whether more than `MOST_NAMESAKES` articles have a guid with this key."""
        return len(self._guids.find(guid & _KEY_MASK, self._alive, MOST_NAMESAKES + 1)) > MOST_NAMESAKES

    def with_headline(self, headline: int) -> list[str]:
        """Return the articles whose headline has this key, as `with_guid` does."""
        return self._namesakes(self._headlines, headline)

    def __len__(self) -> int:
        """Return how many articles are in the table."""
        return self._size - 1 - self._dead

    def _grow(self, room: int) -> None:
        self._ids.resize((room, 16), refcheck=False)
        for column in (self._steps, self._alive, self._sizes, self._limits):
            column.resize(room, refcheck=False)

    def _namesakes(self, chains: Chains, key: int) -> list[str]:
        slots = chains.find(key & _KEY_MASK, self._alive, MOST_NAMESAKES + 1)
        return sorted(map(self._id, slots)) if len(slots) <= MOST_NAMESAKES else []

    def _id(self, slot: int) -> str:
        return packing.long_raw(self._ids[slot].tobytes())

    def _tidy(self) -> None:
        """Close the gaps when more than half of the table is gaps."""
        if self._dead < _FEW_DEAD or self._dead * 2 < self._size:
            return
        kept = np.flatnonzero(self._alive[: self._size])
        numbers = np.zeros(self._size, dtype=np.uint32)
        numbers[kept] = np.arange(1, len(kept) + 1)
        self._shingles.keep(numbers)
        for chains in (self._contents, self._articles, self._guids, self._headlines):
            chains.keep(numbers)
        self._ids = _moved(self._ids, kept)
        self._steps = _moved(self._steps, kept)
        self._alive = _moved(self._alive, kept)
        self._sizes = _moved(self._sizes, kept)
        self._limits = _moved(self._limits, kept)
        self._size, self._oldest, self._dead = len(kept) + 1, 1, 0


def content_key(content_hash: bytes) -> int:
    """Return the key of a content hash."""
    return int.from_bytes(content_hash[:3], "big")


def _article_key(identity: bytes) -> int:
    return int.from_bytes(identity[-3:], "big") & _KEY_MASK


def _distinct(keys: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the distinct keys, ascending: what `np.unique` does, in fewer steps."""
    keys.sort()
    return keys[_firsts(keys)]


def _counted(slots: Numbers) -> tuple[Numbers, npt.NDArray[np.intp]]:
    """Return the distinct slots, ascending, and how often each is there."""
    slots.sort()
    starts = _firsts(slots).nonzero()[0]
    counts = np.empty(len(starts), np.intp)
    counts[:-1] = starts[1:] - starts[:-1]
    counts[-1:] = len(slots) - starts[-1:]
    return slots[starts], counts


def _firsts(ascending: npt.NDArray[_Item]) -> npt.NDArray[np.bool_]:
    first = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first


def _moved(column: npt.NDArray[_Item], kept: npt.NDArray[np.intp]) -> npt.NDArray[_Item]:
    room = np.zeros((len(kept) + 1 + _ROOM, *column.shape[1:]), dtype=column.dtype)
    room[1 : len(kept) + 1] = column[kept]
    return room
