"""What a page says about its article in microdata or RDFa, in the form of JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from lxml.html import HtmlElement

from consumers.normalize.jsonld_graph import ARTICLE_TYPES
from consumers.normalize.short_text import short_text
from newswire.text.hygiene import line

_TYPE: Final = re.compile(r"(?:^|[/:#])([A-Za-z]+)$")
_PREFIX: Final = re.compile(r"^(?:schema:|https?://schema\.org/)")
_ADDRESSES: Final = {
    "a": "href",
    "link": "href",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "time": "datetime",
    "meta": "content",
}
_MOST_ROOTS: Final = 50
_MOST_ELEMENTS: Final = 5_000
_LONGEST: Final = 5_000
_BODY: Final = frozenset(
    ("articleBody", "text", "comment", "commentText", "reviewBody", "hasPart", "mentions", "relatedLink")
)
"""Properties whose values are the text itself or other things than the article."""


def read_microdata(labelled: Iterable[HtmlElement]) -> dict[str, Any] | None:
    """Return the article that the page marks as one with `itemtype` or `typeof`, as a node of JSON-LD; None when there is none.

    `labelled` are its elements with one of these, among others, in document order.

    Of several, the one around the page's `h1`; a page that marks several and none around its heading is a list. Of a property that is a
    thing of its own (an author, a publisher, a picture) the properties are read too, not deeper. Properties of other things in between,
    such as comments and neighbouring articles, are not the article's.
    """
    typed = (each for each in labelled if each.get("itemtype") is not None or each.get("typeof") is not None)
    roots = [element for element in islice(typed, _MOST_ROOTS) if _types(element) & ARTICLE_TYPES]
    around = [root for root in roots if next(root.iter("h1"), None) is not None]
    chosen = around[:1] or (roots if len(roots) == 1 else [])
    return _properties(chosen[0], deep=True) if chosen else None


def _types(element: HtmlElement) -> frozenset[str]:
    words = (element.get("itemtype") or element.get("typeof") or "").split()
    return frozenset(match[1] for word in words if (match := _TYPE.search(word)))


def _properties(root: HtmlElement, *, deep: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"@type": sorted(_types(root))}
    for element in islice(_own(root), _MOST_ELEMENTS):
        names = [
            _PREFIX.sub("", name)
            for name in (element.get("itemprop") or element.get("property") or "").split()
        ]
        if not names or names[0] in _BODY:
            continue
        value = _properties(element, deep=False) if deep and _is_thing(element) else _value(element)
        for name in names:
            if value:
                said.setdefault(name, []).append(value)
    return said


def _own(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what is inside of a thing, in order, but not what is inside of the things that it holds."""
    pending = list(reversed(root))
    while pending:
        element = pending.pop()
        if isinstance(element, HtmlElement):
            yield element
            if not _is_thing(element):
                pending.extend(reversed(element))


def _is_thing(element: HtmlElement) -> bool:
    return element.get("itemscope") is not None or element.get("typeof") is not None


def _value(element: HtmlElement) -> str:
    given = element.get("content") or element.get(_ADDRESSES.get(str(element.tag), "content")) or ""
    return given.strip() or line(short_text(element, _LONGEST))
