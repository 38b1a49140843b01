"""The shipped weights, and how likely each block is to be text of the article by them."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.context import Ints, context
from consumers.normalize.blocks.cut import Key, Page
from consumers.normalize.blocks.measure import Measures
from consumers.normalize.blocks.tokens import (
    bucket,
    element_tokens,
    level_buckets,
    path_token,
    shape_token,
    text_tokens,
)

STEP: Final = 25
"""What one step of a weight in the table counts, in thousandths of the logarithm of the odds."""
UNIT: Final = 10_000
"""What a leaf's value of 1.0 is stored as."""
CERTAIN: Final = 65_535
"""What a probability of 1 is stored as."""
_GRID: Final = 128
"""Entries of the table of probabilities for 1.0 of score; it covers scores from -8 to 8."""
_CHUNK: Final = 512
LEAVES: Final = 32
"""Leaves that a tree may have."""
_FILE: Final = "weights.npz"


@dataclass(frozen=True)
class Weights:
    """A linear model over hashed tokens, and trees over its scores and the features of `context`. All whole numbers."""

    table: npt.NDArray[np.int8]
    """By the hash of a token."""
    bias: int
    """In thousandths."""
    features: tuple[int, ...]
    """CRC-32 of the names of the features that the trees were made for, in their order."""
    column: npt.NDArray[np.int64]
    """For each split of all trees: the feature it asks for."""
    threshold: Ints
    """For each split: what is at most this goes left."""
    mask: npt.NDArray[np.uint32]
    """For each split: the leaves of its tree, as bits, that are still to be had when it goes right."""
    start: npt.NDArray[np.int64]
    """For each tree: its first split."""
    leaves: npt.NDArray[np.int64]
    """For each tree: the values of its leaves from left to right, `LEAVES` of them."""
    base: int
    """What all trees start from."""
    probability: npt.NDArray[np.int64]
    """By score."""


@cache
def weights() -> Weights | None:
    """Return the shipped weights; None when they are not there, as in a copy of the source without its data."""
    source = files("consumers.normalize.blocks") / _FILE
    if not source.is_file():
        return None
    with np.load(io.BytesIO(source.read_bytes()), allow_pickle=False) as stored:
        return Weights(
            table=stored["table"],
            bias=int(stored["bias"]),
            features=tuple(int(each) for each in stored["features"]),
            column=stored["column"].astype(np.int64),
            threshold=stored["threshold"].astype(np.int64),
            mask=stored["mask"],
            start=stored["start"].astype(np.int64),
            leaves=stored["leaves"].astype(np.int64),
            base=int(stored["base"]),
            probability=stored["probability"].astype(np.int64),
        )


class Scorer:
    """Says how likely blocks are text, by one set of weights. Keeps the sums of elements that it has seen lately."""

    def __init__(self, by: Weights) -> None:
        self.by = by
        self._table: list[int] = by.table.tolist()
        self._element = lru_cache(maxsize=8_192)(self._weigh)
        self._levels = lru_cache(maxsize=32_768)(self._levels_of)
        self._word = lru_cache(maxsize=32_768)(self._of)

    def likelihoods(self, page: Page, measures: list[Measures]) -> Ints:
        """Return for each block how likely it is text of the article, from 0 to `CERTAIN`."""
        own = np.array([each.values for each in measures], dtype=np.int64)
        path, text = self.linear(page, measures)
        features, _ = context(page, own, path + text + self.by.bias, path, text)
        return self.grow(features)

    def linear(self, page: Page, measures: list[Measures]) -> tuple[Ints, Ints]:
        """Return the two parts of the linear model's score for each block: by what is around it, and by its text."""
        sums = [self._element(key) for key in page.keys]
        through: list[int] = []
        for node, parent in enumerate(page.parents):
            through.append(sums[node][3] + (through[parent] if node else 0))
        paths, texts = [], []
        word = self._word
        for block, each in zip(page.blocks, measures, strict=True):
            node = block.node
            parent, tags = page.parents[node], [page.keys[node][0]]
            path = through[node] + sums[node][0]
            if node:
                path += sums[parent][1]
                tags.append(page.keys[parent][0])
            if parent:
                path += sums[page.parents[parent]][2]
                tags.append(page.keys[page.parents[parent]][0])
            if block.inline:
                path += self._element(block.inline)[4]
            paths.append(path + word(path_token(tags)))
            texts.append(
                sum(map(word, text_tokens(each.words, each.values[0])))
                + word(shape_token(tags[0], each.values[0], each.values[2]))
            )
        return STEP * np.array(paths, dtype=np.int64), STEP * np.array(texts, dtype=np.int64)

    def grow(self, features: Ints) -> Ints:
        """Return what the trees make of rows of features, as probabilities from 0 to `CERTAIN`.

        All splits of all trees are asked at once. Each that goes right strikes out the leaves to its left; the leaf is the first that is
        left over (Lucchese et al. 2015, QuickScorer).
        """
        by = self.by
        scores = np.full(len(features), by.base, dtype=np.int64)
        trees = np.arange(len(by.start))[:, None] * LEAVES
        for at in range(0, len(features), _CHUNK):
            part = np.ascontiguousarray(features[at : at + _CHUNK].T)
            right = part[by.column] > by.threshold[:, None]
            left_over = np.bitwise_and.reduceat(
                np.where(right, by.mask[:, None], np.uint32(0xFFFFFFFF)), by.start, axis=0
            )
            lowest = left_over & (~left_over + np.uint32(1))
            leaf = np.frexp(lowest.astype(np.float64))[1] - 1  # exact: a power of two
            scores[at : at + _CHUNK] += by.leaves.ravel()[trees + leaf].sum(axis=0)
        place = np.clip((scores * _GRID) // UNIT + 8 * _GRID, 0, len(by.probability) - 1)
        return by.probability[place]

    def _weigh(self, key: Key) -> tuple[int, ...]:
        return tuple(map(sum, zip(*map(self._levels, element_tokens(key)), strict=True)))

    def _levels_of(self, token: str) -> list[int]:
        return [self._table[at] for at in level_buckets(token)]

    def _of(self, token: str) -> int:
        return self._table[bucket(token)]


@cache
def scorer() -> Scorer | None:
    """Return the scorer with the shipped weights, or None without them."""
    found = weights()
    return Scorer(found) if found is not None else None


def checksums(names: tuple[str, ...]) -> list[int]:
    """Return the CRC-32 of each name."""
    return [zlib.crc32(name.encode()) for name in names]


def probabilities() -> Ints:
    """Return the table of probabilities: made where weights are, and shipped with them, since an exponential differs between machines."""
    scores = np.arange(-8 * _GRID, 8 * _GRID + 1) / _GRID
    return np.rint(CERTAIN / (1 + np.exp(-scores))).astype(np.int64)
