"""Dates as feeds, sitemaps and pages write them: read wherever one reading is left, absent otherwise. The clock is never asked."""

from __future__ import annotations

import functools
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Final

from newswire.dates import EARLIEST_EPOCH, Moment, of_day, of_time, read_compact
from newswire.written_dates.words import Written, split
from newswire.written_dates.zones import offset_of

PART_OF_DATE: Final = "only a month or year is given: its first day is taken"
_LONGEST: Final = 100
_MARKS: Final = {0x200E: None, 0x200F: None, 0x061C: None, 0x060C: ","}
"""Directions of text, which Arabic and Hebrew dates have in them, are left out; the Arabic comma is one."""
_YEARS: Final = range(1600, 2200)
_EPOCHS: Final = {9: 0, 10: 0, 12: 3, 13: 3, 16: 6, 19: 9}
_EPOCH: Final = re.compile(r"(\d{9,19})(?:\.\d+)?$")
_MONTHS: Final = {
    m: n
    for n, m in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_USUAL: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:([+-])(\d\d)(\d\d)|GMT|UTC|Z)$"
)
_STAMP: Final = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)([0-5]\d)$")
_ISO: Final = re.compile(
    r"(\d{4})-?(?:(\d{2})-?(\d{2})|W(\d{2})-?(\d)?|(\d{3})|(\d{2}))?"
    r"(?:(?:[T\s_,]+|-+(?=\d{1,2}:))(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,:]\d*)?)?)?\s*(Z|(?![ap]\.?m)\(?[A-Za-z]{2,5}\)?|(?:UTC|GMT)?\s*[+-]\s?\d{1,2}(?::?\d{2})?(?::\d{2})?)?Z?(?:\[[\w/]+\])?)?$",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=8192)
def read_written_date(raw: str) -> Moment | None:
    """Return the moment a written date names, or None when it names none that can be known.

    Read: RFC 822 and what is written for it, ISO 8601 in all its forms (calendar, week and ordinal dates, basic and extended), asctime,
    seconds to nanoseconds since 1970, and any order of one day, one year and one month by name, in the languages of `months`. `03/04/2024`
    is told by its weekday, by a number above 12, or by AM and PM (then the month is first); otherwise it is absent. A time whose zone
    is missing or unknown is taken for UTC, with a note; an offset that no place has makes it absent. Never relative to now.
    """
    if len(raw) > _LONGEST:
        return None
    try:
        found = _usual(raw)
        if found is None:
            text = " ".join(unicodedata.normalize("NFKC", raw).translate(_MARKS).split()).strip(" \"',;")
            found = _epoch(text) or _iso(text) or _words(text)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found.value.year in _YEARS else None


def _usual(raw: str) -> Moment | None:
    """Read what nine of ten feeds write, without detours."""
    found = _USUAL.match(raw)
    if found is None or found[2] not in _MONTHS:
        return None
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    return of_time(
        date(int(found[3]), _MONTHS[found[2]], int(found[1])), int(found[4]), int(found[5]), found[6],
        -offset if found[7] == "-" else offset,
    )  # fmt: skip


def _epoch(text: str) -> Moment | None:
    found = _EPOCH.match(text)
    if found is None or len(found[1]) not in _EPOCHS:
        return None
    seconds = int(found[1]) // 10 ** _EPOCHS[len(found[1])]
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    return Moment(moment, "second") if moment >= EARLIEST_EPOCH else None


def _iso(text: str) -> Moment | None:
    compact = _STAMP.match(text)
    if compact:
        year, month, day = (int(part) for part in compact.groups()[:3])
        return _timed(date(year, month, day), compact[4], compact[5], compact[6], "")
    found = _ISO.match(text)
    if found is None:
        return None
    century, month_of_year, day_of_month, week, weekday, ordinal, only_month, hour, minute, second, zone = (
        found.groups()
    )
    at = int(century)
    if at not in _YEARS:
        return None
    if week:
        on = date.fromisocalendar(at, int(week), int(weekday or 1))
    elif ordinal:
        on = date(at, 1, 1) + timedelta(days=int(ordinal) - 1)
        if on.year != at:
            return None
    elif only_month and "-" not in text[4:5]:
        return None  # 200312 may be anything
    else:
        on = date(at, int(month_of_year or only_month or 1), int(day_of_month or 1))
    whole = day_of_month or ordinal or weekday
    if hour is not None:
        return _timed(on, hour, minute, second, zone or "") if whole else None
    return of_day(on) if whole else Moment(of_day(on).value, "day", PART_OF_DATE)


def _words(text: str) -> Moment | None:
    compact = read_compact(text)
    if compact is not None:
        return compact
    written = split(text)
    if written is None:
        return None
    if written.month is not None and written.year is not None and not written.numbers and not written.time:
        return Moment(of_day(date(written.year, written.month, 1)).value, "day", PART_OF_DATE)
    on = _day_of(written)
    if on is None:
        return None
    return _timed(on, *written.time, written.zone) if written.time else of_day(on)


def _day_of(written: Written) -> date | None:
    year, numbers = written.year, written.numbers
    if written.month is not None:
        if year is None and len(numbers) == 2:
            day, year = numbers[0], _full_year(numbers[1])
            if numbers[0] > 31 or written.month_first:  # `Jan 2, 06` reads as well; `99 Jan 2` does
                day, year = (numbers[1], _full_year(numbers[0])) if numbers[0] > 31 else (day, year)
        elif year is not None and len(numbers) == 1:
            day = numbers[0]
        else:
            return None
        return date(year, written.month, day)
    if year is None and len(numbers) == 3:
        return _of_short_year(numbers, written)
    if year is None or len(numbers) != 2:
        return None
    if written.year_first or written.numbered_by_signs:
        return date(year, numbers[0], numbers[1])
    return _day_or_month(year, numbers, written)


def _of_short_year(numbers: list[int], written: Written) -> date | None:
    """Read `30.10.23`, where the day is first, and `10/30/23` or `24/2/1`, which have one reading; `03-04-05` has three."""
    first, second, third = numbers
    orders = [(third, second, first)] if written.year_may_be_last else []
    if not written.dotted:
        orders += [(third, first, second)] if written.year_may_be_last else []
        orders += [(first, second, third)] if written.year_may_be_first else []
    readings = {
        (_full_year(year), month, day)
        for year, month, day in orders
        if year < 100 and 1 <= month <= 12 and 1 <= day <= 31
    }
    return date(*readings.pop()) if len(readings) == 1 else None


def _day_or_month(year: int, numbers: list[int], written: Written) -> date | None:
    first, second = numbers
    readings = {
        date(year, month, day)
        for month, day in ((first, second), (second, first))
        if month <= 12 and day <= 31
    }
    if len(readings) > 1 and written.dotted:
        readings = {date(year, second, first)}  # with dots the day is first wherever they are written
    if len(readings) > 1 and written.weekday is not None:
        readings = {each for each in readings if each.weekday() == written.weekday} or readings
    if len(readings) > 1 and written.half_day:
        readings = {date(year, first, second)}
    return next(iter(readings)) if len(readings) == 1 else None


def _full_year(two_digits: int) -> int:
    if two_digits > 999:
        return two_digits
    if two_digits > 99:  # RFC 5322: three digits are what counting from 1900 makes of years
        return 1900 + two_digits
    return two_digits + (2000 if two_digits < 50 else 1900)


def _timed(on: date, hour: str, minute: str | None, second: str | None, zone: str) -> Moment:
    at = int(hour)
    if at == 24 and not int(minute or 0) and not int(second or 0):
        on, at = on + timedelta(days=1), 0
    local = datetime(on.year, on.month, on.day, at, int(minute or 0))  # noqa: DTZ001 - its zone is looked up with it
    return of_time(on, at, int(minute or 0), second, offset_of(zone, local))
