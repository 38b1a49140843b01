"""Dates as publishers write them, read strictly: what is not certain is refused, with the reason."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email.utils import parsedate_tz
from typing import Final

from newswire.dates import (
    Moment,
    of_day,
    of_time,
    read_compact,
    read_epoch,
    read_iso,
    without_time,
)
from newswire.written_dates.read import PART_OF_DATE, read_written_date

_EARLIEST_YEAR: Final = 1600
_LONGEST: Final = 100
_RFC2822: Final = re.compile(
    r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -]\d{4}\s+\d{1,2}:\d{2}(:\d{2})?\b.*$",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})$")
_DOTTED_YEAR_FIRST: Final = re.compile(r"^(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})\.?$")
_NUMERIC: Final = re.compile(r"^(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[6-9]|20)\d{2}(?!\d)")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}|[年月년월]")
_PARTED: Final = re.compile(r"\d[./]\s?\d{1,2}[./]\s?\d")
_HALF_DAY: Final = re.compile(r"\d\s?[ap]\.?\s?m\b", re.IGNORECASE)


def read_date(raw: str, *, not_after: datetime) -> Moment | str:
    """Return the moment that a date string names, or why it is refused. A time without an offset counts as its day, with a note."""
    found = read_moment(raw, not_after=not_after)
    return found if isinstance(found, str) else without_time(found)


def read_moment(raw: str, *, not_after: datetime) -> Moment | str:
    """Return the moment that a date string names, or why it is refused. A time without offset is as if in UTC, with the note NO_OFFSET.

    In this order: ISO 8601 and RFC 3339 (also with `/`, a space or a comma fraction, and compact), RFC 2822, seconds or milliseconds since
    1970, days as `1.2.2024` (day first wherever dots are written, unless the year is) and `1.2.24`, then days with a month's name in any
    language and any other order of the parts. Refused: `3/4/2024` and whatever else has two readings and no weekday to tell them apart,
    relative dates, offsets beyond 14 hours, years before 1600, moments after `not_after` and impossible dates.
    """
    text = " ".join(raw.split())
    if not text or len(text) > _LONGEST:
        return "not a date"
    try:
        found = _read(text)
    except (ValueError, OverflowError) as error:
        return f"no such date: {error}"
    if isinstance(found, str):
        return found
    if found.value.year < _EARLIEST_YEAR:
        return f"before {_EARLIEST_YEAR}"
    if found.value > not_after:
        return f"lies in the future of its capture ({not_after:%Y-%m-%d} at the latest)"
    return found


def _read(text: str) -> Moment | str:
    for read in (read_iso, read_compact, _rfc2822, read_epoch, _dotted):
        found = read(text)
        if found is not None:
            return found
    numeric = _NUMERIC.match(text)
    if numeric:
        return _numeric(text, *(int(part) for part in numeric.groups()))
    return _named(text)


def _rfc2822(text: str) -> Moment | None:
    if not _RFC2822.match(text):
        return None
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    seconds = f"{second:02d}" if text.count(":") > 1 else None
    if not re.search(r"(?:[+-]\d{3,4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\(.*\))?$", text):
        written = read_written_date(text)  # knows the names of more zones
        if written is not None and written.note is None and written.precision != "day":
            return written
        offset = None
    return of_time(
        date(year, month, day), hour, minute, seconds, None if offset is None else timedelta(seconds=offset)
    )


def _dotted(text: str) -> Moment | None:
    found = _DOTTED.match(text)
    if found:
        year = int(found[3])
        return of_day(
            date(year if year > 99 else year + (2000 if year < 70 else 1900), int(found[2]), int(found[1]))
        )
    found = _DOTTED_YEAR_FIRST.match(text)
    return of_day(date(int(found[1]), int(found[2]), int(found[3]))) if found else None


def _numeric(text: str, first: int, second: int, year: int) -> Moment | str:
    written = read_written_date(text)
    if first > 12 or second > 12 or first == second:
        day = date(year, second, first) if first > 12 else date(year, first, second)
        return written or of_day(day)
    if written is None or _HALF_DAY.search(
        text
    ):  # who writes AM and PM may write the day first, as in London
        return "day and month cannot be told apart"
    return written


def _named(text: str) -> Moment | str:
    if not (_YEAR.search(text) and _LETTERS.search(text)) and not _PARTED.search(text):
        return "no known way to write a date"
    found = read_written_date(text)
    if found is None or found.note == PART_OF_DATE:
        return "no known way to write a date"
    return found
