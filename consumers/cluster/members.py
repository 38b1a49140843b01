"""The members of a story side by side: all that an article is compared with, and what they have in common whatever the article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.cluster.vector import Kind, Vector, kinds_in, weights_in

Numbers = npt.NDArray[np.int64]
_NOBODY: Final = np.zeros(0, np.uint32)


class Members:
    """Weights of all terms of some articles, at least one."""

    def __init__(self, vectors: Sequence[Vector]) -> None:
        self.terms = np.unique(np.concatenate([_NOBODY, *(vector.keys for vector in vectors)]))
        """The terms that any of them has, ascending."""
        self.weights: Numbers = np.zeros((len(vectors), len(self.terms)), np.int64)
        """A row a member, a column a term."""
        self.lengths = [vector.length for vector in vectors]
        """Euclidean length of each."""
        are_names = np.zeros(self.weights.shape, np.bool_)
        for at, vector in enumerate(vectors):
            places = np.searchsorted(self.terms, vector.keys)
            self.weights[at, places] = weights_in(vector.codes)
            are_names[at, places] = kinds_in(vector.codes) == Kind.NAME
        self.cohesion = _cohesion(self.weights, self.lengths)
        """The mean cosine of all pairs of members, each with itself too."""
        held = (self.weights > 0).sum(axis=0)
        self.typical = np.flatnonzero((2 * held >= len(vectors)) & are_names.any(axis=0))
        """The terms that most of them have, and one as a name."""
        scale = np.array([1 / length if length else 0.0 for length in self.lengths])
        self.centre: list[float] = (self.weights[:, self.typical] * scale[:, None]).sum(axis=0).tolist()
        """The weight of those, summed over all in proportion to their length."""
        self.of_centre = math.fsum(weight * weight for weight in self.centre)
        """The sum of the squares of it."""

    def __len__(self) -> int:
        return len(self.lengths)


def _cohesion(rows: Numbers, lengths: Sequence[float]) -> float:
    products = (rows @ rows.T).tolist()
    cosines = [
        product / (a * b) if product else 0.0
        for line, a in zip(products, lengths, strict=True)
        for product, b in zip(line, lengths, strict=True)
    ]
    return math.fsum(cosines) / len(cosines) or 1.0
