"""A page's blocks to those that are the article's text."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from consumers.normalize.blocks.choose import choose
from consumers.normalize.blocks.cut import LINE_BREAK, Block, Page
from consumers.normalize.blocks.measure import NAMES, Measures, measure, words_of
from consumers.normalize.blocks.model import scorer
from consumers.normalize.blocks.reading_tips import without_tips

_WORDS: Final = NAMES.index("words")
_EQUALS_TITLE: Final = NAMES.index("equals_title")
_FEWEST_REPEATED: Final = 6
"""Words of a text that is left out the second time."""
_BESIDE: Final = 3
_LONGEST_BESIDE: Final = 400
Read = tuple[list[tuple[bool, str]], float, list[str]]
_HEADING: Final = re.compile(r"h[1-6]$")


def read_blocks(page: Page, title: str, lead: str) -> Read | None:
    """Return (is a heading, text) for each block that is the article's, in reading order, and how right that is expected to be, as an F1.

    A text may have several lines. With them, for who looks for credits, a few short blocks next to them. `title` and `lead` are what the
    page says about itself. None: there are no weights.
    """
    by = scorer()
    if by is None:
        return None
    if not page.blocks:
        return [], 0.0, []
    measured = measures(page, title, lead)
    words = np.array([each.values[0] for each in measured], dtype=np.int64)
    taken, expected = choose(by.likelihoods(page, measured), words)
    chosen = without_tips(without_repeats([int(at) for at in np.flatnonzero(taken)], measured, page), page)
    return (
        [_told(page.blocks[at], page) for at in chosen],
        expected,
        _beside(chosen, page),
    )


def _told(block: Block, page: Page) -> tuple[bool, str]:
    """Return whether a block is a heading, and its text, in which each line that is shown as one ends with `LINE_BREAK`."""
    tag = page.keys[block.node][0]
    lines_stay = tag == "pre" and LINE_BREAK not in block.text
    return _HEADING.match(tag) is not None, block.text.replace("\n", LINE_BREAK) if lines_stay else block.text


def _beside(chosen: list[int], page: Page) -> list[str]:
    """Return the short blocks next to the text, those behind it first."""
    if not chosen:
        return []
    first, last = chosen[0], chosen[-1]
    places = (*range(last + 1, last + 1 + _BESIDE), *range(first - 1, first - 1 - _BESIDE, -1))
    return [
        page.blocks[at].text
        for at in places
        if 0 <= at < len(page.blocks) and len(page.blocks[at].text) <= _LONGEST_BESIDE
    ]


def without_repeats(chosen: list[int], measured: list[Measures], page: Page) -> list[int]:
    """Return the blocks that are chosen without the headline, unless there is nothing else, and without what was there before."""
    others = [
        at for at in chosen if not (measured[at].values[_EQUALS_TITLE] and measured[at].values[_WORDS] > 2)
    ]
    seen: set[str] = set()
    kept = []
    for at in others or chosen:
        text = " ".join(page.blocks[at].text.lower().split())
        if text not in seen or measured[at].values[_WORDS] < _FEWEST_REPEATED:
            kept.append(at)
        seen.add(text)
    return kept


def measures(page: Page, title: str, lead: str) -> list[Measures]:
    """Return what can be told of each block by its own text."""
    titles, leads = frozenset(words_of(title)), frozenset(words_of(lead))
    seen: dict[str, int] = {}
    return [measure(block, titles, leads, seen) for block in page.blocks]
