"""The top headings of a page, each in the forms in which it can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from consumers.normalize.elements import elements
from consumers.normalize.site_names import fold, hostname
from newswire.text.hygiene import title

_HEADLINES: Final = etree.XPath("descendant::*[@itemprop='headline']")
_BREAKS: Final = frozenset(("br", "div", "p", "li", "h2", "h3", "small"))
"""Between their text and that around them is a space, although none is written."""
_MAX_HEADINGS: Final = 40
_MAX_TEXTS: Final = 200
"""Pieces of text in a heading: more are a page inside of one."""
_MAX_PARTS: Final = 6
_MOST_OF_IT: Final = 0.5


@dataclass(frozen=True, slots=True)
class TopHeading:
    """A top heading."""

    forms: tuple[str, ...]
    """As it stands; with space between its parts; then without parts at either end (a kicker, a badge), the most of it first."""
    leads: str | None = None
    """Where the link leads that all of it is in: the address, of one that leads to no other article: a logo, a press's name."""

    def is_short_beside(self, titles: Collection[str]) -> bool:
        """Return whether it has less than half of the letters of the longest of the page's titles, which are folded."""
        return 2 * len(fold(self.forms[0])) < max(map(len, titles), default=0)


def top_headings(tree: HtmlElement, hosts: Collection[str]) -> Iterator[TopHeading]:
    """Yield the `h1` of a page, else what microdata mark as its headline; `hosts` are the page's own."""
    for element in list(islice(tree.iter("h1"), _MAX_HEADINGS)) or elements(_HEADLINES, tree, _MAX_HEADINGS):
        pieces = list(islice(_pieces(element), 2 * _MAX_TEXTS))
        if forms := tuple(dict.fromkeys(form for form in _forms(pieces) if form)):
            yield TopHeading(forms, _leads(element, fold(forms[0]), hosts))


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, each in islice(etree.iterwalk(element, events=("start", "end")), 10 * _MAX_TEXTS):
        if each.tag in _BREAKS:
            yield " "
        text = each.text if event == "start" else each.tail if each is not element else None
        if text and (event == "end" or isinstance(each.tag, str)):
            yield text


def _forms(pieces: list[str]) -> Iterator[str]:
    """Yield the whole, with and without space between its parts, and the runs of parts that are most of it."""
    places = [place for place, piece in enumerate(pieces) if not piece.isspace()]
    yield title("".join(pieces))
    yield title(" ".join(pieces[place] for place in places))
    if len(places) > 1:  # a kicker in front is the most common part
        yield title("".join(pieces[places[1] :]))
    if not 1 < len(places) <= _MAX_PARTS:
        return
    whole = len(fold("".join(pieces)))
    runs = [
        (first, last)
        for first in range(len(places))
        for last in range(first, len(places))
        if last - first + 1 < len(places)
    ]
    for first, last in sorted(runs, key=lambda run: run[0] - run[1]):
        run = title("".join(pieces[places[first] : places[last] + 1]))
        if len(fold(run)) > _MOST_OF_IT * whole:
            yield run


def _leads(element: HtmlElement, whole: str, hosts: Collection[str]) -> str | None:
    """Return the address of a link that holds all of a heading and leads to a home page or another site."""
    link = element if element.tag == "a" else next(element.iter("a"), None)
    if link is None or fold("".join(islice(link.itertext(), _MAX_TEXTS))) != whole:
        return None
    href = (link.get("href") or "").strip()
    try:
        parts = urlsplit(href)
    except ValueError:  # a host in brackets that is no address
        return None
    if parts.scheme not in ("", "http", "https") or not href or href.startswith("#"):
        return None
    is_home = parts.path in ("", "/") and not parts.query
    is_other = bool(parts.netloc and hosts) and host_of(href) not in hosts
    return href if is_home or is_other else None


def host_of(address: str) -> str:
    """Return the host of an address without `www.`; empty for what is no address."""
    return hostname(address).removeprefix("www.")
