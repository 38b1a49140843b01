"""A written date taken apart into its numbers, its month, its time and its zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newswire.written_dates.months import month_of, month_or_weekday

_TIME: Final = re.compile(
    r"(?<![\d:])(?P<h>\d{1,2})(?:(?:\s?[:hH時시点点]\s?|\.)(?P<m>\d{2}|\d(?=[:\s]|$))"
    r"(?:(?:\s?[:分분mM]\s?|\.)(?P<s>\d{2}|\d(?=\s|$))(?:[.,]\d+)?\s?[秒초sS]?)?\s?[分분]?)(?!\d|:\d)"
)
_HOUR_AND_OFFSET: Final = re.compile(r"(?<=\d{4} )(\d{2})(?= [+\-]\d{4}$)")
_HOUR_ONLY: Final = re.compile(r"(?<![\d:])(\d{1,2})\s?(?=[ap]\.?m\b)", re.IGNORECASE)
_HALF: Final = re.compile(
    r"(?<![^\W\d_])(?:([ap])\.?\s?m\b\.?)|(오전|上午|午前)|(오후|下午|午後)", re.IGNORECASE
)
_ZONE: Final = re.compile(
    r"\s*[,]?\s*(?P<zone>(?:(?:UTC|GMT|UT|[A-Z]{1,5})\s*)?[+\-−](?:\s?0?\d{2}[:.]\d{2}|\s?\d{1,2}[:.]?\d{2}(?::\d{2})?|\d{1,2})(?![\d:])"
    r"|[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|\(?[A-Za-z]{1,5}\)?(?![\w])|00$)"
)
_ENDS_WITH_ZONE: Final = re.compile(
    r"(?:(?<=\d) (?P<zone>[+\-]\d{2}:?\d{2}|Z|UTC|GMT)|(?<=\d{4}) (?P<name>[A-Z]{3,5}))$"
)
_FIRST_MIDNIGHT: Final = re.compile(r"(?<=\d) 00:00:00(?:\.0+)?(?= \d{1,2}:\d{2}:)")
"""Of a day and a time out of two columns of a database: `2024-02-01 00:00:00.0 10:00:00.0`."""
_NO_YEAR_LAST: Final = re.compile(r"(?:\.|(?<!\d)\d)\s*$")
_TWO_SIGNS: Final = re.compile(r"(?<=\s)--(?=\d{4}$)")
_WORD: Final = re.compile(r"\d+|[^\s\d_,;:/()\[\]\-–+年月日년월일号]+")
_OCLOCK: Final = re.compile(r"(?<=\d)\s?(?:Uhr|hrs)\b\.?", re.IGNORECASE)
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|\.o)\b", re.IGNORECASE)
_SIGNED: Final = re.compile(r"(\d{4}|\d{2})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]?")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OPENS_WITH_YEAR: Final = re.compile(r"^\D*\d{4}\s?[-/. ]")
_KOREAN: Final = re.compile("[년월일시오]")


@dataclass(slots=True)
class Written:
    """What stood in a date."""

    year: int | None
    """The one number of four digits."""
    month: int | None
    """By its name."""
    numbers: list[int]
    """The other numbers of the date, in their order."""
    year_may_be_first: bool
    """Of three numbers without a name or a year of four digits: the first has two digits, as a year has."""
    year_may_be_last: bool
    """The last has two digits, and no dot behind it, which is put behind days."""
    time: tuple[str, str, str | None] | None
    zone: str
    weekday: int | None
    """0 is Monday; known in English only."""
    half_day: bool
    """AM or PM was written."""
    dotted: bool
    year_first: bool
    month_first: bool
    numbered_by_signs: bool
    """By year, month and day signs, as in `2024年2月1日`."""


def split(text: str) -> Written | None:
    """Return the parts of a written date; None when there is more or less in it than one date."""
    korean = bool(_KOREAN.search(text))
    signs = _SIGNED.search(text)
    text = _FIRST_MIDNIGHT.sub("", _OCLOCK.sub("", _TWO_SIGNS.sub("-", _ORDINAL.sub("", text))))
    half = _HALF.search(text)
    time, zone, rest = _time_of(text, half)
    if half is not None:
        rest = _HALF.sub(" ", rest, count=1)
    years: list[int] = []
    numbers: list[int] = []
    months: list[int] = []
    maybe: list[int] = []
    weekday: int | None = None
    month_first = led_by_month = False
    for word in _words_of(rest):
        if word.isdigit():
            (years if len(word) == 4 else numbers).append(int(word))
        elif word[:3].lower() in _WEEKDAYS and month_of(word) is None and weekday is None:
            weekday = _WEEKDAYS.index(word[:3].lower())
        elif (month := month_of(word)) is not None:
            led_by_month = led_by_month or not (numbers or years or months)
            months.append(month)
            month_first = not numbers
        elif not word.isascii() or len(word) == 3:
            maybe += [found] if (found := month_or_weekday(word)) is not None else []
    if len(months) == 2 and led_by_month:
        months.pop(0)  # `mar, 5 mar 2024`: Tuesday in half of Europe
    if not months and len(maybe) == 1 and len(years) + len(numbers) == 2:
        months = maybe  # a day and a year are left over for it
    most = 2 if years or months else 3  # a day, a month and a year of two digits
    if len(years) > 1 or len(months) > 1 or len(numbers) > most or any(number > 999 for number in numbers):
        return None
    if korean and time and not zone:
        zone = "KST"  # the language has one zone
    return Written(
        year=years[0] if years else None, month=months[0] if months else None, numbers=numbers, time=time, zone=zone,
        year_may_be_first=not re.match(r"\D*\d(?!\d)", rest), year_may_be_last=not _NO_YEAR_LAST.search(rest),
        weekday=weekday, half_day=half is not None, dotted=bool(re.search(r"\d\.\s?\d{1,2}\.", rest)),
        year_first=bool(_OPENS_WITH_YEAR.match(rest)), month_first=month_first, numbered_by_signs=signs is not None,
    )  # fmt: skip


def _words_of(text: str) -> Iterator[str]:
    """Yield numbers and words; of a month's name the two that it has (`tháng 2`, `كانون الثاني`) at once."""
    words = _WORD.findall(text)
    at = 0
    while at < len(words):
        word = words[at]
        pair = f"{word} {words[at + 1]}" if at + 1 < len(words) else ""
        if (
            pair
            and (not word.isascii() or word == "thg")
            and not word.isdigit()
            and month_of(pair) is not None
        ):
            yield pair
            at += 2
        else:
            yield word
            at += 1


def _time_of(text: str, half: re.Match[str] | None) -> tuple[tuple[str, str, str | None] | None, str, str]:
    found = _last_time(text)
    hour_only = _HOUR_ONLY.search(text) or _HOUR_AND_OFFSET.search(text) if found is None else None
    at = found or hour_only
    if at is None:
        last = _zone_at_the_end(text, 0)
        return None, "", text[: last[0]] if last is not None else text
    hour, minute, second = (at["h"], at["m"], at["s"]) if found else (at[1], "00", None)
    end = at.end()
    if half is not None:
        hour = _of_half(int(hour), late=bool(half[3] or (half[1] or "").lower() == "p"))
        end = max(end, half.end()) if half.start() - end <= 1 else end
    zone = _ZONE.match(text, end)
    if zone is None or _not_a_zone(zone["zone"]):
        last = _zone_at_the_end(text, end)  # `10:30 13.05.2024 +0200`
        if last is not None:
            return (hour, minute, second), last[1], f"{text[: at.start()]} {text[end : last[0]]}"
        return (hour, minute, second), "", f"{text[: at.start()]} {text[end:]}"
    after = zone.end()
    more = _ZONE.match(text, after)  # `EST -0500`, `-0500 (EST)`, `+0100 CET`
    words = zone["zone"]
    if more is not None and not _not_a_zone(more["zone"]):
        words, after = f"{words} {more['zone']}", more.end()
    return (hour, minute, second), words, f"{text[: at.start()]} {text[after:]}"


def _zone_at_the_end(text: str, after: int) -> tuple[int, str] | None:
    """Return where a zone begins that stands behind the date, and its name."""
    found = _ENDS_WITH_ZONE.search(text, after)
    if found is None or (found["name"] and _not_a_zone(found["name"])):
        return None
    return found.start(), found["zone"] or found["name"]


def _last_time(text: str) -> re.Match[str] | None:
    """Return the first with a colon, or else any: `13.05.2024 10.30` has its time last."""
    found = [each for each in _TIME.finditer(text) if int(each["h"]) <= 24]
    return next((each for each in found if ":" in each[0]), None) or next(
        (each for each in reversed(found) if "." not in each[0] or _is_dotted_time(text, each)), None
    )


def _is_dotted_time(text: str, found: re.Match[str]) -> bool:
    """Tell whether it is no part of a date with dots: nothing of one follows, and a date is left without it."""
    around = text[: found.start()] + text[found.end() :]
    return bool(re.search(r"\d", around)) and not re.match(r"\.?\s?\d", text[found.end() :])


def _of_half(hour: int, *, late: bool) -> str:
    if not 1 <= hour <= 12:
        return str(hour)  # `13:05 PM` says the same twice
    return str(hour % 12 + (12 if late else 0))


def _not_a_zone(word: str) -> bool:
    """Tell whether it is a month or weekday: they may follow the time too, as in asctime."""
    bare = word.strip("()")
    return bare.isalpha() and (
        month_of(bare) is not None
        or bare[:3].lower() in _WEEKDAYS
        or bare.lower() in ("uhr", "on", "h")
        or bare == "at"
    )
