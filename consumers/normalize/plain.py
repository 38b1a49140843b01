"""Reading plain text: also the live blogs whose first line begins with ` date 2024-02-01 `."""

from __future__ import annotations

import re
from typing import Final

from consumers.normalize.extraction import Extraction
from consumers.normalize.headings import MAX_STANDFIRST_CHARACTERS, headings, looks_like_heading
from consumers.normalize.paragraphs import paragraphs
from newswire.text.hygiene import clean, line
from schemas.normalized.model import Section

_DATED: Final = re.compile(
    r"^\s*date[ \t]*:?[ \t]+(?P<date>\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?)(?:[ \t]+|[ \t]*$)",
    re.IGNORECASE,
)
_MAX_HEADLINE_CHARACTERS: Final = 240


def read_plain(text: str, *, headline: str | None = None, has_summary: bool = False) -> Extraction:
    """Return what a plain text holds.

    `headline` is that of the record the text came with, if any; then a first line that repeats it is left out. Otherwise the first
    line is the headline: always after a leading date, else if it looks like a heading. The line after it is the standfirst if it looks
    like a heading too; a record's own text has none unless the record lacks a summary and the first line repeated its headline. See
    `headings` for how further headings are told from paragraphs; each opens a section.
    """
    found = Extraction()
    text = clean(text).strip("\n")
    dated = _DATED.match(text)
    if dated:
        found.add("published_at", dated["date"], "text")
        text = text[dated.end() :].lstrip("\n")
    first, _, rest = text.lstrip().partition("\n")
    takes_standfirst = not has_summary
    if headline is not None:
        repeats = line(first).casefold() == line(headline).casefold()
        lines = paragraphs(rest if repeats else text)
        takes_standfirst &= repeats
    elif dated or _is_headline(first, rest):
        found.add("headline", line(first), "text", 1.0 if dated else 0.8)
        lines = paragraphs(rest)
    else:
        lines, takes_standfirst = paragraphs(text), False
    if takes_standfirst and len(lines) > 1 and looks_like_heading(lines[0], MAX_STANDFIRST_CHARACTERS):
        found.add("summary", lines.pop(0), "text", 0.9 if dated else 0.7)
    found.sections = _sections(lines)
    return found


def _is_headline(first: str, rest: str) -> bool:
    return bool(rest.strip()) and looks_like_heading(line(first), _MAX_HEADLINE_CHARACTERS)


def _sections(lines: list[str]) -> tuple[Section, ...]:
    sections: list[tuple[str | None, list[str]]] = [(None, [])]
    for text, is_heading in zip(lines, headings(lines), strict=True):
        if is_heading:
            sections.append((text, []))
        else:
            sections[-1][1].append(text)
    return tuple(Section(heading=heading, paragraphs=tuple(body)) for heading, body in sections if body)
