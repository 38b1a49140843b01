"""Dates in other languages than English: names of months and weekdays from the Unicode CLDR, a few words of our own."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from consumers.enrich import facts
from consumers.enrich.dates.rule import Context, Match, Rule
from consumers.enrich.dates.span import NEAR_DAYS, Span, day, month, nearest_year, valid_date
from consumers.enrich.dates.tense import tense

_BORN: Final = re.compile(r"\b(?:née?s?|geboren|nacid[oa]|nació|nat[oa]|nascid[oa]|nasceu)(?: \w+)? ?$")
"""A birthday is in another year."""
_DAYS_OFF: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}


def _iso_day(match: Match, context: Context) -> Span | None:
    del context
    found = valid_date(int(match["year"]), int(match["month"]), int(match["day"]))
    return day(found, 1.0) if found else None


def _slashes(match: Match, context: Context) -> Span | None:
    """`13/2/2024` can only be the 13th of February; `2/3/2024` may be two days and is left out, unless both are the same."""
    del context
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    found = (
        valid_date(year, two, one)
        if one > 12 or one == two
        else valid_date(year, one, two)
        if two > 12
        else None
    )
    return day(found, 0.95) if found else None


NUMERIC: Final[tuple[Rule, ...]] = (
    (
        re.compile(
            r"(?<![\w/.-])(?P<year>1\d{3}|20\d\d)([-/])(?P<month>0\d|1[0-2])\2(?P<day>[0-2]\d|3[01])(?![\d/-]|\.\d)"
        ),
        _iso_day,
    ),
    (
        re.compile(r"(?<![\w/.-])(?P<one>\d{1,2})/(?P<two>\d{1,2})/(?P<year>1\d{3}|20\d\d)(?![\w/-]|\.\d)"),
        _slashes,
    ),
    # With full stops the day comes first in every country that writes dates so.
    (
        re.compile(
            r"(?<![\w/.,-])(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>1\d{3}|20\d\d)(?![\w/-]|\.\d)"
        ),
        _iso_day,
    ),
)
"""Rules for dates in digits, in any language."""


@functools.cache
def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of a language (ISO 639); only empty for one that the CLDR does not know."""
    from babel import Locale, UnknownLocaleError  # 50 ms: only when a text in another language comes

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return ()
    months = _numbers(locale.months, abbreviated=False)
    weekdays = _numbers(locale.days, abbreviated=False)
    if not months or not weekdays:
        return ()
    found: list[Rule] = []
    of = r"(?:\.|º|er|o)?(?: de| d[’']| of)?\s+"
    month_names = _either(months)
    weekday_names = _either(weekdays)
    lead = rf"(?:(?:{weekday_names}),? (?:den |dem |le |el |il |a |, )?)?"
    found.append(
        (
            re.compile(
                rf"(?<![\w/.,-]){lead}(?P<day>0?[1-9]|[12]\d|3[01]){of}(?P<month>{month_names})(?!\w)"
                rf"(?:,?(?: de| del| г\.?)?\s+(?P<year>1[5-9]\d\d|20\d\d)(?![\d,.]\d))?"
            ),
            functools.partial(_calendar_day, months),
        )
    )
    found.append(
        (
            re.compile(
                rf"(?<!\w)(?P<month>{month_names})(?: de| del)? (?P<year>1[5-9]\d\d|20\d\d)(?!\d|[.,]\d)"
            ),
            functools.partial(_month_of_year, months),
        )
    )
    before = dict(_modifiers(language, ""))
    after = dict(_modifiers(language, " after"))
    found.append(
        (
            re.compile(
                (rf"(?:\b(?P<before>{_either(before)}) )?" if before else r"(?P<before>\b\B)?")
                + rf"(?<!\w)(?P<weekday>{weekday_names})(?!\w|-\w)"
                + (rf"(?: (?P<after>{_either(after)})\b)?" if after else r"(?P<after>\b\B)?")
            ),
            functools.partial(_weekday, weekdays, before | after),
        )
    )
    words = {
        word: offset
        for name, offset in _DAYS_OFF.items()
        for word in facts.words("date_words", f"{language} {name}")
    }
    if words:
        found.append(
            (re.compile(rf"(?<![\w’'-])(?:{_either(words)})(?![\w’'-])"), functools.partial(_day_word, words))
        )
    return tuple(found)


def _numbers(names: Any, *, abbreviated: bool) -> dict[str, int]:
    """Names of months or weekdays to their numbers, as the CLDR writes them and with a capital. Ambiguous ones are left out."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated") if abbreviated else ("wide",):
            for number, name in names[context][width].items():
                if len(name) < 3 or any(character.isdigit() for character in name):
                    continue
                for form in (name, name[:1].upper() + name[1:]):
                    if found.setdefault(form, number) != number:
                        twice.add(form)
    return {name: number for name, number in found.items() if name not in twice}


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def _modifiers(language: str, place: str) -> list[tuple[str, int]]:
    return [
        (word, step)
        for name, step in (("last", -1), ("next", 1))
        for word in sorted(facts.words("date_words", f"{language} {name}{place}"))
    ]


def _calendar_day(months: dict[str, int], match: Match, context: Context) -> Span | None:
    month_number, day_number = months[match["month"]], int(match["day"])
    if match["year"]:
        found = valid_date(int(match["year"]), month_number, day_number)
        return day(found, 1.0) if found else None
    if context.published is None:
        return None
    if _BORN.search(context.text, max(0, match.start() - 20), match.start()):
        return None
    told = tense(context.text, match.start(), match.end(), context.language)
    year = nearest_year(context.published, month_number, day_number, told.lean, close=told.close)
    if year is None:
        return None
    found = valid_date(year, month_number, day_number)
    return day(found, 0.85) if found else None


def _month_of_year(months: dict[str, int], match: Match, context: Context) -> Span | None:
    del context
    return month(int(match["year"]), months[match["month"]], 1.0)


def _weekday(weekdays: dict[str, int], steps: dict[str, int], match: Match, context: Context) -> Span | None:
    published = context.published
    if published is None:
        return None
    number = weekdays[match["weekday"]]
    behind, ahead = (published.weekday() - number) % 7, (number - published.weekday()) % 7
    step = steps.get(match["before"] or match["after"] or "", 0)
    if step < 0:
        return day(published - timedelta(days=behind or 7), 0.9)
    if step > 0:
        return day(published + timedelta(days=ahead or 7), 0.85)
    if behind == 0:
        return day(published, 0.85)
    # Many languages speak of the future in the present tense: without a word that looks back nothing is safe.
    told = tense(context.text, match.start(), match.end(), context.language)
    if told.lean == "future":
        return day(published + timedelta(days=ahead), 0.8)
    past = told.lean == "past" and (told.close or behind <= NEAR_DAYS)
    return day(published - timedelta(days=behind), 0.8) if past else None


def _day_word(words: dict[str, int], match: Match, context: Context) -> Span | None:
    if context.published is None:
        return None
    return day(context.published + timedelta(days=words[match[0]]), 0.85)
