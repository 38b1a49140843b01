"""Passages between quotation marks, whatever marks a language uses. An apostrophe is never taken for a mark."""

from __future__ import annotations

import functools
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
_LONGEST: Final = 5_000
"""Code points after which a mark that has not closed counts as a stray one."""
_SWEDISH: Final = frozenset({"sv", "fi", "no", "nb", "nn"})
_REVERSED: Final = frozenset({"de", "da", "hr", "sl", "sk", "cs", "hu", "pl", "sr"})
_MARK: Final = re.compile("[“”‘’\"'„‚«»「」『』]")
_NEVER_OPENS: Final = frozenset("’」』")
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
            lead = text[max(0, opening - 2) : opening].rstrip()
            if text[opening] in '“„«"' and (opening == 0 or lead.endswith(":")):
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
    """Return whether the mark at a place can open a quotation."""
    mark, following = text[at], text[at + 1 : at + 2]
    if mark in _NEVER_OPENS or (mark == "”" and language not in _SWEDISH):
        return False
    if mark == "»" and language not in _REVERSED | _SWEDISH:
        return False
    if mark in "「『":
        return True
    if not following or (following.isspace() and mark != "«"):
        return False
    if mark in "'‘":
        plausible = following.isalnum() or following in '“"…[('
        return plausible and _free_before(text, at) and not _ELISION.match(text, at + 1)
    return mark not in '"”»«' or _free_before(text, at)


def _free_before(text: str, at: int) -> bool:
    return at == 0 or _BEFORE_OPENING.match(text[at - 1]) is not None


def _closing(text: str, opening: int, language: str) -> int | None:
    mark = text[opening]
    closers = _PAIRS[mark]
    if mark == "“" and language == "de":
        closers = "”“"
    if mark == "»" and language in _SWEDISH:
        closers = "»«"
    stop = min(len(text), opening + _LONGEST)
    if mark in "'‘‚":
        return _single_closing(text, opening, stop, closers)
    depth = 0
    for match in _either(mark + closers).finditer(text, opening + 1, stop):
        at = match.start()
        if text[at] in closers:
            if mark == '"' and (text[at - 1].isspace() or text[at - 1] in "(["):
                depth += 1
                if depth > 1:
                    return None
                continue
            if depth == 0:
                return at
            depth -= 1
        else:
            depth += 1
            if mark == "“" or depth > 2:
                return None
    return None


@functools.cache
def _either(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(marks)}]")


def _single_closing(text: str, opening: int, stop: int, closers: str) -> int | None:
    """Return the place of the single mark that closes, which looks like an apostrophe.

    An apostrophe stands before a letter (`it’s`) or ends a plural (`soldiers’ wives`): the latter is passed over when a mark that can
    be nothing else, one after punctuation, follows before the next opening mark.
    """
    maybe: int | None = None
    for match in _either("‘" + closers).finditer(text, opening + 1, stop):
        at = match.start()
        if text[at] not in closers:
            if _free_before(text, at):
                break
            continue
        if text[at - 1].isspace() or text[at + 1 : at + 2].isalnum():
            continue
        if text[at - 1] in ',.!?…;”"':
            return at
        if text[at - 1] != "s":
            return at if maybe is None else maybe
        maybe = at if maybe is None else maybe
    return maybe
