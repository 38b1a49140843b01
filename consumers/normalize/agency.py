"""The news agency that a text credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consumers.normalize.agency_names import KNOWN, known_agency

_DATELINE: Final = re.compile(
    r"^(?P<place>[^\W\d_][^()—–\n]{1,60}?)?\s*\((?:[^()=\s]{2,12}=)?(?P<agency>[A-Z][A-Za-z ]{1,22}|dpa|sda"
    r"|[^\W\d_a-zA-Z]{3,16}|[^\W\d_a-zA-Z]{1,9}(?: [^\W\d_a-zA-Z]{1,9}){1,2})"
    r"(?:/[^()\s]{2,12})?\)"
    r"\s*\.?(?:[—–:]|--|-(?=\s|[A-ZÀ-Þ]))\s*[^\sa-zß-ÿ]"
)
_SLASHED: Final = re.compile(r"^[^\n/]{2,60}\.\s*/(?P<agency>[^/\s]{3,20})/\s*[.—–-]")
_MONTH: Final = (
    r"(?:jan|feb|fév|fev|fe|mar|mär|mrt|abr|avr|apr|mai|may|maj|jun|jui|jul|lug|ago|aou|aoû|aug|set|sep|oct|okt|out|ott|nov|dec|dez|dic|déc"
    r"|gen|ene|giu|mag)[a-zà-ÿ]{0,8}"
)
_UNDASHED: Final = re.compile(
    rf"^(?P<place>(?:(?:[A-ZÀ-ÞА-ЯЁ\d\[][^\s()]{{0,30}}|(?:{_MONTH}|de|del|of|la|le|upon|am|an|der|on|sur|di|do)[.,]?)\s+){{0,8}})"
    r"\((?P<agency>[^\W\d_][\w .-]{1,22})(?:/[^()\s]{2,12})?\)\s?[.:_=]?[-–—]?\s?[\"“„«'‘]?\s?[^\W\d_a-zß-ÿа-я]"
)
"""Without a dash: `Stockholm (TT) The`, `Berlin. (dpa) Der`, `New Delhi, Feb 1 (PTI) A`."""
_UNSPACED: Final = re.compile(
    r"^[（(]?(?P<agency>新华社|新華社|中新社|中新网|中央社|法新社|路透社|美联社|美聯社|韩联社|韓聯社|共同社)[^\s，。：]{2,24}?[电電讯訊]"
    r"|^【[^】]{0,20}?(?P<bracketed>共同|時事|ロイター|AFP)[^】]{0,4}】|^［[^］]{1,24}\s(?P<reuters>ロイター)］"
    r"|^[(\[][^()\[\]=]{1,12}=(?P<korean>연합뉴스|뉴시스|뉴스1)[)\]]"
)
_RUSSIAN: Final = re.compile(
    r"^[А-ЯЁ][^\n()]{1,40}?\d{1,2}\s[а-яё]{3,9}\.?\s?[-–—.]?\s?(?P<agency>INTERFAX\.RU|РИА Новости|ТАСС|Интерфакс)\s?[.,–—-]"
)
_CREDIT: Final = re.compile(r"^(?:[—–-]{1,2}\s*|\()(?P<agency>[A-Za-z][A-Za-z -]{1,30}?)(?:\)|\s*)\.?$")
_TAIL: Final = re.compile(
    r"(?:\s[—–]\s?(?P<dash>[A-Z][A-Za-z -]{1,30}))$|\((?P<round>[A-Z]{2,6}|Reuters|dpa|Xinhua|Kyodo)\)$"
)
_MOST_BEFORE: Final = 3
_ACRONYM: Final = re.compile(r"^[A-Z]{2,6}$")


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency, and the words that name it."""

    agency: str
    raw: str
    confidence: float
    line_only: bool
    """Whether the last paragraph is nothing but the credit, and so no part of the text."""


def credited_agency(paragraphs: Sequence[str]) -> Credit | None:
    """Return the agency that paragraphs credit: in a dateline at their beginning or a credit at their end.

    `PORT ELM (ABC) —` credits ABC even when ABC is not in the table of `KNOWN` agencies, by its form. At the end, `— Reuters`, `(AP)` and
    the like are believed only for known names, or as a last paragraph of their own with an acronym in it.
    """
    if not paragraphs:
        return None
    dateline = _DATELINE.match(paragraphs[0])
    if dateline and (name := _name(dateline["agency"], acronyms=True)):
        return Credit(
            name,
            dateline[0][:-1].strip(),
            0.95 if dateline["agency"].lower() in KNOWN else 0.8,
            line_only=False,
        )
    if written := _by_its_form(paragraphs[0]):
        return Credit(*written, 0.95, line_only=False)
    later = _later_dateline(paragraphs)
    if later:
        return later
    last = paragraphs[-1]
    alone = _CREDIT.match(last)
    if alone and len(paragraphs) > 1 and (name := _name(alone["agency"], acronyms=True)):
        return Credit(name, last, 0.9, line_only=True)
    tail = _TAIL.search(last)
    if tail and (name := _name(tail["dash"] or tail["round"], acronyms=False)):
        return Credit(name, tail[0].strip(), 0.9, line_only=False)
    return None


def _later_dateline(paragraphs: Sequence[str]) -> Credit | None:
    """Return the known agency of a dateline that a line or two stand before: a summary, a standfirst."""
    for text in paragraphs[1:_MOST_BEFORE]:
        dateline = _DATELINE.match(text)
        if dateline and (name := known_agency(dateline["agency"])):
            return Credit(name, dateline[0][:-1].strip(), 0.9, line_only=False)
        if written := _by_its_form(text):
            return Credit(*written, 0.9, line_only=False)
    return None


def _by_its_form(text: str) -> tuple[str, str] | None:
    """Return the known agency of a dateline without a dash, and the dateline."""
    for form in (_SLASHED, _UNSPACED, _RUSSIAN):
        written = form.match(text)
        if written and (name := known_agency(next(filter(None, written.groups())))):
            return name, written[0]
    undashed = _UNDASHED.match(text)
    name = known_agency(undashed["agency"]) if undashed else None
    if undashed is None or name is None or _introduces(undashed["place"], undashed["agency"]):
        return None
    return name, undashed[0][:-1].strip()


def _introduces(words: str, acronym: str) -> bool:
    """Return whether an acronym is only that of the words before it: `the American Psychological Association (APA)`."""
    initials = "".join(word[0] for word in words.split()).casefold()
    return initials.endswith(acronym.casefold()) or known_agency(words) is not None


def _name(written: str, *, acronyms: bool) -> str | None:
    known = KNOWN.get(written.strip().lower())
    return known or (written.strip() if acronyms and _ACRONYM.match(written.strip()) else None)
