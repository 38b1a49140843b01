"""Elements that a path finds."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement


def elements(path: etree.XPath, start: HtmlElement, most: int) -> Iterator[HtmlElement]:
    """Yield the elements among the first `most` things that a path finds from `start`."""
    found = path(start)
    if isinstance(found, list):
        yield from (element for element in found[:most] if isinstance(element, HtmlElement))
