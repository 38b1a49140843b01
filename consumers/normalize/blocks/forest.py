"""Trees in whole numbers, all asked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.view import Ints

UNIT: Final = 10_000
"""What a leaf's value of 1.0 is stored as."""
CERTAIN: Final = 65_535
"""What a probability of 1 is stored as."""
LEAVES: Final = 32
"""Leaves that a tree may have."""
_GRID: Final = 128
"""Entries of the table of probabilities for 1.0 of score; it covers scores from -8 to 8."""
_CHUNK: Final = 512
_ALL_LEAVES: Final = np.uint32(0xFFFF_FFFF)


@dataclass(frozen=True)
class Forest:
    """Trees whose values are summed to the logarithm of odds."""

    features: tuple[int, ...]
    """CRC-32 of the names of the features that it was made for, in their order."""
    column: Ints
    """For each split of all trees: the feature it asks for."""
    threshold: npt.NDArray[np.int32]
    """For each split: what is at most this goes left."""
    mask: npt.NDArray[np.uint32]
    """For each split: the leaves of its tree, as bits, that are still to be had when it goes right."""
    start: Ints
    """For each tree: its first split."""
    leaves: Ints
    """For each tree: the values of its leaves from left to right, `LEAVES` of them."""
    probability: Ints
    """By score: what is shipped is looked up, since an exponential differs between machines."""

    def likelihoods(self, rows: Ints) -> Ints:
        """Return what the trees make of rows of features, from 0 to `CERTAIN`.

        Each split that goes right strikes out the leaves to its left; a tree's leaf is the first that is left over (Lucchese et al. 2015,
        QuickScorer).
        """
        scores = np.zeros(len(rows), dtype=np.int64)
        trees = np.arange(len(self.start))[:, None] * LEAVES
        for at in range(0, len(rows), _CHUNK):
            part = np.ascontiguousarray(rows[at : at + _CHUNK].T, dtype=np.int32)
            left_over = np.full((len(self.start), part.shape[1]), _ALL_LEAVES)
            for column, threshold, mask in self._side_by_side:
                split = (part[column] > threshold).astype(np.uint32)
                split -= np.uint32(1)  # all leaves where it goes left, none where it goes right, for now
                split |= mask
                left_over &= split
            lowest = left_over & (~left_over + np.uint32(1))
            leaf = np.frexp(lowest.astype(np.float64))[1] - 1  # exact: a power of two
            scores[at : at + _CHUNK] += self.leaves.ravel()[trees + leaf].sum(axis=0)
        place = np.clip((scores * _GRID) // UNIT + 8 * _GRID, 0, len(self.probability) - 1)
        return self.probability[place]

    @cached_property
    def _side_by_side(
        self,
    ) -> list[tuple[Ints, npt.NDArray[np.int32], npt.NDArray[np.uint32]]]:
        """The first split of every tree, the second of every tree, and so on; a tree with fewer has some that strike out nothing."""
        ends = np.append(self.start[1:], len(self.column))
        found = []
        for number in range(int((ends - self.start).max())):
            there = self.start + number < ends
            at = np.where(there, self.start + number, 0)
            mask = np.where(there, self.mask[at], _ALL_LEAVES)
            found.append((self.column[at], self.threshold[at][:, None], mask[:, None]))
        return found

    def stored(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the arrays that are shipped."""
        return {
            "features": np.array(self.features, dtype=np.uint32),
            "column": self.column.astype(np.uint8),
            "threshold": self.threshold,
            "mask": self.mask,
            "start": self.start.astype(np.int32),
            "leaves": self.leaves.astype(np.int32),
            "probability": self.probability.astype(np.uint16),
        }


def forest_of(stored: Mapping[str, Any], prefix: str) -> Forest:
    """Return the trees of what is shipped, whose names begin with a prefix."""

    def whole(name: str) -> Ints:
        values: Ints = stored[prefix + name].astype(np.int64)
        return values

    return Forest(
        features=tuple(whole("features").tolist()),
        column=whole("column"),
        threshold=stored[f"{prefix}threshold"],
        mask=stored[f"{prefix}mask"],
        start=whole("start"),
        leaves=whole("leaves"),
        probability=whole("probability"),
    )


def probabilities() -> Ints:
    """Return the table of probabilities by score, for what is to be shipped."""
    scores = np.arange(-8 * _GRID, 8 * _GRID + 1) / _GRID
    return np.rint(CERTAIN / (1 + np.exp(-scores))).astype(np.int64)
