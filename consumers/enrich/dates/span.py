"""Spans of days: what a date expression resolves to."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

_QUARTER: Final = 92
"""Days."""
_ELEVEN_MONTHS: Final = 340
"""Days."""
NEAR_DAYS: Final = 4
"""Days back in which a weekday needs no more than a past form in its clause."""
Grain = Literal["day", "weekend", "week", "month", "year", "range"]


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, month or year, inclusive, at the precision that the words give."""

    first: str
    """ISO 8601, reduced precision allowed: `2024-02-01`, `2024-02`, `2024`."""
    last: str
    """The same for the end."""
    grain: Grain
    """What kind of span the words name."""
    confidence: float
    """How sure the rule is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date expression at its place in a text."""

    start: int
    """First code point."""
    end: int
    """One past the last."""
    span: Span
    """What it means."""


def day(of: date, confidence: float) -> Span:
    """Return the span of one day."""
    return Span(of.isoformat(), of.isoformat(), "day", confidence)


def days(first: date, last: date, grain: Grain, confidence: float) -> Span | None:
    """Return the span of several days, or None where the last is before the first."""
    return Span(first.isoformat(), last.isoformat(), grain, confidence) if first <= last else None


def month(year: int, number: int, confidence: float) -> Span:
    """Return the span of a month; a number outside 1 to 12 counts on into other years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return Span(f"{year:04d}-{number:02d}", f"{year:04d}-{number:02d}", "month", confidence)


def year(number: int, confidence: float) -> Span:
    """Return the span of a year."""
    return Span(f"{number:04d}", f"{number:04d}", "year", confidence)


def years(first: int, last: int, confidence: float) -> Span | None:
    """Return the span of several years, or None where the last is not after the first."""
    return Span(f"{first:04d}", f"{last:04d}", "range", confidence) if first < last else None


def monday_of(of: date) -> date:
    """Return the Monday of the week (ISO 8601) that a day is in."""
    return of - timedelta(days=of.weekday())


def valid_date(year_number: int, month_number: int, day_number: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    if 1 <= month_number <= 12 and 1 <= day_number <= calendar.monthrange(year_number, month_number)[1]:
        return date(year_number, month_number, day_number)
    return None


def nearest_year(
    published: date,
    month_number: int,
    day_number: int,
    lean: Literal["past", "future"] | None,
    *,
    close: bool,
) -> int | None:
    """Return the year that a day and month without a year mean in a text of that day; None where it may be another one.

    News looks back: the latest such day that is at most a quarter ahead; with verbs of the future the next one, and none where that is
    more than eleven months away. Where no verb tells, it is at most a quarter away. A day that is far on the one side and near on the
    other is told only by a verb that it stands `close` to: `said the vote on 30 June` in early June looks ahead.
    """
    candidates = [
        (found - published).days
        for offset in (-1, 0, 1)
        if (found := valid_date(published.year + offset, month_number, day_number)) is not None
    ]
    if not candidates:  # 29 February in no year near
        return None
    if lean == "future":
        ahead = [gap for gap in candidates if 0 <= gap <= _ELEVEN_MONTHS]
        if not ahead:
            return None
        gap = min(ahead)
    elif lean == "past":
        # The day after counts, where clocks are ahead of the publisher's.
        gap = max(gap for gap in candidates if gap <= 1)
    else:
        gap = max(gap for gap in candidates if gap <= _QUARTER)
    other_side = any(other * gap < 0 and abs(other) <= _QUARTER for other in candidates)
    if abs(gap) > _QUARTER and (lean is None or (other_side and not close)):
        return None
    return (published + timedelta(days=gap)).year
