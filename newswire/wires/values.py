"""Values that all formats share: status, embargo, versions' times, urgency, codes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from newswire.dates import read_compact, read_iso
from newswire.text.hygiene import line
from newswire.text.logins import without_logins
from newswire.wires.item import WireError, WireItem
from schemas.core.rights import Rights
from schemas.core.wire import Concept, Wire

Status = Literal["usable", "withheld", "canceled"]

_STATUS: Final[dict[str, Status]] = {
    "usable": "usable",
    "embargoed": "usable",  # its time is told beside it; where none is, see `embargo`
    "withheld": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
    "killed": "canceled",
}
_ALIASES: Final = {
    "cv.iptc.org/newscodes/mediatopic": "medtop",
    "cv.iptc.org/newscodes/subjectcode": "subj",
    "cv.iptc.org/newscodes/genre": "genre",
}
"""Address of an IPTC vocabulary without scheme -> its usual alias."""
_MAX_CHARACTERS: Final = 4_000
_MAX_VERSION: Final = 100
_DATE_LINE_WEST: Final = timedelta(hours=12)
_QCODE: Final = re.compile(r"^([A-Za-z][A-Za-z0-9._-]{0,39}):(\S+)$")
_ADDRESS: Final = re.compile(r"^https?://(.+?)/*([^/]+)/*$", re.IGNORECASE)


def status(given: str | None, path: str) -> Status:
    """Return the publication status that a word says, `stat:` before it or not; usable where there is none.

    WireError for any other word: what may not be published must not get out by a typing error.
    """
    word = (given or "").rpartition(":")[2].strip().lower()
    if not word:
        return "usable"
    if word not in _STATUS:
        raise WireError(
            "unknown-status", f"the publication status {word[:40]!r} is not known: {', '.join(_STATUS)}", path
        )
    return _STATUS[word]


def embargo(given: str | None, path: str) -> datetime | None:
    """Return the instant before which an item may not be published; None where nothing is given.

    A time without an offset, or a day, is taken where on earth it comes last (UTC-12): too late rather than too early. WireError
    for what cannot be read.
    """
    text = (given or "").strip()
    if not text:
        return None
    found, certain = _read(text)
    if found is None:
        raise WireError(
            "unreadable-embargo",
            f"{text[:60]!r} is no time that can be read: write it as 2031-01-01T00:00:00Z",
            path,
        )
    return found if certain else found + _DATE_LINE_WEST


def created(given: str | None) -> datetime | None:
    """Return when a version was made; a time without an offset is taken as UTC. None where it cannot be read: versions then lack it."""
    return _read((given or "").strip())[0]


def _read(text: str) -> tuple[datetime | None, bool]:
    """Return an instant, and whether its offset from UTC was given; without one it is taken as UTC."""
    try:
        exact = datetime.fromisoformat(text)
    except ValueError:
        return _read_otherwise(text)
    try:
        return (exact.replace(tzinfo=UTC), False) if exact.tzinfo is None else (exact.astimezone(UTC), True)
    except OverflowError:  # an offset that leads out of the years there are
        return None, False


def _read_otherwise(text: str) -> tuple[datetime | None, bool]:
    try:
        moment = read_iso(text) or read_compact(text)
    except (ValueError, OverflowError):
        return None, False
    if moment is None:
        return None, False
    return moment.value, moment.note is None and moment.precision != "day"


def urgency(given: object) -> int | None:
    """Return the urgency from 1 to 9; None for anything else."""
    text = str(given).strip() if isinstance(given, int | str) and not isinstance(given, bool) else ""
    return int(text) if len(text) == 1 and text in "123456789" else None


def concept(
    *, name: str | None = None, code: str | None = None, scheme: str | None = None, uri: str | None = None
) -> Concept | None:
    """Return a concept out of what a format gives of it: a qcode is parted into scheme and code, and so is an address. None for nothing."""
    code, scheme, name = ((text or "").strip() or None for text in (code, scheme, name))
    address = _ADDRESS.match((uri or code or "").strip())
    qcode = _QCODE.match(code or "")
    if address:
        scheme, code = alias(address[1]), address[2]
    elif qcode:
        scheme, code = qcode[1], qcode[2]
    elif scheme:
        scheme = alias(scheme)
    return Concept(scheme=scheme, code=code, name=name) if code or name else None


def alias(scheme: str) -> str:
    """Return the usual alias of an IPTC vocabulary's address; any other address as it is, without a slash at its end."""
    bare = re.sub(r"^https?://", "", scheme, flags=re.IGNORECASE).rstrip("/")
    known = _ALIASES.get(bare.lower())
    return known or (scheme.rstrip("/") if "://" in scheme else bare)


def tidy(item: WireItem) -> WireItem:
    """Return an item whose metadata is single lines of repaired text, of at most 4,000 characters each, without logins of addresses.

    WireError (`unreadable-version`) where the version has more than 100 characters: cut, it would be another one.
    """
    if len(item.wire.version or "") > _MAX_VERSION:
        raise WireError(
            "unreadable-version",
            f"the version has {len(item.wire.version or ''):,} characters, where {_MAX_VERSION} are the most: send its number",
        )
    return replace(
        item,
        wire=Wire.model_validate(_tidied(item.wire.model_dump())),
        rights=Rights.model_validate(_tidied(item.rights.model_dump())),
    )


def _tidied(value: Any) -> Any:
    if isinstance(value, str):
        return without_logins(line(value)[:_MAX_CHARACTERS]) or None
    if isinstance(value, dict):
        return {name: _tidied(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [tidied for inner in value if (tidied := _tidied(inner)) is not None]
    return value
