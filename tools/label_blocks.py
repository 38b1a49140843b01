"""Which blocks of a page are the article's, by its text as somebody else wrote it down: the labels that `train_blocks` learns from."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence

_TOKEN = re.compile(r"\w+")
_SHINGLE = 4
_NEAR = 12
"""Blocks between a short one and the nearest that is certain, at most."""


def coverage(texts: Sequence[str], gold: str) -> list[float]:
    """Return for each block, in reading order, the share of its 4-word shingles that `gold` has.

    A text that stands on the page more often than in `gold` counts where it is nearest to the middle of what stands there once. A block of
    less than four words counts when it follows in `gold` on the last two words of the nearest certain block before it, or precedes the
    first two of the one after it.
    """
    blocks = [_TOKEN.findall(text) for text in texts]
    words = _TOKEN.findall(gold)
    known = {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    covered = [_share(block, known) for block in blocks]
    joined = f" {' '.join(words)} "
    _keep_nearest(blocks, covered, joined)
    for _ in range(2):
        certain = [at for at, share in enumerate(covered) if share > 0.5]
        for at, block in enumerate(blocks):
            if block and len(block) < _SHINGLE and covered[at] <= 0.5:
                covered[at] = float(_adjoins(at, blocks, certain, joined))
    return covered


def _share(block: list[str], known: set[tuple[str, ...]]) -> float:
    shingles = [tuple(block[at : at + _SHINGLE]) for at in range(len(block) - _SHINGLE + 1)]
    return sum(each in known for each in shingles) / len(shingles) if shingles else 0.0


def _keep_nearest(blocks: list[list[str]], covered: list[float], joined: str) -> None:
    places: dict[tuple[str, ...], list[int]] = {}
    for at, share in enumerate(covered):
        if share > 0.5:
            places.setdefault(tuple(blocks[at]), []).append(at)
    once = sorted(found[0] for found in places.values() if len(found) == 1)
    everywhere = once or sorted(at for found in places.values() for at in found)
    if not everywhere:
        return
    middle = everywhere[len(everywhere) // 2]
    for block, found in places.items():
        wanted = max(1, joined.count(f" {' '.join(block)} "))
        for at in sorted(found, key=lambda place: abs(place - middle))[wanted:]:
            covered[at] = 0.0


def _adjoins(at: int, blocks: list[list[str]], certain: list[int], joined: str) -> bool:
    place = bisect.bisect_left(certain, at)
    mine = " ".join(blocks[at])
    if place and at - certain[place - 1] < _NEAR:
        before = " ".join(blocks[certain[place - 1]][-2:])
        if f" {before} {mine} " in joined:
            return True
    if place < len(certain) and certain[place] - at < _NEAR:
        after = " ".join(blocks[certain[place]][:2])
        return f" {mine} {after} " in joined
    return False


def agreement(one: str, other: str) -> float:
    """Return the F1 of the 4-word shingles of two texts, as a share."""
    first, second = (
        Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
        for words in (_TOKEN.findall(one), _TOKEN.findall(other))
    )
    return 2 * (first & second).total() / (first.total() + second.total())
