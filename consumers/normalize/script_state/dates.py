"""When an article was published and changed, by the object that a state has of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

DateField = Literal["published_at", "modified_at"]

_WHOSE: Final = r"(?:article|content|document|entry|news|page|post|seo|story|web)?"
_HOW: Final = r"(?:utc|gmt|iso(?:8601)?|unix|epoch|timestamp|ms|millis)"
_WHEN: Final = rf"(?:(?:at|on|online|date|time|datetime|timestamp|ts|dt){_HOW}?|{_HOW})"
_FIRST: Final = re.compile(
    rf"{_WHOSE}(?:date)?(?:first|original(?:ly)?|initial(?:ly)?)(?:publi(?:shed|sh|cation)|pub){_WHEN}?"
)
_PUBLISHED: Final = re.compile(
    rf"{_WHOSE}(?:published{_WHEN}?|(?:publish|publication|pub|pblsh|deploy){_WHEN}|date(?:of)?(?:published|publish|publication|pub))"
    r"|(?:post)?dategmt|postdate|dateissued|issuedat"
    r"|fecha(?:de)?publicacion|data(?:de)?publicacao|data(?:di)?pubblicazione|datapublikacji|publicatiedatum|publiceringsdatum|publiseringsdato"
    r"|ver(?:ö|oe?)ffentlichungsdatum|ver(?:ö|oe?)ffentlicht(?:am)?|erscheinungsdatum"
)
_MODIFIED: Final = re.compile(
    rf"{_WHOSE}(?:(?:last)?(?:modified|edited){_WHEN}?|(?:last)?(?:modification|mod|redeploy){_WHEN}"
    rf"|lastupdate(?:d{_WHEN}|d|{_WHEN})?|update{_WHEN}|updated(?!at){_WHEN}?"
    r"|date(?:of)?(?:last)?(?:content)?(?:modified|modification|updated?|edited))"
    r"|fecha(?:de)?(?:modificacion|actualizacion)|data(?:de)?(?:modificacao|atualizacao)|data(?:di)?(?:modifica|aggiornamento)|datamodyfikacji"
)
"""Not `updatedAt`: that is a column which many frameworks set whenever anything touches a record, as `createdAt` is when it was made."""
_NOT_IN_NAMES: Final = re.compile(r"\(.*|[-_\s.:]", re.DOTALL)
"""Arguments (`publishedAt({"zone":"UTC"})`, as Apollo keeps them) and what stands between words."""
_IN_UTC: Final = re.compile(r"(?:gmt|utc)$")
_HOLDERS: Final = re.compile(
    r"dates?|times?|timestamps?|meta(?:data|info)?|seo(?:data)?|head|header(?:props|data)?|fields|attributes|properties"
    r"|publi(?:shing|cation|sh)(?:info)?"
)
"""Keys of objects within an article's that may say when it was published, and not when something in it was."""
_INNER: Final = ("$date", "iso", "json", "utc", "timestamp", "unix", "seconds", "_seconds")
"""Keys of a date that is an object."""
_NO_OFFSET: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
_MOMENT: Final = re.compile(
    r"\d{9,10}(?:\d{3})?(?:\.\d+)?|.*\d{2}:?\d{2}.*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\b.*", re.IGNORECASE
)
_TIME: Final = re.compile(r"\d:\d{2}|\dT\d{4}")
_YEAR: Final = re.compile(r"(?:1[6-9]|20)\d{2}|\d{9}")
_NO_DATE: Final = re.compile(r"(?:0001|1753|1900|1970)-01-01|1899-12-3[01]")
"""Days that programs write where they have no date."""
_LONGEST: Final = 60
_MOST: Final = 3
_MOST_KEYS: Final = 500


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date of an article in a state."""

    field: DateField
    raw: str
    """As written, with the state's name and the key before it."""
    value: str
    """The date alone, with the offset from UTC where its key says it (`date_gmt`)."""


def stated_dates(name: str, node: dict[Any, Any]) -> list[StatedDate]:
    """Return when an article was published and changed, by its object in the state of that name.

    Only keys that mean nothing else are read (`publishedAt`, `first_publish_date`, `date_gmt`, `lastModified` …), in the object or in one
    right within it that is about it (`dates`, `metadata`, `seo`); not `date`, `createdAt` and `updatedAt`. Of each field three at most, the
    most believed first: what is called the first publication, then what has an offset from UTC, a time, a day.
    """
    ranked: list[tuple[int, int, StatedDate]] = []
    for key, plain, member in _members(node):
        which = _which(plain)
        text = _text(member) if which else None
        if which and text:
            value = f"{text}Z" if _IN_UTC.search(plain) and _NO_OFFSET.fullmatch(text) else text
            form = 0 if _MOMENT.fullmatch(value) else 1 if _TIME.search(value) else 2
            ranked.append((which[0], form, StatedDate(which[1], f"{name}: {key}: {text}", value)))
    ranked.sort(key=lambda each: each[:2])
    found: dict[tuple[DateField, str], StatedDate] = {}
    for _, _, each in ranked:
        found.setdefault((each.field, each.value), each)
    return [
        each
        for field in ("published_at", "modified_at")
        for each in [own for own in found.values() if own.field == field][:_MOST]
    ]


def _members(node: dict[Any, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield key, its letters and value of an object and of those within it that are about it."""
    holders = []
    for key, plain, member in _named(node):
        yield key, plain, member
        if isinstance(member, dict) and _HOLDERS.fullmatch(plain):
            holders.append((key, member))
    for key, holder in holders:
        for inner, plain, member in _named(holder):
            yield f"{key}.{inner}", plain, member


def _named(node: dict[Any, Any]) -> Iterator[tuple[str, str, Any]]:
    for key, member in islice(node.items(), _MOST_KEYS):
        if (
            isinstance(key, str) and len(key) <= _LONGEST and not key.startswith("_")
        ):  # those are the system's own
            yield key, _NOT_IN_NAMES.sub("", key).lower(), member


def _which(plain: str) -> tuple[int, DateField] | None:
    if _FIRST.fullmatch(plain):
        return 0, "published_at"
    if _PUBLISHED.fullmatch(plain):
        return 1, "published_at"
    return (0, "modified_at") if _MODIFIED.fullmatch(plain) else None


def _text(value: Any) -> str | None:
    """Return a date as text; None for what is none at first sight."""
    is_object = isinstance(value, dict)
    if is_object:
        value = next((value[key] for key in _INNER if key in value), None)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    text = str(value).strip()
    if len(text) > _LONGEST or not _YEAR.search(text) or _NO_DATE.match(text):
        return None
    return None if is_object and not _MOMENT.fullmatch(text) else text
