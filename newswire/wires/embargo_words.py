"""Embargoes that are written in words, as formats without a field for them have them: `EMBARGOED UNTIL 0001 GMT THURSDAY, MARCH 5`.

Only a line that begins as such a note is one: `EU widens arms embargo` is news. What is meant is taken where on earth, and in which of
its readings, it comes last: too late rather than too early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from newswire.wires.item import WireError
from newswire.written_dates.months import month_of
from newswire.written_dates.zones import offset_of

_UNTIL: Final = r"until|till|til|to(?=\W+\d)|before|for|by(?=\W+\d)|bis|vor|jusqu\W?(?:à|au|a)|avant|hasta(?: el)?|fino (?:a|al)|até|tot"
_USE: Final = "release|publication|use|broadcast"
_BEGINS: Final = re.compile(
    r"^\W{0,5}(?:\w{1,12}\W{1,3}){0,1}?(?:"
    r"(?:(?:strictly )?(?:under )?(?:strict )?embargo(?:ed)?(?: (?:copy|for release|for publication))?|sous embargo|embargad[oa])"
    rf"(?:\W{{0,3}}(?:(?:for|not for) (?:release|publication|use|broadcast)\W{{1,3}})?(?:{_UNTIL})\b|\W{{0,3}}[:(\-–—]|\W+(?=\d)|\W*$)"
    r"|(?:sperrfrist|sperrvermerk|gesperrt bis)\b"
    r"|(?:hold(?: for release)?|not (?:to be (?:published|released|used|broadcast)"
    rf"|for (?:{_USE})(?:[ ,]+(?:or )?(?:{_USE}))*))\W{{1,3}}(?:{_UNTIL})\b"
    r"|hold for release\b|(?:adv(?:ance)? )?for release\W+(?=\w+day\b|\d|[a-zäé]{3,9}\.? \d)"
    r")(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LIFTED: Final = re.compile(
    r"\b(?:none|n/a|keine?|lifted|no longer|removed|off|aufgehoben|entfällt|levé|levanta\w*)\b", re.IGNORECASE
)
_LONGEST: Final = 300
_ISO: Final = re.compile(
    r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?\d\d)?\s?(Z|[+-]\d\d:?\d\d)?)?"
)
_NUMBERED: Final = re.compile(r"(?<![\d.:/])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})?(?![\d:])")
_TIMES: Final = (
    re.compile(
        r"(?<![\d.])(?P<h>[01]?\d|2[0-4])(?:[:.h](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?", re.IGNORECASE
    ),
    re.compile(r"(?<![\d.])(?P<h>[01]?\d|2[0-4])[:.](?P<m>[0-5]\d)(?::[0-5]\d)?(?![\d.])(?P<half>)"),
    re.compile(r"(?<![\d.])(?P<h>[01]?\d|2[0-4])\s?h\s?(?P<m>[0-5]\d)?\b(?P<half>)", re.IGNORECASE),
    re.compile(r"(?<![\d.])(?P<h>[01]?\d|2[0-4])(?P<m>)\s?(?:uhr|o.clock|hrs|hours)\b(?P<half>)", re.IGNORECASE),
    re.compile(r"(?<![\d.,/-])(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)(?=\s?(?:[A-Z]{1,5}\b|hrs|hours|[+-]\d\d|\W*$|,|\())(?P<half>)"),
    re.compile(r"\b(?P<noon>noon|midday|mittags?|midi|mediodía)\b", re.IGNORECASE),
    re.compile(r"\b(?P<night>midnight|mitternacht|minuit|medianoche)\b", re.IGNORECASE),
)  # fmt: skip
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_AFTER_TIME: Final = re.compile(r"^\s?(?:uhr|hrs|hours|o.clock)\b\.?", re.IGNORECASE)
_ZONE: Final = re.compile(
    r"^[\s,(]{0,3}(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)|[A-Z]{1,5}\b|[A-Z][a-z]+/[A-Z][A-Za-z_]+)"
)
_WORD: Final = re.compile(r"[^\W\d_]+\.?|\d+")
_DAYS: Final = (
    ("mon", "montag", "lundi", "lunes"), ("tue", "dienstag", "mardi", "martes"), ("wed", "mittwoch", "mercredi", "miercoles", "miércoles"),
    ("thu", "donnerstag", "jeudi", "jueves"), ("fri", "freitag", "vendredi", "viernes"),
    ("sat", "samstag", "sonnabend", "samedi", "sabado", "sábado"),
    ("sun", "sonntag", "dimanche", "domingo"),
)  # fmt: skip
_TODAY: Final = ("today", "tonight", "heute", "aujourd", "hoy")
_TOMORROW: Final = ("tomorrow", "morgen", "demain", "mañana")
_DATE_LINE_WEST: Final = timedelta(hours=-12)
_NEAREST: Final = timedelta(days=60)
"""A date without a year is the next one; one that was so shortly before is meant as past: the embargo is over."""


def embargo_in(lines: Iterable[str], sent: datetime) -> tuple[datetime | None, bool]:
    """Return the instant until which notes among some lines hold an item, and whether they hold it without saying until when.

    `sent` is when the item was made: `Thursday` and `March 5` mean what comes next. Of several times the last holds. WireError
    (`unreadable-embargo`) for a note that gives a time which cannot be read.
    """
    found = [_read(rest, sent) for rest in _notes(lines)]
    times = [each for each in found if each is not None]
    return max(times, default=None), bool(found) and not times


def is_embargo_note(line: str) -> bool:
    """Return whether a line is a note that holds an item, or that says the embargo is over."""
    return _BEGINS.match(line[:_LONGEST]) is not None


def _notes(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        found = _BEGINS.match(line[:_LONGEST])
        if found is not None and not _LIFTED.search(line[:_LONGEST]):
            yield found["rest"]


def _read(note: str, sent: datetime) -> datetime | None:
    """Return the last instant that a note may mean; None where it names none."""
    if not re.search(r"\d", note) and not _named_days(note) and not any(each.search(note) for each in _TIMES):
        return None
    try:
        until = _iso(note) or _written(note, sent)
    except (ValueError, OverflowError):
        until = None
    if until is None:
        raise WireError(
            "unreadable-embargo",
            f"{note.strip()[:60]!r} is no time that can be read: write it as `EMBARGOED UNTIL 1400 GMT 5 MARCH 2031`",
        )
    return until


def _iso(note: str) -> datetime | None:
    found = _ISO.search(note)
    if found is None:
        return None
    year, month, day, hour, minute, zone = found.groups()
    local = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))  # noqa: DTZ001 - its zone comes next
    named = zone or ((match := _ZONE.match(note[found.end() :])) and match["zone"]) or ""
    return _instant(local, named)


def _written(note: str, sent: datetime) -> datetime | None:
    time, zone, rest = _time_of(note)
    if time is None and zone is None and not rest.strip():
        return None
    days = _days_of(rest, sent)
    if days is None:
        return None
    hour, minute = time or (0, 0)
    extra = timedelta(days=1) if hour == 24 else timedelta()
    local = [datetime(d.year, d.month, d.day, hour % 24, minute) + extra for d in days]  # noqa: DTZ001 - its zone comes next
    instants = [_instant(each, zone or "") for each in local]
    if days == [sent.date()] and not re.search(r"\d{1,2}\D", rest) and time and max(instants) <= sent:
        instants = [each + timedelta(days=1) for each in instants]  # only a time of day: the next one
    return max(instants)


def _instant(local: datetime, zone: str) -> datetime:
    offset = offset_of(zone, local) if zone else None
    if offset is None:
        offset = _DATE_LINE_WEST
    return (local - offset).replace(tzinfo=UTC)


def _time_of(note: str) -> tuple[tuple[int, int] | None, str | None, str]:
    """Return hour and minute, the zone, and the note without them."""
    for form in _TIMES:
        for found in form.finditer(note):
            named = found.groupdict()
            if named.get("noon") or named.get("night"):
                time = (12, 0) if named.get("noon") else (24, 0)
            else:
                hour, half = int(named["h"]), (named["half"] or "").lower()
                if half and not 1 <= hour <= 12:
                    continue
                time = (hour % 12 + 12 * (half == "p") if half else hour, int(named["m"] or 0))
            end = found.end()
            if oclock := _AFTER_TIME.match(note[end:]):
                end += oclock.end()
            zone = _ZONE.match(note[end:])
            known = zone is not None and _is_zone(zone["zone"])
            if not known and not oclock and _YEAR.fullmatch(found[0]):
                continue
            if zone is not None and known:
                return time, zone["zone"], f"{note[: found.start()]} {note[end + zone.end() :]}"
            return time, None, f"{note[: found.start()]} {note[end:]}"
    return None, None, note


def _is_zone(word: str) -> bool:
    if word.isalpha() and (month_of(word) is not None or _weekday(word) is not None):
        return False
    try:
        return offset_of(word, datetime(2000, 1, 1)) is not None  # noqa: DTZ001 - whether it is known at all
    except ValueError:
        return True  # an offset that no place has: refused where it is used


def _days_of(rest: str, sent: datetime) -> list[date] | None:
    """Return the days that may be meant; None where there is a number that is no part of a date."""
    today = sent.date()
    numbered = _NUMBERED.search(rest)
    if numbered is not None:
        return _numbered(numbered, today)
    words = _WORD.findall(rest)
    months = [
        (at, month)
        for at, word in enumerate(words)
        if not word.isdigit() and len(word) > 2 and (month := month_of(word))
    ]
    numbers = [(at, int(word)) for at, word in enumerate(words) if word.isdigit()]
    if months:
        at, month = months[0]
        near = sorted((each for each in numbers if 1 <= each[1] <= 31), key=lambda each: abs(each[0] - at))
        years = [number for _, number in numbers if 1990 <= number <= 2200]
        if not near:
            return None
        day = near[0][1]
        return [date(years[0], month, day)] if years else [_next(month, day, today)]
    weekdays = _named_days(rest)
    if numbers and not weekdays:
        return None
    if weekdays:
        ahead = weekdays[0]
        return (
            [today + timedelta(days=ahead if ahead < 0 else (ahead - today.weekday()) % 7)]
            if ahead < 7
            else [today + timedelta(days=ahead - 7)]
        )
    return [today]


def _named_days(text: str) -> list[int]:
    """Return the days that a text names: 0 to 6 Monday to Sunday, 7 today, 8 tomorrow."""
    found = []
    for word in _WORD.findall(text):
        low = word.lower()
        if low.startswith(_TODAY):
            found.append(7)
        elif low.startswith(_TOMORROW):
            found.append(8)
        elif (weekday := _weekday(word)) is not None:
            found.append(weekday)
    return found


def _weekday(word: str) -> int | None:
    low = word.lower().rstrip(".")
    if len(low) < 3:
        return None
    english = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return next((at for at, names in enumerate(_DAYS) if low in names or english[at].startswith(low)), None)


def _numbered(found: re.Match[str], today: date) -> list[date]:
    """Return the readings of `05.03.2026` and `03/05/2026`: with dots the day is first, otherwise either may be."""
    first, second = int(found[1]), int(found[3])
    pairs = {(second, first)} if found[2] == "." else {(second, first), (first, second)}
    readings = []
    for month, day in pairs:
        if 1 <= month <= 12 and 1 <= day <= 31:
            year = found[4]
            readings.append(
                date(int(year) + (2000 if len(year) == 2 else 0), month, day)
                if year
                else _next(month, day, today)
            )
    if not readings:
        raise ValueError("no such day")
    return readings


def _next(month: int, day: int, today: date) -> date:
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            at = date(year, month, day)
        except ValueError:  # February 29th
            continue
        if at >= today - _NEAREST:
            return at
    raise ValueError("no such day")
