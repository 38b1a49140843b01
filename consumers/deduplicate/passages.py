"""Which passages of a copy show that it is one."""

from __future__ import annotations

from typing import Final

import numpy as np

from consumers.deduplicate.sketch import WIDTH, Shingles, Sketch, lower
from consumers.deduplicate.words import Block, spans
from schemas.core.location import Location
from schemas.duplicate.model import Passage

MOST: Final = 3
_LONGEST: Final = 500


def shared(blocks: list[Block], arrived: Shingles, original: Sketch) -> tuple[Passage, ...]:
    """Return the longest passages of the arrived text, each within one paragraph, that the original has too; at most three.

    The original's text is not kept, only a sample of its shingles. A passage runs from one sampled shingle that the original has to
    the next ones that it has, as long as no sampled shingle between is missing from it.
    """
    sampled = np.flatnonzero((arrived.at >> np.uint64(32)) <= np.uint64(original.threshold)).tolist()
    keys = set(original.keys)
    found = lower(arrived.at).tolist()
    words = spans(blocks)
    runs: list[tuple[int, int]] = []  # first and last word
    unbroken = False
    for place in sampled:
        first, last = place, place + WIDTH - 1
        if found[place] not in keys:
            unbroken = False
            continue
        if words[first][0] != words[last][0]:
            continue  # it crosses a paragraph: true, but there is no one place to point at
        if unbroken and words[runs[-1][0]][0] == words[last][0]:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
        unbroken = True
    passages = [_passage(blocks, words[first], words[last]) for first, last in runs]
    passages.sort(key=lambda p: p.location.start - p.location.end)  # stable: equal ones stay in order of text
    return tuple(passages[:MOST])


def _passage(blocks: list[Block], first: tuple[int, int, int], last: tuple[int, int, int]) -> Passage:
    block, start, end = blocks[first[0]], first[1], min(last[2], first[1] + _LONGEST)
    return Passage(text=block.text[start:end], location=Location(path=block.path, start=start, end=end))
