"""Time zones as people write them: offsets in every form, and the abbreviations that mean one thing in practice."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newswire.dates import MAX_OFFSET, MIN_OFFSET

_HOURS: Final[dict[str, float]] = {
    "z": 0, "00": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1,
    "cet": 1, "met": 1, "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4, "trt": 3,
    "sast": 2, "cat": 2, "wat": 1, "eat": 3, "ist": 5.5, "pkt": 5, "npt": 5.75, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "pht": 8, "awst": 8,
    "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "nst": -3.5, "ndt": -2.5, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "brst": -2, "art": -3, "clt": -4, "clst": -3,
}  # fmt: skip
"""Abbreviation -> hours east of UTC. Those of RFC 822 as it has them; of the others the reading that is common in news (IST is India's)."""
_PLACES: Final = {
    "at": "America/Halifax",
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
"""Without saying whether it is summer."""
_OFFSET: Final = re.compile(
    r"(?:(?:utc|gmt|ut|z)\s*)?([+\-−–])\s*(?:0(?=\d{2}[:.]))?(\d{1,2})(?:[:.]?(\d{2})(?::?\d{2})?)?$",
    re.IGNORECASE,
)
"""The hours may have a zero too many (`-010:00`): read as ten minutes, they would be wrong by half a day."""
_NAMED_OFFSET: Final = re.compile(r"[A-Za-z]{2,5}\s*([+\-−–])(\d{2}):?(\d{2})$")
_THREE_DIGITS: Final = re.compile(r"(?:(?:utc|gmt|ut|z)\s*)?([+\-−–])\s*(\d)(\d{2})$", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\s*\([^()]*\)")
_PLACE: Final = re.compile(r"[A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?$")


def offset_of(zone: str, local: datetime) -> timedelta | None:
    """Return how far east of UTC a zone is at that local time; None when the words say nothing that is known.

    Read: `+0200`, `+02:00`, `+2`, `-700`, `GMT+2`, `EST`, `ET`, `Europe/Paris`; of several the offset (`-0500 (EST)`, `EST -0500`).
    ValueError when an offset is given that no place has: then the time cannot be known.
    """
    text = _BRACKETED.sub("", zone).strip() or zone.strip().strip("()")
    if not text:
        return None
    if text == "-0000":  # RFC 5322: UTC, and where it was written is not said
        return timedelta()
    parts = (text, *reversed(text.split()))
    numeric = next((found for found in map(_numeric, parts) if found is not None), None)
    if numeric is not None:
        return numeric
    return next((found for found in (_named(words, local) for words in parts) if found is not None), None)


def _numeric(words: str) -> timedelta | None:
    found = _THREE_DIGITS.match(words) or _OFFSET.match(words) or _NAMED_OFFSET.match(words)
    if found is None:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    offset = size if found[1] == "+" else -size
    if not MIN_OFFSET <= offset <= MAX_OFFSET or int(found[3] or 0) > 59:
        raise ValueError("no place on earth has that offset from UTC")
    return offset


def _named(words: str, local: datetime) -> timedelta | None:
    name = words.rstrip(".").lower()
    if name in _HOURS:
        return timedelta(hours=_HOURS[name])
    place = _PLACES.get(name) or (words if _PLACE.match(words) else None)
    if place is None:
        return None
    try:
        return local.replace(tzinfo=ZoneInfo(place)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
