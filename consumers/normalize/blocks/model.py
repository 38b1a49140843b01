"""The shipped weights, and how likely each block is to be text of the article by them."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from consumers.normalize.blocks.context import context
from consumers.normalize.blocks.cut import Key, Page
from consumers.normalize.blocks.forest import CERTAIN, Forest, forest_of
from consumers.normalize.blocks.measure import Measures
from consumers.normalize.blocks.second import second
from consumers.normalize.blocks.tokens import (
    ANYWHERE,
    AROUND,
    BEYOND,
    BITS,
    INLINE,
    LEVELS,
    OWN,
    STRIDE,
    bucket,
    buckets,
    class_tokens,
    name_tokens,
    other_tokens,
    path_token,
    shape_token_of,
    share_step,
    tag_token,
    text_buckets,
)
from consumers.normalize.blocks.view import Ints, View
from newswire.errors import StageStoppedError

STEP: Final = 25
"""What one step of a weight in the table counts, in thousandths of the logarithm of the odds."""
_UNLIKELY: Final = 5
"""Thousandths of likelihood below which a block is not looked at again."""
_FILE: Final = "weights.npz"
_BITS_OF_SUM: Final = 20
_SHIFTS: Final = tuple(_BITS_OF_SUM * level for level in range(len(LEVELS)))
_FIELD: Final = (1 << _BITS_OF_SUM) - 1
_MIDDLE: Final = 1 << (_BITS_OF_SUM - 1)
_ZERO: Final = 128
_MIDDLES: Final = sum(_MIDDLE << shift for shift in _SHIFTS)


@dataclass(frozen=True)
class Weights:
    """A linear model over hashed tokens, and two forests. All whole numbers."""

    table: npt.NDArray[np.int8]
    """By the hash of a token."""
    bias: int
    """In thousandths."""
    first: Forest | None = None
    """Sees a block and where it stands."""
    second: Forest | None = None
    """Sees also what the first makes of the blocks around it."""


@cache
def weights() -> Weights | None:
    """Return the shipped weights; None when they are not there, as in a copy of the source without its data.

    `StageStoppedError` when the file is damaged: read in another way than the rule version says, articles would differ unnoticed.
    """
    source = files("consumers.normalize.blocks") / _FILE
    if not source.is_file():
        return None
    try:
        with np.load(io.BytesIO(source.read_bytes()), allow_pickle=False) as stored:
            found = Weights(
                stored["table"],
                int(stored["bias"]),
                forest_of(stored, "first_"),
                forest_of(stored, "second_"),
            )
    except (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise _broken(str(source), str(error)) from error
    if found.table.dtype != np.int8 or found.table.shape != (1 << BITS,):
        raise _broken(str(source), f"its table is {found.table.dtype}{list(found.table.shape)}")
    return found


def _broken(path: str, why: str) -> StageStoppedError:
    return StageStoppedError(
        f"the weights that pages are read with cannot be read: {path}: {why}. Install the package again, or take the file from its source; "
        "without the file trafilatura reads pages, less well"
    )


class Scorer:
    """Says how likely blocks are text, by one set of weights. Keeps the sums of elements that it has seen lately."""

    def __init__(self, by: Weights) -> None:
        self.by = by
        self._table = (by.table.astype(np.int16) + _ZERO).astype(np.uint8).tobytes()
        self._packed = packed_levels(by.table)
        self._element = lru_cache(maxsize=32_768)(self._weigh)
        self._of_tag = lru_cache(maxsize=1_024)(lambda tag: self._sum_of([tag_token(tag)]))
        self._of_class = lru_cache(maxsize=16_384)(lambda css: self._sum_of(class_tokens(css)))
        self._of_other = lru_cache(maxsize=4_096)(lambda other: self._sum_of(other_tokens(other)))
        self._path = lru_cache(maxsize=4_096)(lambda tags: self._sum(path_token(tags)))
        self._shape = lru_cache(maxsize=4_096)(
            lambda tag, size, share: self._sum(shape_token_of(tag, size, share))
        )

    def likelihoods(self, page: Page, measures: list[Measures]) -> Ints:
        """Return for each block how likely it is text of the article, from 0 to `CERTAIN`."""
        view, rows = self.look(page, measures)
        assert self.by.first is not None
        assert self.by.second is not None
        found = self.by.first.likelihoods(rows)
        likely = found * 1000 // CERTAIN
        unsure = np.flatnonzero(likely >= _UNLIKELY)
        if len(unsure):
            more = second(view, likely)[0]
            found[unsure] = self.by.second.likelihoods(np.concatenate((rows[unsure], more[unsure]), axis=1))
        return found

    def look(self, page: Page, measures: list[Measures]) -> tuple[View, Ints]:
        """Return a page's blocks as arrays, and the rows of features that the first forest sees."""
        own = np.fromiter(chain.from_iterable([each.values for each in measures]), np.int64)
        own = own.reshape(len(measures), -1)
        path, text = self.linear(page, measures)
        view = View(page, own, path + text + self.by.bias)
        return view, context(view, path, text)[0]

    def linear(self, page: Page, measures: list[Measures]) -> tuple[Ints, Ints]:
        """Return the two parts of the linear model's score for each block: by what is around it, and by its text."""
        sums = [self._element(key) for key in page.keys]
        through: list[int] = []
        for node, parent in enumerate(page.parents):
            through.append(sums[node][ANYWHERE] + (through[parent] if node else 0))
        table, keys, parents = self._table, page.keys, page.parents
        paths, texts = [], []
        for block, each in zip(page.blocks, measures, strict=True):
            node = block.node
            parent = parents[node]
            tag = keys[node][0]
            path = through[node] + sums[node][OWN]
            if parent:
                beyond = parents[parent]
                path += sums[parent][AROUND] + sums[beyond][BEYOND]
                path += self._path((tag, keys[parent][0], keys[beyond][0]))
            elif node:
                path += sums[parent][AROUND] + self._path((tag, keys[parent][0]))
            else:
                path += self._path((tag,))
            if block.inline:
                path += self._element(block.inline)[INLINE]
            paths.append(path)
            words, values = each.words, each.values
            places = text_buckets(words, values[0])
            # a hash is no dearer than looking up whether it is known
            text = sum([table[place] for place in places]) - _ZERO * len(places)
            texts.append(text + self._shape(tag, values[0].bit_length(), share_step(values[2])))
        return STEP * np.array(paths, dtype=np.int64), STEP * np.array(texts, dtype=np.int64)

    def _weigh(self, key: Key) -> tuple[int, ...]:
        tag, css, name, other = key
        packed = _MIDDLES + self._of_tag(tag) + self._of_class(css) + self._of_other(other)
        packed += self._sum_of(name_tokens(name))  # most are of one element only
        return tuple([(packed >> shift & _FIELD) - _MIDDLE for shift in _SHIFTS])

    def _sum_of(self, tokens: list[str]) -> int:
        packed = self._packed
        return sum([packed[place] for place in buckets(tokens)])

    def _sum(self, token: str) -> int:
        return self._table[bucket(token)] - _ZERO


def packed_levels(table: npt.NDArray[np.int8]) -> list[int]:
    """Return for each place the weights that a token with it has at all levels, in one number: those of an element are summed at once."""
    at = np.stack([np.roll(table, -level * STRIDE) for level in LEVELS]).astype(np.int64)
    low = sum(at[level] << _SHIFTS[level] for level in range(3)).tolist()
    high = (at[3] + (at[4] << _BITS_OF_SUM)).tolist()
    return [first + (second << _SHIFTS[3]) for first, second in zip(low, high, strict=True)]


@cache
def scorer() -> Scorer | None:
    """Return the scorer with the shipped weights, or None without them."""
    found = weights()
    return Scorer(found) if found is not None else None


def checksums(names: tuple[str, ...]) -> list[int]:
    """Return the CRC-32 of each name."""
    return [zlib.crc32(name.encode()) for name in names]
