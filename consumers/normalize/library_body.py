"""A page's text by trafilatura (Barbaresi 2021): what is read where the weights of our own reader are not there."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

from lxml.html import HtmlElement

from newswire.text.hygiene import paragraph

_LEAVES: Final = ("p", "item", "quote", "ab", "code", "row")


def library_blocks(tree: HtmlElement) -> Iterator[tuple[bool, str]]:
    """Yield (is a heading, text) for each block of the article. A process that reads many pages with it grows: 236 MB after 3,000."""
    from trafilatura import bare_extraction  # half a second to load

    document = bare_extraction(
        copy.deepcopy(tree), include_comments=False, include_tables=True, with_metadata=False
    )
    body = getattr(document, "body", None)
    if body is not None:
        yield from _blocks(body)


def _blocks(body: Any) -> Iterator[tuple[bool, str]]:
    """Yield (is a heading, text) for each block in reading order; a block inside another is part of the outer one's text only once."""
    for element in body.iter("head", *_LEAVES):
        if any(True for _ in element.iterdescendants(*_LEAVES)):
            own = paragraph(
                element.text or ""
            )  # a quotation or list item with paragraphs in it: those come themselves
            if own:
                yield False, own
            continue
        for line_break in element.iter("lb"):
            line_break.tail = "\n" + (line_break.tail or "")
        separator = " | " if element.tag == "row" else ""
        for each in separator.join(element.itertext()).split("\n"):
            text = paragraph(each)
            if text:
                yield element.tag == "head", text
