"""Telling a heading from a paragraph where the text has no markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

MAX_HEADING_CHARACTERS: Final = 160
MAX_HEADING_WORDS: Final = 25
MAX_STANDFIRST_CHARACTERS: Final = 320
_CLOSERS: Final = "\"'”’»›“‘)]}」』】）\u200e\u200f"  # German closes with “ and ‘
_OPENERS: Final = "\"'“‘„‚«‹([「『【（¿¡"
_STOPS: Final = ".!…。！｡।॥۔։።။;:,،؛、：；–—-"
_QUESTIONS: Final = "?？؟"
_BULLET: Final = re.compile(r"^(?:[•·▪◦‣*–—-]\s|\d{1,2}[.)]\s)")
_SENTENCE_BREAK: Final = re.compile(
    r"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\bMrs)(?<!\bDrs)[.!?…][\"'”’»)]*\s+[\"'“‘„«(]*[(A-ZÀ-ÞА-Я]|[。！？]."
)


def looks_like_heading(text: str, limit: int = MAX_HEADING_CHARACTERS) -> bool:
    """Say whether a line could be a heading, by itself.

    It ends without a full stop, exclamation mark, colon, comma, semicolon, dash or ellipsis, quote marks and brackets at its end not
    counted; it may end with a question mark, unless that belongs to a quotation; it is at most `limit` characters and 25 words long
    (more where `limit` is more); it is a single sentence; it begins with a capital, a digit, a quote mark or a letter of a script
    without case; it is no list item.
    """
    bare = text.rstrip(_CLOSERS + " ")
    if (
        not bare
        or len(text) > limit
        or len(text.split()) > MAX_HEADING_WORDS * limit // MAX_HEADING_CHARACTERS
    ):
        return False
    if bare[-1] in _STOPS or (bare[-1] in _QUESTIONS and bare != text.rstrip()):
        return False
    first = text.lstrip(_OPENERS + " ")[:1]
    if not first or not (first.isdigit() or (first.isalpha() and not first.islower())):
        return False
    return not _BULLET.match(text) and not _SENTENCE_BREAK.search(text)


def headings(lines: Sequence[str]) -> list[bool]:
    """Say for each line of a body whether it is a heading: it looks like one and the next line is a paragraph.

    So the last line never is one, and of several such lines in a row only the last is: the others are short paragraphs, such as the
    items of a list. Nor is what a line with a colon at its end leads up to: that is a quotation.
    """
    could_be = [looks_like_heading(text) for text in lines]
    return [
        could
        and at + 1 < len(lines)
        and not could_be[at + 1]
        and not (at and lines[at - 1].endswith((":", "：")))
        for at, could in enumerate(could_be)
    ]
