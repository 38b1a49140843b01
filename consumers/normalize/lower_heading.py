"""A page whose top heading is its logo or a box: the headline is the second heading that its titles begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from consumers.normalize.short_text import short_text
from consumers.normalize.site_names import fold
from newswire.text.hygiene import title

_MOST: Final = 40
_LONGEST: Final = 500
_FEWEST_LETTERS: Final = 12
_FEWEST_UNSPACED: Final = 6
_UNSPACED: Final = re.compile(r"[\u3040-\u9fff]")
_OUTSIDE: Final = ("aside", "nav", "footer")


@dataclass(frozen=True, slots=True)
class LowerHeading:
    """A second heading that titles of the page are or begin with."""

    text: str
    titles: tuple[str, ...]
    """The titles, those that begin with it cut down to it."""
    behind: frozenset[str]
    """What stands behind it in titles, folded: the site's name when a top heading says the same."""


def lower_heading(
    tree: HtmlElement, titles: Sequence[str], separator: re.Pattern[str]
) -> LowerHeading | None:
    """Return the first `h2` that is one of the page's titles, or the part of one before a separator; None when there is none.

    Short ones are names of desks, and those in boxes and navigation belong to others.
    """
    parts: dict[str, set[str]] = {}
    for text in titles:
        parts.setdefault(fold(text), set())
        for cut in islice(separator.finditer(text), _MOST):
            parts.setdefault(fold(text[: cut.start()]), set()).add(fold(text[cut.end() :]))
    for element in islice(tree.iter("h2"), _MOST):
        text = title(short_text(element, _LONGEST))
        folded = fold(text)
        fewest = _FEWEST_UNSPACED if _UNSPACED.search(text) else _FEWEST_LETTERS
        if (
            len(folded) < fewest
            or folded not in parts
            or next(element.iterancestors(*_OUTSIDE), None) is not None
        ):
            continue
        cut_down = tuple(text if _begins(each, folded, separator) else each for each in titles)
        return LowerHeading(text, cut_down, frozenset(parts[folded]))
    return None


def _begins(text: str, folded: str, separator: re.Pattern[str]) -> bool:
    return any(fold(text[: cut.start()]) == folded for cut in islice(separator.finditer(text), _MOST))
