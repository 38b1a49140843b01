"""Dates as publishers write them, read strictly: what is not certain is refused, with the reason."""

from __future__ import annotations

import functools
import re
from datetime import date, datetime, timedelta
from email.utils import parsedate_tz
from typing import Final

from newswire.dates import NO_OFFSET, Moment, in_utc, of_day, of_time, read_compact, read_epoch, read_iso

_EARLIEST_YEAR: Final = 1600
_LONGEST: Final = 100
_RFC2822: Final = re.compile(
    r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -]\d{4}\s+\d{1,2}:\d{2}(:\d{2})?\b.*$",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")
_NUMERIC: Final = re.compile(r"^(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[6-9]|20)\d{2}(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}|[年月]")
_HAS_TIME: Final = re.compile(r"\d[:hH]\d{2}|\d\s?[ap]\.?m\b", re.IGNORECASE)


def read_date(raw: str, *, not_after: datetime) -> Moment | str:
    """Return the moment that a date string names, or why it is refused.

    In this order: ISO 8601 and RFC 3339 (also with `/`, a space or a comma fraction, and compact), RFC 2822, seconds or milliseconds since
    1970, days as `1.2.2024` (day first wherever dots are written), then named months in any language (dateparser). Refused: `3/4/2024`
    and whatever else has two readings, relative dates, offsets beyond 14 hours, years before 1600, moments after `not_after` and
    impossible dates. A time without an offset counts as a day, with a note.
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
    if found.note == NO_OFFSET:
        found = Moment(of_day(found.value.date()).value, "day", NO_OFFSET)
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
        return _day_or_month(*(int(part) for part in numeric.groups()))
    return _named(text)


def _rfc2822(text: str) -> Moment | None:
    if not _RFC2822.match(text):
        return None
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    seconds = f"{second:02d}" if text.count(":") > 1 else None
    known_zone = re.search(r"(?:[+-]\d{3,4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\(.*\))?$", text)
    return of_time(
        date(year, month, day), hour, minute, seconds, timedelta(seconds=offset or 0) if known_zone else None
    )


def _dotted(text: str) -> Moment | None:
    found = _DOTTED.match(text)
    return of_day(date(int(found[3]), int(found[2]), int(found[1]))) if found else None


def _day_or_month(first: int, second: int, year: int) -> Moment | str:
    if first > 12:
        return of_day(date(year, second, first))
    if second > 12 or first == second:
        return of_day(date(year, first, second))
    return "day and month cannot be told apart"


def _named(text: str) -> Moment | str:
    if not (_YEAR.search(text) and _LETTERS.search(text) and _DAY.search(_YEAR.sub(" ", text, count=1))):
        return "no known way to write a date"
    found = _dateparser(text)
    if found is None:
        return "no known way to write a date"
    if not _HAS_TIME.search(text):
        return of_day(found.date())
    if found.tzinfo is None:
        return Moment(of_day(found.date()).value, "day", NO_OFFSET)
    return Moment(in_utc(found), "second" if text.count(":") > 1 else "minute")


@functools.lru_cache(maxsize=4096)
def _dateparser(text: str) -> datetime | None:
    import dateparser  # loads its language data: a third of a second

    parsed: datetime | None = dateparser.parse(
        text,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - dateparser wants it naive; never the clock
            "RETURN_TIME_AS_PERIOD": False,
        },
    )
    return parsed
