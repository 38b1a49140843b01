"""Which passages of a copy show that it is one."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

import numpy as np

from consumers.deduplicate.sketch import WIDTH, Shingles, Sketch, lower
from consumers.deduplicate.words import Block, Words, spans
from schemas.core.location import Location
from schemas.duplicate.model import Passage

MOST: Final = 3
_LONGEST: Final = 500


def shared(blocks: list[Block], words: Words, arrived: Shingles, original: Sketch) -> tuple[Passage, ...]:
    """Return the longest passages of the arrived text, each within one paragraph, that the original has too; at most three.

    The original's text is not kept, only a sample of its shingles. A passage runs from one sampled shingle that the original has to
    the next ones that it has, as long as no sampled shingle between is missing from it.
    """
    sampled = ((arrived.at >> np.uint64(48)) <= np.uint64(original.threshold)).nonzero()[0]
    known = set(original.keys)
    found = lower(arrived.at[sampled]).tolist()
    runs: list[_Run] = []
    unbroken = False
    for place, key in zip(sampled.tolist(), found, strict=True):
        if key not in known:
            unbroken = False
            continue
        block = bisect_right(words.firsts, place) - 1
        last = place + WIDTH - 1
        if bisect_right(words.firsts, last) - 1 != block:
            continue  # it crosses a paragraph: true, but there is no one place to point at
        first = runs.pop().first if unbroken and runs[-1].block == block else place
        runs.append(_Run(block, first, last))
        unbroken = True
    runs.sort(key=lambda run: run.first - run.last)  # stable: equal ones stay in order of text
    return tuple(_passage(blocks[run.block], words.firsts[run.block], run) for run in runs[:MOST])


class _Run(NamedTuple):
    block: int
    first: int
    last: int


def _passage(block: Block, before: int, run: _Run) -> Passage:
    places = spans(block.text)
    start = places[run.first - before][0]
    end = min(places[run.last - before][1], start + _LONGEST)
    return Passage(text=block.text[start:end], location=Location(path=block.path, start=start, end=end))
