"""Which blocks are taken: those that promise the best F1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.forest import CERTAIN
from consumers.normalize.blocks.view import Ints


def choose(likelihoods: Ints, words: Ints) -> tuple[npt.NDArray[np.bool_], float]:
    """Return which blocks to take, given how likely each is text and how many words it has; and the F1 that is expected of that.

    The most likely are taken first, until the expected F1 in words (twice the expected right ones, over those taken and those expected in
    all) would fall. Whole numbers until the last division, so that it comes out the same everywhere.
    """
    weights = np.maximum(words, 1)
    order = np.lexsort((np.arange(len(likelihoods)), -likelihoods))
    right = np.cumsum((likelihoods * weights)[order])
    expected = right / (CERTAIN * np.cumsum(weights[order]) + int((likelihoods * weights).sum()))
    best = int(np.argmax(expected))
    taken = np.zeros(len(likelihoods), dtype=np.bool_)
    taken[order[: best + 1]] = True
    return taken, 2 * float(expected[best])
