"""Find the date expressions of a passage."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Final

from consumers.enrich.dates import english_calendar, english_relative, world
from consumers.enrich.dates.rule import Context, Rule
from consumers.enrich.dates.span import FoundDate

_MOST: Final = 2_000
"""Expressions that are looked at in one passage by each rule: more is a table, and time must stay bounded."""
_DIGITS: Final = re.compile(r"\d")
_CALENDAR: Final = re.compile(
    r"\d{4}|9/11|\b(?:Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JU[NL]|AUG|SEP|OCT|NOV|DEC)"
)
_RELATIVE: Final = re.compile(
    r"day\b|day[’']|(?i:\b(?:week|month|year|last night|this (?:morning|afternoon|evening)|to(?:day|morrow|night)))|weekend|\bago\b"
)
_WEEKDAY: Final = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_NOT_DATES: Final = re.compile(
    rf"(?:Black|Good|Bloody|Super|Cyber|Holy|Easter|Ash|Palm|Shrove|Giving|Whit|Maundy|Sheffield|Ruby|Freaky|Man|Joe|Casual|Mail on) "
    rf"{_WEEKDAY}"
    r"|Sunday (?:Times|Telegraph|Mirror|Mail|Express|People|Herald|World|Independent|Post|School|Business|Sun)"
    r"|Saturday Night (?:Live|Fever)|Friday Night Lights|Wednesday Addams|Friday (?:prayers|the 13th)|(?:USA|Russia|India) Today"
    rf"|(?i:every|each|any|one|a) (?:single )?{_WEEKDAY}|[Ee]very (?:week|month|year)|(?:Theresa|Brian|James|Mrs|Ms|Mr) May\b"
)
"""Names that only look like dates, and days that come again and again."""


def find_dates(text: str, published: date | None, language: str) -> list[FoundDate]:
    """Return the date expressions of a text in order, without overlaps, resolved against the day of publication.

    Without a day of publication only expressions that need none are returned. What cannot be resolved safely is left out.
    `language` is an ISO 639 code; for other languages than English the names of months and weekdays come from the Unicode CLDR.
    """
    rules = _rules(text, language)
    if not rules:
        return []
    if published is not None and not 1000 <= published.year <= 9000:
        published = None  # a placeholder, and too near the ends of the calendar to count from
    context = Context(published, text, language)
    found: list[FoundDate] = []
    for pattern, meaning in rules:
        group = "found" if "found" in pattern.groupindex else 0
        for match in itertools.islice(pattern.finditer(text), _MOST):
            span = meaning(match, context)
            if span is not None:
                found.append(FoundDate(match.start(group), match.end(group), span))
    if not found:
        return []
    taken = bytearray(len(text))
    if language == "en":
        for match in _NOT_DATES.finditer(text):
            taken[match.start() : match.end()] = b"\x01" * len(match[0])
    return _without_overlaps(found, taken)


def _rules(text: str, language: str) -> tuple[Rule, ...]:
    """Return the rules that can find anything in a text at all."""
    numeric = world.NUMERIC if _DIGITS.search(text) else ()
    if language != "en":
        return numeric + world.rules(language)
    calendar = english_calendar.RULES if _CALENDAR.search(text) else ()
    return numeric + calendar + (english_relative.RULES if _RELATIVE.search(text) else ())


def _without_overlaps(found: list[FoundDate], taken: bytearray) -> list[FoundDate]:
    """Of expressions that overlap the longest stays; of equal ones the first rule's, which `found` has in front."""
    kept: list[FoundDate] = []
    for each in sorted(found, key=lambda date_found: date_found.start - date_found.end):
        if taken.find(1, each.start, each.end) < 0:
            taken[each.start : each.end] = b"\x01" * (each.end - each.start)
            kept.append(each)
    return sorted(kept, key=lambda date_found: date_found.start)
