"""A page's blocks to those that are the article's text."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from consumers.normalize.blocks.choose import choose
from consumers.normalize.blocks.cut import Page
from consumers.normalize.blocks.measure import Measures, measure, words_of
from consumers.normalize.blocks.model import scorer

_HEADING: Final = re.compile(r"h[1-6]$")


def read_blocks(page: Page, title: str, lead: str) -> tuple[list[tuple[bool, str]], float] | None:
    """Return (is a heading, text) for each block that is the article's, in reading order, and how right that is expected to be, as an F1.

    A text may have several lines. `title` and `lead` are what the page says about itself. None: there are no weights.
    """
    by = scorer()
    if by is None:
        return None
    if not page.blocks:
        return [], 0.0
    measured = measures(page, title, lead)
    words = np.array([each.values[0] for each in measured], dtype=np.int64)
    taken, expected = choose(by.likelihoods(page, measured), words)
    return [
        (_HEADING.match(page.keys[block.node][0]) is not None, block.text)
        for block, take in zip(page.blocks, taken.tolist(), strict=True)
        if take
    ], expected


def measures(page: Page, title: str, lead: str) -> list[Measures]:
    """Return what can be told of each block by its own text."""
    titles, leads = frozenset(words_of(title)), frozenset(words_of(lead))
    seen: dict[str, int] = {}
    return [measure(block, titles, leads, seen) for block in page.blocks]
