"""Dates in machine forms: ISO 8601, compact, and seconds since 1970. Shared by whoever reads what others wrote; policy is the caller's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Precision = Literal["day", "minute", "second"]

NO_OFFSET: Final = "no offset from UTC is given: only the day is taken"
MIN_OFFSET: Final = timedelta(hours=-12)
MAX_OFFSET: Final = timedelta(hours=14)
"""No place on earth is further from UTC, to the west or to the east."""
EARLIEST_EPOCH: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Seconds since 1970 that mean an earlier moment are a counter, or an error."""
_ISO: Final = re.compile(
    r"^(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})"
    r"(?:[T ,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(
    r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4}))?$", re.IGNORECASE
)
_EPOCH: Final = re.compile(r"^\d{9,10}(?:\d{3})?(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as far as it was given."""

    value: datetime
    """In UTC; a day is its midnight."""
    precision: Precision
    """How much of it was given."""
    note: str | None = None
    """What was given but not taken, or taken for granted."""
    offset: timedelta | None = field(default=None, compare=False)
    """Of a time how far east of UTC it was written."""


def read_iso(text: str) -> Moment | None:
    """Return the moment of `2024-02-01`, `2024/2/1 10:00`, `2024-02-01T10:00:00,5+01:00` …, or None for another form.

    A time without an offset is returned as if it were in UTC, with the note NO_OFFSET. ValueError for impossible dates and offsets.
    """
    found = _ISO.match(text)
    if not found:
        return None
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["h"] is None:
        return of_day(day)
    return of_time(day, int(found["h"]), int(found["min"]), found["s"], found["zone"])


def read_compact(text: str) -> Moment | None:
    """Return the moment of `20240201` or `20240201T100000Z`, or None for another form; otherwise as `read_iso`."""
    found = _COMPACT.match(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1][:2]) not in (19, 20):
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return of_time(day, int(found[4]), int(found[5]), found[6], found[7]) if found[4] else of_day(day)


def read_epoch(text: str) -> Moment | str | None:
    """Return the moment of seconds or milliseconds since 1970, why they mean none, or None for another form."""
    if not _EPOCH.match(text):
        return None
    whole = text.partition(".")[0]
    moment = datetime.fromtimestamp(int(whole) / (1000 if len(whole) > 10 else 1), tz=UTC).replace(
        microsecond=0
    )
    return (
        Moment(moment, "second")
        if moment >= EARLIEST_EPOCH
        else "seconds since 1970 that mean no publication date"
    )


def of_day(day: date) -> Moment:
    """Return the moment that a day is: its midnight in UTC."""
    return Moment(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")


def of_time(day: date, hour: int, minute: int, second: str | None, zone: str | timedelta | None) -> Moment:
    """Return the moment of a time of day, in UTC. Without a zone as if in UTC, with the note NO_OFFSET. ValueError for impossible ones."""
    if int(second or 0) > 60:
        raise ValueError("a minute has 60 seconds, or 61 with a leap second")
    at = datetime(
        day.year, day.month, day.day, hour, minute, min(int(second or 0), 59), tzinfo=UTC
    )  # a leap second is its 59th
    precision: Precision = "second" if second else "minute"
    if zone is None:
        return Moment(at, precision, NO_OFFSET)
    offset = zone if isinstance(zone, timedelta) else _offset(zone)
    if not MIN_OFFSET <= offset <= MAX_OFFSET:
        raise ValueError("no place on earth has that offset from UTC")
    return Moment(in_utc(at.replace(tzinfo=timezone(offset))), precision, offset=offset)


def in_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def offset_in(zone: str | None, local: datetime) -> timedelta | None:
    """Return how far east of UTC a zone (IANA) is at a local time; None when there is none of that name."""
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).utcoffset() if zone else None
    except (ZoneInfoNotFoundError, OverflowError, ValueError, OSError):
        return None


def in_zone(moment: Moment, zone: str | None) -> Moment:
    """Return a moment that was written without an offset from UTC as the zone (IANA) of its source has it; any other as it is."""
    offset = offset_in(zone, moment.value) if moment.note == NO_OFFSET else None
    return moment if offset is None else Moment(moment.value - offset, moment.precision, offset=offset)


def without_time(moment: Moment) -> Moment:
    """Return the day of a time whose offset is not known; any other moment as it is."""
    return Moment(of_day(moment.value.date()).value, "day", NO_OFFSET) if moment.note == NO_OFFSET else moment


def _offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone[0] == "-" else size
