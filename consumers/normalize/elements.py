"""Elements that a path, their tags or their attributes find."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement


def elements(path: etree.XPath, start: HtmlElement, most: int) -> Iterator[HtmlElement]:
    """Yield the elements among the first `most` things that a path finds from `start`."""
    found = path(start)
    if isinstance(found, list):
        yield from (element for element in found[:most] if isinstance(element, HtmlElement))


def elements_by_tag(tree: HtmlElement, *tags: str) -> dict[str, list[HtmlElement]]:
    """Return the elements with one of some tags, in document order, by tag: one walk over a page instead of one for each."""
    found: dict[str, list[HtmlElement]] = {tag: [] for tag in tags}
    for element in tree.iter(*tags):
        found[element.tag].append(element)
    return found


def elements_with(tree: HtmlElement, attributes: frozenset[str]) -> list[HtmlElement]:
    """Return the elements of a page that have one of some attributes, in document order: one walk instead of one for each."""
    return [element for element in tree.iterdescendants() if not attributes.isdisjoint(element.keys())]
