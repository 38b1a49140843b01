"""Dates as publishers write them, read strictly: what is not certain is refused, with the reason."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final, Literal

Precision = Literal["day", "minute", "second"]

NO_OFFSET: Final = "no offset from UTC is given: only the day is taken"
_EARLIEST_YEAR: Final = 1600
_EARLIEST_EPOCH: Final = datetime(1990, 1, 1, tzinfo=UTC)
_LONGEST: Final = 100
_ISO: Final = re.compile(
    r"^(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})"
    r"(?:[T ,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4}))?$", re.IGNORECASE
)
_RFC2822: Final = re.compile(
    r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ -]\d{4}\s+\d{1,2}:\d{2}(:\d{2})?\b.*$",
    re.IGNORECASE,
)
_DOTTED: Final = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")
_NUMERIC: Final = re.compile(r"^(?:[^\W\d_]{2,12}\.?,?\s+)?(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_EPOCH: Final = re.compile(r"^\d{9,10}(?:\d{3})?(?:\.\d+)?$")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[6-9]|20)\d{2}(?!\d)")
_DAY: Final = re.compile(r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}|[年月]")
_HAS_TIME: Final = re.compile(r"\d[:hH]\d{2}|\d\s?[ap]\.?m\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as far as it was given."""

    value: datetime
    """In UTC; a day is its midnight."""
    precision: Precision
    """How much of it was given."""
    note: str | None = None
    """What was given but not taken."""


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
    if found.value.year < _EARLIEST_YEAR:
        return f"before {_EARLIEST_YEAR}"
    if found.value > not_after:
        return f"lies in the future of its capture ({not_after:%Y-%m-%d} at the latest)"
    return found


def _read(text: str) -> Moment | str:
    for read in (_iso, _compact, _rfc2822, _epoch, _dotted):
        found = read(text)
        if found is not None:
            return found
    numeric = _NUMERIC.match(text)
    if numeric:
        return _day_or_month(*(int(part) for part in numeric.groups()))
    return _named(text)


def _iso(text: str) -> Moment | None:
    found = _ISO.match(text)
    if not found:
        return None
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["h"] is None:
        return _day(day)
    return _moment(day, int(found["h"]), int(found["min"]), found["s"], found["zone"])


def _compact(text: str) -> Moment | None:
    found = _COMPACT.match(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1][:2]) not in (19, 20):
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return _moment(day, int(found[4]), int(found[5]), found[6], found[7]) if found[4] else _day(day)


def _rfc2822(text: str) -> Moment | None:
    if not _RFC2822.match(text):
        return None
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    seconds = f"{second:02d}" if text.count(":") > 1 else None
    known_zone = re.search(r"(?:[+-]\d{3,4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\(.*\))?$", text)
    return _moment(
        date(year, month, day), hour, minute, seconds, timedelta(seconds=offset or 0) if known_zone else None
    )


def _epoch(text: str) -> Moment | str | None:
    if not _EPOCH.match(text):
        return None
    whole = text.partition(".")[0]
    moment = datetime.fromtimestamp(int(whole) / (1000 if len(whole) > 10 else 1), tz=UTC).replace(
        microsecond=0
    )
    return (
        Moment(moment, "second")
        if moment >= _EARLIEST_EPOCH
        else "seconds since 1970 that mean no publication date"
    )


def _dotted(text: str) -> Moment | None:
    found = _DOTTED.match(text)
    return _day(date(int(found[3]), int(found[2]), int(found[1]))) if found else None


def _day_or_month(first: int, second: int, year: int) -> Moment | str:
    if first > 12:
        return _day(date(year, second, first))
    if second > 12 or first == second:
        return _day(date(year, first, second))
    return "day and month cannot be told apart"


def _named(text: str) -> Moment | str:
    if not (_YEAR.search(text) and _LETTERS.search(text) and _DAY.search(_YEAR.sub(" ", text, count=1))):
        return "no known way to write a date"
    found = _dateparser(text)
    if found is None:
        return "no known way to write a date"
    if not _HAS_TIME.search(text):
        return _day(found.date())
    if found.tzinfo is None:
        return Moment(_midnight(found.date()), "day", NO_OFFSET)
    return Moment(_in_utc(found), "second" if text.count(":") > 1 else "minute")


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


def _moment(day: date, hour: int, minute: int, second: str | None, zone: str | timedelta | None) -> Moment:
    at = datetime(
        day.year, day.month, day.day, hour, minute, min(int(second or 0), 59), tzinfo=UTC
    )  # a leap second is its 59th
    if zone is None:
        return Moment(_midnight(day), "day", NO_OFFSET)
    offset = zone if isinstance(zone, timedelta) else _offset(zone)
    if abs(offset) > timedelta(hours=14):
        raise ValueError("no place on earth has that offset from UTC")
    return Moment(_in_utc(at.replace(tzinfo=timezone(offset))), "second" if second else "minute")


def _offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone[0] == "-" else size


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _day(day: date) -> Moment:
    return Moment(_midnight(day), "day")


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
