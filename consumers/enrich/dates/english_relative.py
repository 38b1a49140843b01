"""English dates by the day of publication: weekdays, yesterday, last week, two days ago."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from consumers.enrich.dates.rule import Context, Match, Rule
from consumers.enrich.dates.span import NEAR_DAYS, Span, day, days, monday_of, month, year
from consumers.enrich.dates.tense import tense

_WEEKDAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
} | {"a": 1, "an": 1}

_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_PART = r"(?: (?:morning|afternoon|evening|night|lunchtime|noon)\b)?"


def _weekday(match: Match, context: Context) -> Span | None:
    published = context.published
    if published is None:
        return None
    number = _WEEKDAYS.index(match["weekday"].lower())
    behind, ahead = (published.weekday() - number) % 7, (number - published.weekday()) % 7
    which = (match["which"] or "").lower()
    if match["week"]:
        return day(monday_of(published) + timedelta(days=_WEEKS[match["week"]] * 7 + number), 0.95)
    if which in ("last", "past"):
        return day(published - timedelta(days=behind or 7), 0.9)
    if which in ("coming", "this coming"):
        return day(published + timedelta(days=ahead or 7), 0.95)
    if which == "next":
        # Before that weekday, `next Thursday` may mean this week's or next week's: only after it is it clear.
        return day(published + timedelta(days=ahead or 7), 0.85) if number <= published.weekday() else None
    return _bare_weekday(match, context, published, number, which)


def _bare_weekday(match: Match, context: Context, published: date, number: int, which: str) -> Span | None:
    """`on Thursday`: the day of publication, or the last or next one where the verb tells."""
    behind = (published.weekday() - number) % 7
    if behind == 0:
        return day(published, 0.9)
    told = tense(context.text, match.start(), match.end(), "en")
    if told.lean == "future":
        return day(published + timedelta(days=7 - behind), 0.8)
    if which == "this":
        ahead = number > published.weekday()
        return day(monday_of(published) + timedelta(days=number), 0.8) if ahead or told.lean else None
    # Almost a week back is likelier to be a day to come, unless the verb stands beside it.
    return (
        day(published - timedelta(days=behind), 0.95)
        if told.lean and (told.close or behind <= NEAR_DAYS)
        else None
    )


_WEEKS: Final = {"last": -1, "this": 0, "next": 1}
_DAY_WORDS: Final = {
    "today": 0,
    "tonight": 0,
    "this": 0,
    "yesterday": -1,
    "last": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}


def _day_word(match: Match, context: Context) -> Span | None:
    if context.published is None:
        return None
    words = match[0].lower()
    offset = _DAY_WORDS[words if words in _DAY_WORDS else words.split()[0]]
    return day(context.published + timedelta(days=offset), 0.85)


def _period(match: Match, context: Context) -> Span | None:
    published = context.published
    if published is None:
        return None
    step = {"last": -1, "this": 0, "next": 1, "coming": 1}[match["which"].lower()]
    unit = match["unit"].lower()
    if unit == "week":
        first = monday_of(published) + timedelta(weeks=step)
        return days(first, first + timedelta(days=6), "week", 0.9)
    if unit == "month":
        return month(published.year, published.month + step, 0.95)
    if unit == "year":
        return year(published.year + step, 0.95)
    return _weekend(match, context, step)


def _weekend(match: Match, context: Context, step: int | None = None) -> Span | None:
    """`step` -1: last, 1: next, 0: this; None: `the weekend`."""
    published = context.published
    if published is None:
        return None
    this_one = monday_of(published) + timedelta(days=5)
    inside = published.weekday() >= 5
    if step in (-1, 1):
        # `Next weekend` in mid-week may be this week's or next week's: left out.
        if step == 1 and not inside:
            return None
        saturday = this_one + timedelta(weeks=step)
    elif inside:
        saturday = this_one
    else:
        leaning = tense(context.text, match.start(), match.end(), "en").lean
        if leaning is None:
            return None
        saturday = this_one if leaning == "future" else this_one - timedelta(weeks=1)
    return days(saturday, saturday + timedelta(days=1), "weekend", 0.95 if step else 0.8)


def _ago(match: Match, context: Context) -> Span | None:
    published = context.published
    if published is None:
        return None
    words = match["count"].lower()
    count = _NUMBERS[words] if words in _NUMBERS else int(words)
    unit = match["unit"].lower()
    if count == 0 or count > 3000:
        return None
    if unit == "day":
        return day(published - timedelta(days=count), 0.85)
    if unit == "week":
        first = monday_of(published) - timedelta(weeks=count)
        return days(first, first + timedelta(days=6), "week", 0.7)
    if unit == "month":
        return month(published.year, published.month - count, 0.7) if count < 24 else None
    return year(published.year - count, 0.7) if count < published.year else None


_WHEN = r"(?P<which>(?i:last|next|past|this coming|this|coming))"

RULES: Final[tuple[Rule, ...]] = (
    (
        re.compile(
            rf"(?<!\bthat )(?<!\bthe )(?:\b{_WHEN} |(?<!next )(?<!last )(?<!past )(?<!coming ))\b"
            rf"(?P<weekday>{_WEEKDAY})(?:(?: of)? (?P<week>last|this|next) week\b)?(?!s|\w){_PART}"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"\b(?i:the day before yesterday|the day after tomorrow|(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?|"
            r"today|tonight|this (?:morning|afternoon|evening)|last night)\b(?!-)"
        ),
        _day_word,
    ),
    (
        re.compile(
            r"(?<!the )(?<!The )\b(?P<which>(?i:last|this|next|coming)) (?P<unit>week|weekend|month|year)\b(?![-’']?s\b of)"
        ),
        _period,
    ),
    (re.compile(r"\b(?:[Aa]t|[Oo]ver|[Oo]n|[Dd]uring) (?P<found>the weekend)\b(?! of)"), _weekend),
    (
        re.compile(
            r"(?<!about )(?<!around )(?<!almost )(?<!nearly )(?<!over )(?<!than )(?<!roughly )(?<!some )(?<!least )\b"
            r"(?P<count>\d{1,4}|(?i:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)) "
            r"(?P<unit>day|week|month|year)s? ago\b"
        ),
        _ago,
    ),
)
"""Patterns and what they mean."""
