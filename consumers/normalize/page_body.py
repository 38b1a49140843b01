"""A page's text: paragraphs under their headings, without what stands around them."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Container, Iterable, Iterator
from typing import Any, Final

from lxml.html import HtmlElement

from newswire.text.hygiene import paragraph
from schemas.normalized.model import Section

_STANDFIRST: Final = re.compile(r"\b(?:standfirst|dek|deck|strapline|subheadline)\b", re.IGNORECASE)
_LEAVES: Final = ("p", "item", "quote", "ab", "code", "row")


def page_sections(tree: HtmlElement, repeated: frozenset[str]) -> tuple[Section, ...]:
    """Return the article's sections.

    Of `repeated`, in folded case, nothing is read as text again: headlines, and a standfirst that is marked as one. Boilerplate is
    removed by trafilatura (Barbaresi 2021), until a reader of our own is measured to be better.
    """
    from trafilatura import bare_extraction  # half a second to load

    document = bare_extraction(
        copy.deepcopy(tree), include_comments=False, include_tables=True, with_metadata=False
    )
    body = getattr(document, "body", None)
    return sections_of(_blocks(body) if body is not None else (), repeated)


def sections_of(blocks: Iterable[tuple[bool, str]], left_out: Container[str]) -> tuple[Section, ...]:
    """Return (is a heading, text) in their order as sections, without the texts that are named in folded case."""
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for is_heading, text in blocks:
        if text.casefold() in left_out:
            continue
        if is_heading:
            sections.append((text, []))
        else:
            sections[-1][1].append(text)
    return tuple(Section(heading=heading, paragraphs=tuple(texts)) for heading, texts in sections if texts)


def standfirsts(tree: HtmlElement) -> frozenset[str]:
    """Return, in folded case, the paragraphs and headings that a class of theirs marks as the standfirst."""
    marked = (
        element
        for element in tree.iter("p", "h2", "h3", "div")
        if _STANDFIRST.search(element.get("class") or "")
    )
    return frozenset(paragraph(element.text_content()).casefold() for element in itertools.islice(marked, 3))


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
