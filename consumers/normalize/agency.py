"""The news agency that a text credits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

KNOWN: Final = {
    "associated press": "AP",
    "the associated press": "AP",
    "ap": "AP",
    "reuters": "Reuters",
    "thomson reuters": "Reuters",
    "agence france-presse": "AFP",
    "afp": "AFP",
    "deutsche presse-agentur": "dpa",
    "dpa": "dpa",
    "press association": "PA",
    "pa media": "PA",
    "pa": "PA",
    "efe": "EFE",
    "ansa": "ANSA",
    "upi": "UPI",
    "xinhua": "Xinhua",
    "kyodo": "Kyodo",
    "kyodo news": "Kyodo",
    "tass": "TASS",
    "interfax": "Interfax",
    "pti": "PTI",
    "ians": "IANS",
    "yonhap": "Yonhap",
    "anadolu agency": "AA",
    "sda": "sda",
    "apa": "APA",
    "belga": "Belga",
    "ani": "ANI",
    "ntb": "NTB",
    "tt": "TT",
    "ritzau": "Ritzau",
    "stt": "STT",
    "lusa": "Lusa",
    "anp": "ANP",
    "keystone-sda": "sda",
    "dpa-infocom": "dpa",
    "the canadian press": "CP",
    "canadian press": "CP",
    "australian associated press": "AAP",
    "europa press": "Europa Press",
    "agencia efe": "EFE",
    "adnkronos": "Adnkronos",
    "agência brasil": "Agência Brasil",
    "pap": "PAP",
    "čtk": "ČTK",
    "mti": "MTI",
    "agerpres": "Agerpres",
    "anadolu ajansı": "AA",
    "anadolu": "AA",
    "ukrinform": "Ukrinform",
    "тасс": "TASS",
    "интерфакс": "Interfax",
    "риа новости": "RIA Novosti",
    "新华社": "Xinhua",
    "時事通信": "Jiji",
    "jiji press": "Jiji",
    "共同通信": "Kyodo",
    "연합뉴스": "Yonhap",
    "وكالة فرانس برس": "AFP",
    "رويترز": "Reuters",
}
"""Name as written, in lower case -> the agency's short name."""

_DATELINE: Final = re.compile(
    r"^(?P<place>[^\W\d_][^()—–\n]{1,60}?)?\s*\((?:[^()=\s]{2,12}=)?(?P<agency>[A-Z][A-Za-z ]{1,22}|dpa|sda|[^\W\d_a-zA-Z]{3,16})"
    r"(?:/[^()\s]{2,12})?\)"
    r"\s*\.?(?:[—–:]|--|-(?=\s|[A-ZÀ-Þ]))\s*[^\sa-zß-ÿ]"
)
_SLASHED: Final = re.compile(r"^[^\n/]{2,60}\.\s*/(?P<agency>[^/\s]{3,20})/\s*[.—–-]")
_XINHUA: Final = re.compile(r"^(?P<agency>新华社)[^\s，。]{2,20}电")
_CREDIT: Final = re.compile(r"^(?:[—–-]{1,2}\s*|\()(?P<agency>[A-Za-z][A-Za-z -]{1,30}?)(?:\)|\s*)\.?$")
_TAIL: Final = re.compile(
    r"(?:\s[—–]\s?(?P<dash>[A-Z][A-Za-z -]{1,30}))$|\((?P<round>[A-Z]{2,6}|Reuters|dpa|Xinhua|Kyodo)\)$"
)
_MOST_BEFORE: Final = 3
_LONGEST_ACRONYM: Final = 4
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
    for form in (_SLASHED, _XINHUA):
        written = form.match(paragraphs[0])
        if written and (name := known_agency(written["agency"])):
            return Credit(name, written[0], 0.95, line_only=False)
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
        dateline = _DATELINE.match(text) or _SLASHED.match(text) or _XINHUA.match(text)
        if dateline and (name := known_agency(dateline["agency"])):
            return Credit(name, dateline[0][:-1].strip(), 0.9, line_only=False)
    return None


def known_agency(byline: str) -> str | None:
    """Return the short name of an agency that a byline consists of, e.g. `AP` for `The Associated Press`."""
    written = byline.strip()
    name = KNOWN.get(written.lower())
    # Ani is a name and ANI an agency.
    short = len(written) <= _LONGEST_ACRONYM and written.isascii()
    return name if name and (not short or written.isupper() or written == name) else None


def _name(written: str, *, acronyms: bool) -> str | None:
    known = KNOWN.get(written.strip().lower())
    return known or (written.strip() if acronyms and _ACRONYM.match(written.strip()) else None)
