"""A page's text: paragraphs under their headings, without what stands around them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from consumers.normalize.blocks.cut import LINE_BREAK
from consumers.normalize.blocks.read import read_blocks
from consumers.normalize.extraction import Extraction
from consumers.normalize.library_body import library_blocks
from consumers.normalize.page_reading import PageReading
from newswire.text.hygiene import line, paragraph, title
from schemas.normalized.model import Section


def add_sections(reading: PageReading) -> None:
    """Add the article's sections, and how sure they are, to what was found on a page. Its headline is not read as text again."""
    found = reading.found
    headlines = frozenset(title(each.value).casefold() for each in found.of("headline"))
    read = read_blocks(reading.blocks, *said(found))
    if read is None:
        found.sections = sections_of(library_blocks(reading.tree), headlines)
    else:
        blocks, expected, beside = read
        found.sections = sections_of(_lines(blocks), headlines)
        found.beside = tuple(own for text in beside for each in text.split(LINE_BREAK) if (own := line(each)))
        found.sections_confidence = round(expected, 1)


def said(found: Extraction) -> tuple[str, str]:
    """Return what the page says about itself: its headline and its longest summary, or empty strings."""
    headlines = [title(each.value) for each in found.of("headline") if not each.refused]
    summaries = [title(each.value) for each in found.of("summary")]
    return next(iter(headlines), ""), max(summaries, key=len, default="")


def sections_of(blocks: Iterable[tuple[bool, str]], left_out: Container[str]) -> tuple[Section, ...]:
    """Return (is a heading, text) in their order as sections, without the texts that are named in folded case.

    A heading that another one follows at once, or nothing, stands over no text: it is kept as a paragraph.
    """
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for is_heading, text in blocks:
        if text.casefold() in left_out:
            continue
        if is_heading:
            _close(sections)
            sections.append((text, []))
        else:
            sections[-1][1].append(text)
    _close(sections)
    return tuple(Section(heading=heading, paragraphs=tuple(texts)) for heading, texts in sections if texts)


def _close(sections: list[tuple[str | None, list[str]]]) -> None:
    heading, texts = sections[-1]
    if heading is not None and not texts:
        sections.pop()
        sections[-1][1].append(heading)


def _lines(blocks: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str]]:
    for is_heading, text in blocks:
        lines = [own for each in text.split(LINE_BREAK) if (own := paragraph(each))]
        if is_heading and lines:
            yield True, " ".join(lines)
        else:
            yield from ((False, own) for own in lines)
