"""The articles of the window, packed: a row of arrays each, and for every term the rows that hold it.

About 1 KB an article, a third of what dictionaries of terms take. Rows are never changed: one that is left is dead until the table is
packed anew without the dead ones. No result depends on the order of the rows, so that a table built from the state answers as the one that
grew.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.cluster.members import Members
from consumers.cluster.vector import Kind, Vector, kinds_in, weights_in

_FIRST_ROWS: Final = 64
_DEAD_ROWS: Final = 64
"""So many dead rows are let be, and a quarter of all."""
_MOST_MEMBERS: Final = 128
"""Stories that are kept as they are compared: 100 KB each, where they are large."""
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds a term."""

    articles: int
    """How many articles."""
    names: int
    """How many of them have it as a name."""


class Index:
    """Articles by row. `width` is the most terms of one."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._used = 0
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._holders: dict[int, int | array[int]] = {}  # most terms have one holder
        self._keys = np.zeros((_FIRST_ROWS, width), np.uint32)
        self._codes = np.zeros((_FIRST_ROWS, width), np.uint8)
        self._times = np.zeros(_FIRST_ROWS, np.int64)
        self._alive = np.zeros(_FIRST_ROWS, np.bool_)
        self._members: dict[tuple[int, ...], Members] = {}  # by rows

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._rows

    def add(self, article_id: str, vector: Vector, time_ms: int) -> None:
        """Enter an article that is not there."""
        if self._used == len(self._times):
            self._grow()
        row, terms = self._used, len(vector.keys)
        self._used += 1
        self._keys[row, :terms], self._codes[row, :terms] = vector.keys, vector.codes
        self._keys[row, terms:], self._codes[row, terms:] = 0, 0
        self._times[row], self._alive[row] = time_ms, True
        self._rows[article_id] = row
        self._ids.append(article_id)
        self._post(row, vector.keys.tolist())

    def drop(self, article_id: str) -> None:
        """Take an article out."""
        self._alive[self._rows.pop(article_id)] = False
        dead = self._used - len(self._rows)
        if dead > _DEAD_ROWS and 4 * dead > self._used:
            self._pack()

    def holders(self, key: int) -> Holders:
        """Return how many articles hold a term, and how many of them as a name."""
        rows = self._of(key)
        if not len(rows):
            return Holders(0, 0)
        kinds = kinds_in(self._codes[rows])[self._keys[rows] == np.uint32(key)]
        return Holders(len(rows), int((kinds == Kind.NAME).sum()))

    def count(self, key: int) -> int:
        """Return how many articles hold a term."""
        held = self._holders.get(key)
        if held is None:
            return 0
        if isinstance(held, int):
            return int(self._alive[held])
        if self._used == len(self._rows):  # none is dead
            return len(held)
        return int(np.count_nonzero(self._alive[np.frombuffer(held, dtype=np.uint32)]))

    def nearest(self, vector: Vector, most_holders: int, most: int) -> list[tuple[str, float]]:
        """Return the articles that are most similar to a vector, with the cosine; the most similar first, then by id.

        A term in more than `most_holders` articles proposes none. Of those proposed the `most` with the largest sum of squared weights of
        common terms are compared.
        """
        square = (weights_in(vector.codes).astype(np.int64) ** 2).tolist()
        found, squares = [], []
        for key, weight in zip(vector.keys.tolist(), square, strict=True):
            rows = self._of(key)
            if 0 < len(rows) <= most_holders:
                found.append(rows)
                squares.append(weight)
        if not found:
            return []
        rows, places = np.unique(np.concatenate(found), return_inverse=True)
        sums = np.repeat(squares, [len(rows) for rows in found])
        totals = np.bincount(places, sums)  # sums of whole numbers: exact in any order
        if len(rows) > most:
            least = np.partition(totals, len(totals) - most)[len(totals) - most]
            rows, totals = rows[totals >= least], totals[totals >= least]
            ids = [self._ids[row] for row in rows.tolist()]
            best = sorted(range(len(ids)), key=lambda at: (-totals[at], ids[at]))[:most]
            rows = rows[best]
        cosines = self._cosines(vector, rows)
        pairs = [(self._ids[row], cosine) for row, cosine in zip(rows.tolist(), cosines, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def vectors(self, article_ids: Iterable[str]) -> list[tuple[Vector, int]]:
        """Return vector and time of articles that are there."""
        found = []
        for article_id in article_ids:
            row = self._rows[article_id]
            keys, codes = self._keys[row], self._codes[row]
            held = codes != 0
            found.append((Vector(keys[held], codes[held]), int(self._times[row])))
        return found

    def times(self, article_ids: Iterable[str]) -> list[int]:
        """Return the times of articles that are there."""
        return [self._times.item(self._rows[article_id]) for article_id in article_ids]

    def members(self, article_ids: Sequence[str]) -> Members:
        """Return articles that are there side by side: the same ones are asked for again and again."""
        key = tuple([self._rows[article_id] for article_id in article_ids])
        members = self._members.get(key)
        if members is None:
            if len(self._members) >= _MOST_MEMBERS:
                self._members.clear()
            members = self._members[key] = Members([vector for vector, _ in self.vectors(article_ids)])
        return members

    def _cosines(self, vector: Vector, rows: Rows) -> list[float]:
        keys, codes = self._keys[rows], self._codes[rows]
        weights = weights_in(codes).astype(np.int64)
        products = np.zeros(len(rows), np.int64)
        if len(vector.keys):
            at = np.minimum(np.searchsorted(vector.keys, keys), len(vector.keys) - 1)
            common = (vector.keys[at] == keys) & (codes != 0)
            products = (weights * weights_in(vector.codes)[at] * common).sum(axis=1)
        squares = (weights * weights).sum(axis=1)
        lengths = np.sqrt(squares.astype(np.float64)) * vector.length
        return [
            product / length if length else 0.0
            for product, length in zip(products.tolist(), lengths.tolist(), strict=True)
        ]

    def _of(self, key: int) -> Rows:
        held = self._holders.get(key)
        if held is None:
            return np.zeros(0, np.intp)
        if isinstance(held, int):
            return np.array([held] if self._alive[held] else [], np.intp)
        rows = np.frombuffer(held, dtype=np.uint32).astype(np.intp)
        return rows if self._used == len(self._rows) else rows[self._alive[rows]]

    def _post(self, row: int, keys: Sequence[int]) -> None:
        for key in keys:
            held = self._holders.get(key)
            if held is None:
                self._holders[key] = row
            elif isinstance(held, int):
                self._holders[key] = array("I", (held, row))
            else:
                held.append(row)

    def _grow(self) -> None:
        more = self._used // 4
        self._keys, self._codes = (
            np.concatenate((old, np.zeros((more, self._width), old.dtype)))
            for old in (self._keys, self._codes)
        )
        self._times = np.concatenate((self._times, np.zeros(more, np.int64)))
        self._alive = np.concatenate((self._alive, np.zeros(more, np.bool_)))

    def _pack(self) -> None:
        """Leave the dead rows out."""
        self._members.clear()
        kept = list(self._living())
        keys, codes, times = self._keys, self._codes, self._times
        room = _FIRST_ROWS + len(kept) + len(kept) // 2
        rows = [row for row, _ in kept]
        self._keys = np.zeros((room, self._width), np.uint32)
        self._codes = np.zeros((room, self._width), np.uint8)
        self._times = np.zeros(room, np.int64)
        self._alive = np.zeros(room, np.bool_)
        self._used = len(kept)
        self._keys[: self._used], self._codes[: self._used] = keys[rows], codes[rows]
        self._times[: self._used] = times[rows]
        self._alive[: self._used] = True
        self._ids = [article_id for _, article_id in kept]
        self._rows = {article_id: row for row, article_id in enumerate(self._ids)}
        self._holders = {}
        for row in range(self._used):
            self._post(row, self._keys[row][self._codes[row] != 0].tolist())

    def _living(self) -> Iterator[tuple[int, str]]:
        return ((row, self._ids[row]) for row in range(self._used) if self._alive[row])
