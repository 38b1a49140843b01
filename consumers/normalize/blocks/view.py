"""A page's blocks as arrays, and the columns of features that are made of them."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.measure import NAMES

Ints = npt.NDArray[np.int64]
COLUMN: Final = {name: at for at, name in enumerate(NAMES)}
_LONG: Final = 12
"""Words from which a block counts as running text, if less than 350 thousandths of it are links."""
_LIMIT: Final = 8000


class View:
    """A page's blocks as arrays, and the columns that are made of them."""

    def __init__(self, page: Page, own: Ints, linear: Ints) -> None:
        self.page = page
        self.own = own
        self.n = len(own)
        self.index = np.arange(self.n)
        self.node = np.array([block.node for block in page.blocks], dtype=np.int64)
        self.parent = np.array(page.parents, dtype=np.int64)
        self.depth = np.array(page.depths, dtype=np.int64)
        self.first = np.array(page.first, dtype=np.int64)
        self.last = np.array(page.last, dtype=np.int64)
        self.words = own[:, COLUMN["words"]]
        self.characters = own[:, COLUMN["characters"]]
        self.links = own[:, COLUMN["link_share"]]
        self.linked = self.characters * self.links // 1000
        self.score = linear
        self.linear = np.clip(linear, -_LIMIT, _LIMIT)
        self.capped = np.minimum(self.words, 60)
        good = linear > 0
        long = (self.words >= _LONG) & (self.links < 350)
        self.good_words = self.words * good
        self.long = long.astype(np.int64)
        self.good_long = long & good
        self.sum_words = sums(self.words)
        self.sum_characters = sums(self.characters)
        self.sum_linked = sums(self.linked)
        self.sum_good = sums(self.good_words)
        self.sum_long = sums(self.long)
        self.sum_linear = sums(self.linear)
        self.sum_weighed = sums(self.linear * self.capped)
        self.sum_capped = sums(self.capped)
        self.total = max(1, int(self.sum_words[-1]))
        self.total_good = max(1, int(self.sum_good[-1]))
        self.kinds, self.many = _kinds(page)
        self.names: list[str] = []
        self.columns: list[Ints] = []

    def add(self, name: str, values: npt.NDArray[np.generic] | int) -> None:
        """Add a column."""
        self.names.append(name)
        self.columns.append(
            np.full(self.n, values, dtype=np.int64)
            if isinstance(values, int)
            else values.astype(np.int64, copy=False)
        )

    def taken(self) -> tuple[Ints, tuple[str, ...]]:
        """Return the columns that were added, as a row for each block, and their names; from here on others are added."""
        rows, names = np.array(self.columns, dtype=np.int64).T, tuple(self.names)
        self.columns, self.names = [], []
        return rows, names


def _kinds(page: Page) -> tuple[Ints, int]:
    """Return for each block the number of its kind, by tag and class of its element and of that around it, and how many kinds there are."""
    keys, parents = page.keys, page.parents
    ids: dict[object, int] = {}
    kinds = []
    for block in page.blocks:
        own, around = keys[block.node], keys[parents[block.node]]
        kinds.append(ids.setdefault((own[0], own[1], around[0], around[1]), len(ids)))
    return np.array(kinds, dtype=np.int64), len(ids)


def sums(values: npt.NDArray[np.generic]) -> Ints:
    """Return the sums of what stands before each place, and of all."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values, dtype=np.int64)))


def shifted(values: Ints, by: int, fill: int) -> Ints:
    """Return for each block the value of that `by` further on, and `fill` where there is none."""
    moved = np.full(len(values), fill, dtype=np.int64)
    if abs(by) >= len(values):
        return moved
    if by > 0:
        moved[:-by] = values[by:]
    else:
        moved[-by:] = values[:by]
    return moved
