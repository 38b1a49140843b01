"""English dates by the calendar: days, months and years with their names and numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from consumers.enrich.dates.rule import Context, Match, Rule
from consumers.enrich.dates.span import Span, day, days, month, nearest_year, valid_date, year, years
from consumers.enrich.dates.tense import tense

_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|"
    r"AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d]|[.,:]\d|%)"
_YEAR = r"(?:1[0-9]|20)\d\d(?![\d]|[.,]\d|%)"
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_WEEKDAY_SHORT = rf"(?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
_TO = r"(?:\s?[-–—]\s?| to | and | through | until )"
_NOT_INSIDE = r"(?<![\w/.,:$€£#-])"


_OTHER_YEAR = re.compile(r",? \d{3}\b| (?:last|next)\b(?! \w)")
_YEARS = re.compile(r"(?<![\w.,$€£-])(?:1[0-9]|20)\d\d(?![\w%]|[.,]\d)")


_BORN = re.compile(r"\b[Bb]orn(?: on)?(?: the)? ?$")
"""A birthday is in another year."""


def _month_number(name: str) -> int:
    return next(
        number for number, full in enumerate(_MONTHS, 1) if full.startswith(name.rstrip(".").lower()[:3])
    )


def _day_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _full_year(
    text: str | None, context: Context, month_number: int, day_number: int, match: Match
) -> int | None:
    if text:
        return int(text)
    if context.published is None or _OTHER_YEAR.match(context.text, match.end()):
        return None
    if _BORN.search(context.text, max(0, match.start() - 20), match.start()):
        return None
    told = tense(context.text, match.start(), match.end(), "en")
    year_number = nearest_year(context.published, month_number, day_number, told.lean, close=told.close)
    named = match.groupdict().get("named")
    if named:
        year_number = _year_of_weekday(named, context.published, month_number, day_number, year_number)
    if year_number is None:
        return None
    # `In 1832 … On 2 June`: a text that was just in another year may well still be there.
    years_told = [
        int(found) for found in _YEARS.findall(context.text, max(0, match.start() - 400), match.start())
    ]
    return year_number if not years_told or years_told[-1] in (year_number, context.published.year) else None


def _calendar_day(match: Match, context: Context) -> Span | None:
    month_number, day_number = _month_number(match["month"]), _day_number(match["day"])
    year_number = _full_year(match["year"], context, month_number, day_number, match)
    if year_number is None:
        return None
    groups = match.groupdict()
    first = valid_date(year_number, month_number, day_number)
    if first is None:
        return None
    if groups.get("day2"):
        last = valid_date(
            year_number,
            _month_number(groups["month2"]) if groups.get("month2") else month_number,
            _day_number(groups["day2"]),
        )
        return days(first, last, "range", 0.9) if last else None
    return day(first, 1.0 if match["year"] else 0.9)


def _year_of_weekday(
    name: str, published: date, month_number: int, day_number: int, otherwise: int | None
) -> int | None:
    """Return the year nearest to publication in which a day of a month is that weekday: `Friday, 2 February`."""
    for year_number in (published.year, published.year - 1, published.year + 1):
        found = valid_date(year_number, month_number, day_number)
        if found is not None and _WEEKDAYS[found.weekday()].startswith(name[:3].lower()):
            return year_number
    return otherwise


def _month_of_year(match: Match, context: Context) -> Span | None:
    del context
    return month(int(match["year"]), _month_number(match["month"]), 1.0)


def _months_of_year(match: Match, context: Context) -> Span | None:
    del context
    first, last = _month_number(match["month"]), _month_number(match["month2"])
    return (
        Span(f"{match['year']}-{first:02d}", f"{match['year']}-{last:02d}", "range", 0.95)
        if first < last
        else None
    )


def _month_of_relative_year(match: Match, context: Context) -> Span | None:
    if context.published is None:
        return None
    offset = {"last": -1, "this": 0, "next": 1}[match["which"]]
    return month(context.published.year + offset, _month_number(match["month"]), 0.95)


def _bare_month(match: Match, context: Context) -> Span | None:
    if context.published is None:
        return None
    number, published = _month_number(match["month"]), context.published
    which = match["which"]
    if which == "next":
        return month(published.year + (number <= published.month), number, 0.8)
    if which in ("last", "past"):
        return month(published.year - (number >= published.month), number, 0.8)
    if _BORN.search(context.text, max(0, match.start() - 20), match.start()):
        return None
    leaning = tense(context.text, match.start(), match.end(), "en").lean
    if which == "this" or (number == published.month and leaning is not None):
        return month(published.year, number, 0.8)
    if leaning == "future":
        return month(published.year + (number < published.month), number, 0.75)
    return month(published.year - (number > published.month), number, 0.7) if leaning == "past" else None


def _one_year(match: Match, context: Context) -> Span | None:
    del context
    return year(int(match["year"]), 0.9)


def _year_range(match: Match, context: Context) -> Span | None:
    del context
    first, last = match["year"], match["year2"]
    return years(int(first), int(last if len(last) == 4 else first[:-2] + last), 0.9)


def _decade(match: Match, context: Context) -> Span | None:
    del context
    first = int(match["year"])
    return years(first, first + 9, 0.9)


def _cross_month(match: Match, context: Context) -> Span | None:
    """`28 January to 3 February 2024`, `5-8 February`."""
    last_month, last_day = _month_number(match["month"]), _day_number(match["day2"])
    year_number = _full_year(match["year"], context, last_month, last_day, match)
    if year_number is None:
        return None
    first_month = _month_number(match["month1"]) if match["month1"] else last_month
    last = valid_date(year_number, last_month, last_day)
    first = valid_date(year_number - (first_month > last_month), first_month, _day_number(match["day"]))
    return days(first, last, "range", 0.9) if first and last else None


_MONTH_PREPOSITION = (
    r"\b(?i:in|since|until|by|from|through|during|of|before|after|early|late|mid|back in)[ -]"
)
_YEAR_PREPOSITION = (
    r"\b(?i:in|since|until|by|from|through|during|before|after|early|late|mid|circa|of|around|to|and)[ -]"
)
# What may follow a bare number that is a year: an end, or a word that cannot be counted.
_YEAR_END = (
    r"(?=$|[.,;:!?)\]”\"’'–—]|\s+(?:and|or|but|to|as|when|while|where|with|without|the|a|an|after|before|by|for|from|in|of|on|at|until|because|"
    r"that|which|who|he|she|it|they|we|I|you|his|her|its|their|was|were|is|are|had|has|have|did|would|could|under|following|during|through|"
    r"alone|onwards?|due|if|than|despite|there|this|since|over|also|not|although|though|[A-Z(\[–—-]))"
)
_NAMED_WEEKDAY = rf"(?:(?P<named>{_WEEKDAY_SHORT}),? (?:the )?)?"
_IN_YEAR = rf"(?:,?[ -](?P<year>{_YEAR}))?"

RULES: Final[tuple[Rule, ...]] = (
    (
        re.compile(
            rf"{_NOT_INSIDE}{_NAMED_WEEKDAY}(?P<day>{_DAY})(?: (?P<month1>{_MONTH}))?{_TO}(?P<day2>{_DAY})"
            rf"(?: of)? (?P<month>{_MONTH})(?!\w){_IN_YEAR}"
        ),
        _cross_month,
    ),
    (
        re.compile(
            rf"\b{_NAMED_WEEKDAY}(?P<month>{_MONTH}) (?P<day>{_DAY}){_TO}(?:(?P<month2>{_MONTH}) )?(?P<day2>{_DAY}){_IN_YEAR}"
        ),
        _calendar_day,
    ),
    (
        re.compile(
            rf"{_NOT_INSIDE}{_NAMED_WEEKDAY}(?P<day>{_DAY})(?: of)?[ -](?P<month>{_MONTH})(?!\w){_IN_YEAR}"
        ),
        _calendar_day,
    ),
    (re.compile(rf"\b{_NAMED_WEEKDAY}(?P<month>{_MONTH}) (?P<day>{_DAY}){_IN_YEAR}"), _calendar_day),
    (
        re.compile(rf"\b(?P<month>{_MONTH}){_TO}(?P<month2>{_MONTH})(?: of|,)? (?P<year>{_YEAR})"),
        _months_of_year,
    ),
    (re.compile(rf"\b(?P<month>{_MONTH})(?: of|,)? (?P<year>{_YEAR})"), _month_of_year),
    (re.compile(rf"\b(?P<month>{_MONTH})(?: of)? (?P<which>last|this|next) year\b"), _month_of_relative_year),
    (
        re.compile(
            rf"(?:{_MONTH_PREPOSITION}|\b(?P<which>last|next|this|past) )(?P<found>(?P<month>{_MONTH}))"
            r"(?![\w’']| (?:of )?\d| (?:of )?(?:the same|that) year| (?:last|next)\b)"
        ),
        _bare_month,
    ),
    (
        re.compile(
            rf"{_NOT_INSIDE}(?P<year>{_YEAR})(?:\s?[–—-]\s?|/)(?P<year2>{_YEAR}|\d\d(?!\d))(?![\w/-])"
        ),
        _year_range,
    ),
    (
        re.compile(
            rf"\b(?i:from|between) (?P<found>(?P<year>{_YEAR})(?: to | and | until | through )(?P<year2>{_YEAR}))"
        ),
        _year_range,
    ),
    (re.compile(r"\b(?P<year>(?:1[5-9]|20)[1-9]0|2000)[’']?s\b"), _decade),
    (re.compile(rf"{_YEAR_PREPOSITION}(?P<found>(?P<year>{_YEAR})){_YEAR_END}"), _one_year),
    (re.compile(r"\b[Ff]or (?P<found>(?P<year>(?:19|20)\d\d))(?=[,;)]|[.!?](?:\s|$)|$)"), _one_year),
    (re.compile(r"\((?P<found>(?P<year>(?:1[89]|20)\d\d))(?=[),;])"), _one_year),
    (
        re.compile(
            r"\b(?i:the|an?) (?P<found>(?P<year>(?:19|20)\d\d))(?= (?!met(?:re|er)|mile|km|foot|feet|yard|kilo|pound|strong|or )[a-zA-Z])"
        ),
        _one_year,
    ),
    (re.compile(r"(?<![\w.,$€£-])(?P<found>(?P<year>(?:19|20)\d\d))(?=[’']s\b)"), _one_year),
    # A name more than a date, and understood wherever English is read.
    (
        re.compile(r"(?<![\w./$€£-])9/11(?![\w/%]|[.,]\d)"),
        lambda _match, _context: Span("2001-09-11", "2001-09-11", "day", 0.9),
    ),
)
"""Patterns and what they mean."""
