"""Passages between quotation marks, whatever marks a language uses. An apostrophe is never taken for a mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PAIRS: Final = {
    "“": "”",
    "‘": "’",
    '"': '"',
    "'": "'",
    "„": "“”",
    "‚": "‘’",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "”": "”",
}
_SWEDISH: Final = frozenset({"sv", "fi", "no", "nb", "nn"})
_REVERSED: Final = frozenset({"de", "da", "hr", "sl", "sk", "cs", "hu", "pl", "sr"})
_MARK: Final = re.compile("[“”‘’\"'„‚«»「」『』]")
_BEFORE_OPENING: Final = re.compile(r"[\s(\[{—–―\-/:,“‘\"'„«¿¡…]$")
_ELISION: Final = re.compile(r"(?:em|tis|twas|til|cause|n|round|bout|neath|cos|ere|\d\ds?)\b", re.IGNORECASE)
_PADDING: Final = " \u00a0\u202f\u2009\t"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks."""

    start: int
    """First code point inside the marks."""
    end: int
    """One past the last inside."""
    outer_start: int
    """Place of the opening mark."""
    outer_end: int
    """One past the closing mark; equal to `end` where the quotation goes on in the next paragraph."""
    closed: bool
    """False where the quotation goes on in the next paragraph."""
    mark: str
    """The opening mark."""


def quotations(text: str, language: str) -> list[Quotation]:
    """Return the outermost quotations of a paragraph in order; quotations inside quotations are part of them.

    A mark that opens and never closes runs to the paragraph's end (`closed` is False) only for double marks: English and French
    repeat the opening mark at the beginning of the next paragraph. The caller decides whether that is so.
    """
    found: list[Quotation] = []
    position = 0
    while (match := _MARK.search(text, position)) is not None:
        opening = match.start()
        if not _opens(text, opening, language):
            position = opening + 1
            continue
        closing = _closing(text, opening, language)
        if closing is None:
            if text[opening] in '“„«"' and (opening == 0 or not text[:opening].strip()):
                found.append(_quotation(text, opening, len(text), closed=False))
                break
            position = opening + 1
            continue
        found.append(_quotation(text, opening, closing, closed=True))
        position = closing + 1
    return [quotation for quotation in found if quotation.start < quotation.end]


def _quotation(text: str, opening: int, closing: int, *, closed: bool) -> Quotation:
    start, end = opening + 1, closing
    while start < end and text[start] in _PADDING:
        start += 1
    while end > start and text[end - 1] in _PADDING:
        end -= 1
    return Quotation(start, end, opening, closing + 1 if closed else closing, closed, text[opening])


def _opens(text: str, at: int, language: str) -> bool:
    mark = text[at]
    if mark in "’“" and language in ("de", "cs", "sk", "bg", "hr", "sl", "lt", "et", "is") and mark == "’":
        return False
    if mark == "’" or mark in "」』":
        return False
    if mark == "”" and language not in _SWEDISH:
        return False
    if mark == "»" and language not in _REVERSED and language not in _SWEDISH:
        return False
    if mark == "«" and language in ("de", "da") and not _free_before(text, at):
        return False
    following = text[at + 1] if at + 1 < len(text) else ""
    if mark in "「『":
        return True
    if not following or (following.isspace() and mark != "«"):
        return False
    if mark in "'‘":
        return (
            _free_before(text, at)
            and (following.isalnum() or following in '“"…[(')
            and not _ELISION.match(text, at + 1)
        )
    if mark in '"”»':
        return _free_before(text, at)
    return True


def _free_before(text: str, at: int) -> bool:
    return at == 0 or _BEFORE_OPENING.match(text[at - 1]) is not None


def _closing(text: str, opening: int, language: str) -> int | None:
    mark = text[opening]
    closers = _PAIRS[mark]
    if mark == "“" and language == "de":
        closers = "”“"
    if mark == "»" and language in _SWEDISH:
        closers = "»«"
    if mark in "'‘":
        return _single_closing(text, opening, closers)
    depth = 0
    for match in re.finditer(f"[{re.escape(mark + closers)}]", text[opening + 1 :]):
        at = opening + 1 + match.start()
        if text[at] in closers and (mark not in closers or at + 1 == len(text) or not text[at - 1].isspace()):
            if depth == 0:
                return at
            depth -= 1
        elif text[at] == mark and mark not in closers and mark in "«「":
            depth += 1
        elif text[at] == mark and mark == "“":
            return None  # opened again before it was closed: a typing error
    return None


def _single_closing(text: str, opening: int, closers: str) -> int | None:
    """Return the place of the single mark that closes, which looks like an apostrophe.

    An apostrophe stands before a letter (`it’s`) or ends a plural (`soldiers’ wives`): the latter is passed over when a mark that can
    be nothing else, one after punctuation, follows before the next opening mark.
    """
    first: int | None = None
    position = opening + 1
    while position < len(text):
        at = min((found for closer in closers if (found := text.find(closer, position)) >= 0), default=-1)
        if at < 0:
            return first
        reopened = text.find("‘", position, at)
        if reopened >= 0 and closers == "’" and _free_before(text, reopened):
            return first
        position = at + 1
        if position < len(text) and text[position].isalnum():
            continue
        if text[at - 1].isspace():
            continue
        if text[at - 1] in ',.!?…;”"' or position == len(text):
            return at if first is None or text[at - 1] in ',.!?…;”"' else first
        if text[at - 1] != "s":
            return at if first is None else first
        first = at if first is None else first
    return first
