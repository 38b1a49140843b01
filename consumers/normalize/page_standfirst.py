"""The standfirst that a page shows, where it does not tell machines what it is about."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from consumers.normalize.elements import elements
from consumers.normalize.extraction import Extraction
from consumers.normalize.short_text import short_text
from newswire.text.hygiene import line

_MARKED: Final = etree.XPath(
    "//body//*[self::p or self::h2 or self::h3 or self::div]"
    "[contains(@class,'standfirst') or contains(@class,'dek') or contains(@class,'strapline') or contains(@class,'ubheadline')"
    " or contains(@class,'ubtitle') or contains(@class,'lead') or contains(@class,'deck') or contains(@itemprop,'alternativeHeadline')]"
)
_CLASS: Final = re.compile(
    r"(?:^|[\s_-])(?:standfirst|dek|deck|strapline|sub-?headline|subtitle|lead|lede|lead-?(?:text|paragraph))(?:$|[\s_-])",
    re.IGNORECASE,
)
_MOST: Final = 20
_SHORTEST: Final = 40
_LONGEST: Final = 600


def add_standfirst(found: Extraction, tree: HtmlElement) -> None:
    """Add, as the last candidate for the summary, the first element that a class of its own marks as the standfirst.

    Not looked for where JSON-LD, microdata or meta elements have a summary. Called on a tree without hidden parts.
    """
    if found.of("summary"):
        return
    for element in elements(_MARKED, tree, _MOST):
        if not element.get("itemprop") and not _CLASS.search(element.get("class") or ""):
            continue
        text = line(short_text(element, 2 * _LONGEST))
        if _SHORTEST <= len(text) <= _LONGEST:
            found.add("summary", text, "html", 0.6)
            return
