"""Dates that a page shows to its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

from lxml import etree
from lxml.html import HtmlElement

from newswire.text.hygiene import line
from newswire.written_dates.months import month_of

Shown = tuple[Literal["published_at", "modified_at"], str, float]
"""Field, the date as written, and how sure it is."""

ELSEWHERE: Final = re.compile(
    r"relat|comment|sidebar|recommend|teaser|promo|widget|most-|caption|popular|latest|trending|newsfeed|ticker|footer|copyright"
    r"|(?:^|[ _-])(?:nav|menu|more|next|prev)",
    re.IGNORECASE,
)
"""Class or id of what holds other articles, comments and the like."""
CHANGED: Final = re.compile(
    r"updat|modif|edited|lastchanged|aktualisier|geändert|stand:|mis à jour|actualiza|atualiza|aggiorna|bijgewerkt|gewijzigd"
    r"|uppdatera|oppdater|opdater|päivitet|zaktualiz|aktualiz|обновл|оновл|güncel|更新|수정|تحديث|עודכן",
    re.IGNORECASE,
)
"""Words that stand before a date of change."""
_CALLED_DATE: Final = re.compile(
    r"date|datum|fecha|publi|posted|pubtime|time-?stamp|byline|dateline|created|(?:^|[ _-])(?:time|meta|metadata|data|info)(?:$|[ _-])",
    re.IGNORECASE,
)
_NOT_DATE: Final = re.compile(r"candidate|validate|mandate|event|expir", re.IGNORECASE)
_MACHINE: Final = re.compile(r"^data-[\w-]*(?:date|time|publi)", re.IGNORECASE)
_MACHINE_DATE: Final = re.compile(
    r"^(?:(?:19|20)\d{2}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.{0,20})?|1\d{9}(?:\d{3})?)$"
)
_MONTH: Final = r"[^\W\d_]{3,14}"
_YEAR: Final = r"(?:19|20)\d{2}(?!\d)"
_TIME: Final = (
    r"(?:[\s,|·•–-]{1,4}(?:(?:at|um|à|kl\.?|klo|alle|a las|às|ore|о|в|om|o)\s)?\s?\d{1,2}[:.hH]\d{2}(?!\d)(?::\d{2})?"
    r"(?:\s?[ap]\.?\s?m\b\.?)?"
    r"(?:\s?(?:uhr|h\b))?(?:\s?(?:\(?(?:UTC|GMT|Z|[A-Z]{2,4}T|MEZ|MESZ|MSK)\b\)?(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}))?)?"
)
_DATE: Final = re.compile(
    r"(?<![\w/.-])(?:"
    rf"(?:19|20)\d{{2}}[-/](?:0?[1-9]|1[0-2])[-/](?:0?[1-9]|[12]\d|3[01])(?!\d){_TIME}"
    r"|(?:19|20)\d{2}\.\s?(?:0?[1-9]|1[0-2])\.\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?[\s-](?:de |of |d')?"
    rf"(?P<month>{_MONTH})\.?,?[\s-](?:de |del )?{_YEAR}(?:\s?(?:г|р)\.)?{_TIME}"
    rf"|(?P<month2>{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}{_TIME}"
    rf"|\d{{1,2}}\.\s?\d{{1,2}}\.\s?{_YEAR}{_TIME}"
    r"|\d{1,2}\.\d{1,2}\.\d{2}(?![\d.])"
    rf"|\d{{1,2}}[/-]\d{{1,2}}[/-]{_YEAR}{_TIME}"
    r"|(?:19|20)\d{2}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r")",
    re.IGNORECASE,
)
_TIME_BEFORE: Final = re.compile(
    r"(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?(?:\s?uhr)?"
    r"(?:\s?\(?(?:UTC|GMT|[A-Z]{1,3}T|MEZ|MESZ|MSK)\b\)?)?,?\s(?:(?:on|am|le|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s){0,2}$",
    re.IGNORECASE,
)
"""A time of day before its date: `3:15 PM EST, March 5, 2024`."""
_CHANGED_BEFORE: Final = re.compile(rf"(?:{CHANGED.pattern})\w*\W*(?:\w+\W+){{0,2}}$", re.IGNORECASE)
_MAY_BE: Final = re.compile(r"(?:19|20)\d{2}|\d\.\d{1,2}\.\d{2}")
_NEVER: Final = ("script", "style", "template", "noscript", "svg", "select")
_AT_END: Final = re.compile(r"[|–—»·-]\s*$")
_LONGEST: Final = 200  # characters of what stands around a date
_DATELINE: Final = 40  # of a longer text only its beginning
_FURTHEST: Final = 400  # elements between the main heading and a date that no class calls one
_MOST: Final = 100


def shown_dates(tree: HtmlElement) -> list[Shown]:
    """Return the absolute dates that are shown, those nearest to the main heading first.

    They stand in short texts, or begin longer ones. A class or id that calls an element a date counts as being four times nearer, standing
    before the heading as three times further, and standing among other articles, comments or navigation as eight times. What follows a word
    for an update is a date of change.
    """
    found: list[tuple[int, float, Shown]] = []
    heading: int | None = None
    first = next(tree.iter("h1"), None)
    around = (
        set(first.iterancestors()) if first is not None else set()
    )  # classes of these are about the whole page
    elsewhere: HtmlElement | None = None
    walk = etree.iterwalk(tree, events=("start", "end"))
    at = 0
    for event, element in walk:
        if event == "end":
            elsewhere = None if element is elsewhere else elsewhere
            if tail := element.tail:
                found += ((at, _weight(False, elsewhere), shown) for shown in _of_text(tail))
            continue
        at += 1
        if len(found) >= _MOST:
            break
        if element.tag in _NEVER or (element.tag == "blockquote" and element not in around):
            walk.skip_subtree()  # a quotation, or a post of a network, has the date of somebody else
            continue
        if element is first:
            heading = at
        attributes = element.attrib
        called = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else " "
        if elsewhere is None and _leads_elsewhere(element, called) and element not in around:
            elsewhere = element
        is_date = _is_called_date(called)
        if attributes:
            found += ((at, _weight(True, elsewhere), shown) for shown in _of_attributes(element))
        if is_date:
            found += ((at, _weight(True, elsewhere), shown) for shown in _of_text(_short_text(element)))
        if text := element.text:
            found += ((at, _weight(is_date, elsewhere), shown) for shown in _of_text(text))
    near = [(_distance(at, heading) * weight, weight, shown) for at, weight, shown in found]
    ranked = sorted((each for each in near if each[1] < 1 or each[0] <= _FURTHEST), key=lambda each: each[0])
    shown = [
        (field, raw, confidence if weight <= 1 else 0.3) for _, weight, (field, raw, confidence) in ranked
    ]
    return [*_of_title(tree), *shown]


def dates_in(text: str) -> Iterator[tuple[Literal["published_at", "modified_at"], str]]:
    """Yield each date in a text, as written, with the field that it is for."""
    for found in _DATE.finditer(text):
        if not _is_other_word(found):
            before = text[max(0, found.start() - 60) : found.start()]
            time = _TIME_BEFORE.search(before)
            changed = _CHANGED_BEFORE.search(before[: time.start()] if time else before)
            raw = f"{time[0] if time else ''}{found[0]}"
            yield ("modified_at" if changed else "published_at"), raw.strip(" ,|·•–-")


def without_dates(text: str) -> str:
    """Return a text without its dates, each with the time of day before or behind it."""
    return _DATE.sub(lambda found: found[0] if _is_other_word(found) else " ", text)


def _is_other_word(found: re.Match[str]) -> bool:
    word = found["month"] or found["month2"]
    return word is not None and month_of(word) is None


def _leads_elsewhere(element: HtmlElement, called: str) -> bool:
    if element.tag == "a":  # a link with a heading or picture in it leads to another article
        return next(element.iter("h2", "h3", "h4", "img"), None) is not None
    return element.tag in ("aside", "nav", "footer", "figure") or (
        element.tag not in ("html", "body") and _is_called_elsewhere(called)
    )


@lru_cache(maxsize=4_096)
def _is_called_elsewhere(called: str) -> bool:
    return bool(ELSEWHERE.search(called))


@lru_cache(maxsize=4_096)
def _is_called_date(called: str) -> bool:
    return bool(_CALLED_DATE.search(called) and not _NOT_DATE.search(called))


def _weight(is_date: bool, elsewhere: HtmlElement | None) -> float:
    return (0.25 if is_date else 1.0) * (8 if elsewhere is not None else 1)


def _of_text(text: str | None) -> Iterator[Shown]:
    if text and _MAY_BE.search(text, 0, 2 * _LONGEST):
        text = line(text[: 2 * _LONGEST])
        for field, raw in dates_in(text if len(text) <= _LONGEST else text[:_DATELINE]):
            yield field, raw, 0.5


def _of_title(tree: HtmlElement) -> Iterator[Shown]:
    """Yield the date that a page's title ends with, behind a bar or dash."""
    title = next(tree.iter("title"), None)
    text = line(title.text or "")[-60:] if title is not None else ""
    for field, raw in dates_in(text):
        if text.endswith(raw) and _AT_END.search(text[: -len(raw)]):
            yield field, raw, 0.5


def _of_attributes(element: HtmlElement) -> Iterator[Shown]:
    for name, value in element.items():
        if not name.startswith(("data-", "title")):
            continue
        named = _MACHINE.match(name) or (name == "title" and element.tag == "abbr")  # as hAtom has it
        if named and _MACHINE_DATE.match(value.strip()):
            yield ("modified_at" if CHANGED.search(name) else "published_at"), value.strip(), 0.5


def _short_text(element: HtmlElement) -> str | None:
    """Return all text in an element; None when it is long, or in one piece, which is read as such."""
    parts: list[str] = []
    size = 0
    for part in element.itertext():
        size += len(part.strip())
        if size > _LONGEST:
            return None
        parts.append(part)
    return " ".join(parts) if len(parts) > 1 else None


def _distance(at: int, heading: int | None) -> int:
    if heading is None:
        return at
    return at - heading if at >= heading else 3 * (heading - at)
