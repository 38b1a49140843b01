"""Lines at either end of a text that say who wrote it, and are no part of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from consumers.normalize.agency_names import known_agency
from consumers.normalize.bylines import byline_parts, is_desk, is_full_name, is_organisation, read_bylines
from consumers.normalize.closing_lines import is_closing, is_rule
from consumers.normalize.date_line import date_line
from consumers.normalize.extraction import Candidate
from consumers.normalize.picture_credits import agencies_of_text, is_picture_credit
from consumers.normalize.visible_dates import without_dates
from schemas.normalized.model import Section

_LONGEST: Final = 400
_LONGEST_BYLINE: Final = 120
_MOST_FIRST: Final = 3
_MOST_LAST: Final = 3
_MOST_CLOSING: Final = 4
_BY: Final = re.compile(
    r"^(?:(?:By|BY|Von|VON|von|Par|PAR|Por|POR|Di|Door|Af|Av|От|(?i:posted|published|written|reported|story|words|text) by)\s+"
    r"|(?i:text|autor(?:in)?|auteur|автор|текст)\s?:\s*)[^\W\d_]"
)
_WHEN: Final = re.compile(r"(?:[\s,|·•–-]++(?:on|at|am|um|le|à|el|il|published|posted)?+)++$", re.IGNORECASE)
"""Possessive: there is one way to part a run of dashes and spaces, and a line of them is read at once."""
_SIGNATURE: Final = re.compile(
    r"^[(\[]?(?P<korean>[가-힣]{2,4}) ?(?:선임기자|기자|특파원)(?: ?=)?(?:\s*[(<]?[\w.+-]+@[\w.-]+[)>]?)?[)\]]?$"
    r"|^[（(〔【\[]?(?:記者|记者)[:： ]?(?P<chinese>[\u4e00-\u9fff]{2,4}) ?[／/][\u4e00-\u9fff／/ ]{2,12}[）)〕】\]]?$"
    r"|^[（(]?文[／/:：|丨] ?(?P<text>[\u4e00-\u9fff]{2,4})[）)]?$"
)
_WORK: Final = (
    r"(?:reporting|writing|editing|compiled|compilation|production|produced|research|graphics?|photography|translat(?:ed|ion)|interviews?"
    r"|edited|written|reported)"
)
_OPEN: Final = r"^[(\[—–\s-]*"
_CONTRIBUTED: Final = re.compile(
    rf"{_OPEN}(?:(?:additional|further|with|original) )*{_WORK}(?:(?:,| and| &) (?:additional )?{_WORK})* (?:was |were )?(?:by|from|with)\b"
    r"|\bcontributed (?:to (?:this|the) (?:report|story|article|piece|reporting)|reporting\b)"
    r"|^[A-Z][\w.’'-]+(?:(?:,| and|, and)? [A-Z][\w.’'-]+){0,9} reported from [A-Z]"
    rf"|{_OPEN}(?:with|mit|avec|con|com|met|med) (?:files|additional|reporting|inputs?|material|agenturmaterial|agencies|agenturen|agences?"
    r"|informaci[oó]n|informaç(?:ão|ões)|agencias|agências|information from|information von)\b"
    r"|^[(\[]*(?:mitarbeit|mitwirkung|redaktion|bearbeit(?:et|ung)|reportage|rédigé|édité|reporte|redacción|editado|edição|reportagem|tekst|foto)"
    r"\b\s*(?::|de |por |par |von )"
    r"|^(?:source|quelle|fuente|fonte|bron|källa|kilde|kaynak|источник)s?\s?:\s?"
    r"|^this (?:report|story|content) by .{2,60} was first published\b|^our standards: the thomson reuters trust principles"
    r"|^[(\[]*(?:except for the headline, )?this (?:story|article|report|copy) (?:has not been|was not|is not|has been|is|was) .{0,120}"
    r"\b(?:syndicated|auto[- ]generated|agency feed|wire (?:feed|service|agency))\b",
    re.IGNORECASE,
)
_REPORTED: Final = re.compile(
    r"^[(\[]*(?:reporting|reported|written|writing|reporting and writing|reportage|reporte|reportagem)(?: and writing)?"
    r" (?:by|de|por|par) (?P<names>[^;.]{3,200})",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(r"^[(\[]?[\w.äöüÄÖÜ-]{2,16}(?:\s?/\s?[\w.äöüÄÖÜ-]{2,16}){1,3}[)\]]?$")
_WITH: Final = re.compile(
    r"^[(\[—–\s-]*(?:(?:[^\W\d_][\w.’'-]*\s){1,3})?(?:with|avec|mit|con|com|met|med)\s(?P<agencies>[^()\[\]]{2,60}?)[)\].]*$",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\s?[,/&]\s?|\s(?:and|und|et|y|e|og|och|en)\s")
_COPYRIGHT: Final = re.compile(r"^(?:[(\[]?©\s?|\(c\)\s|copyright\s).{0,160}$|^dpa:\d{6}-", re.IGNORECASE)
_NOBODY: Final = "is no person"
_NOT_BYLINE: Final = "contributes, without being in the byline"


@dataclass(frozen=True, slots=True)
class Credits:
    """A text without its credits, and what they say."""

    sections: tuple[Section, ...]
    """The text."""
    authors: tuple[Candidate, ...] = ()
    """People that they name; those who only contributed are refused, so that they are told of and not taken."""
    agency: Candidate | None = None
    """The agency that they name, by its short name."""


def read_credits(sections: tuple[Section, ...], beside: Sequence[str] = ()) -> Credits:
    """Return what a first line `By Ada Quill` and last lines such as `Reporting by …; Editing by …` or `With files from …` say.

    They leave the text, unless nothing else is in it. One of the first two lines, or a first heading, goes only when all of it are names,
    of people, desks or agencies; of the last three lines, not counting appeals, those that have the form of a credit. A dateline stays: its
    place is news. One of the first three lines that says nothing but when it was published, and by whom, goes too. `beside` are lines that
    stood next to the text and were not taken for it: what they credit counts.
    """
    if any(
        section.post_id for section in sections
    ):  # the first and the last post of a live blog are no ends of a text
        return Credits(sections)
    paragraphs = [text for section in sections for text in section.paragraphs]
    sections, headed = _without_byline_heading(sections)
    dated = _dated(paragraphs)
    rest = [number for number in range(len(paragraphs)) if number not in dated]
    place, first = _first([paragraphs[number] for number in rest])
    bylined = {rest[place]} if first else set()
    ends = [number for number in rest if number not in bylined]
    gone = _last(paragraphs, ends)
    last = [paragraphs[number] for number in sorted(gone, reverse=True)]
    gone |= bylined | dated.keys()
    authors = [*headed, *first]
    agency = next((Candidate(name, "text", 0.9, raw=raw) for name, raw in dated.values() if name), None)
    for text in (*last, *(each for each in beside if len(each) <= _LONGEST and _is_credit(each))):
        named = next(agencies_of_text(text), None)
        if named and agency is None:
            agency = Candidate(named, "heuristic", 0.9, raw=text)
        reported = _REPORTED.match(text)
        if reported:
            names = (name for name in read_bylines([reported["names"]]) if is_full_name(name))
            authors += [Candidate(name, "text", 0.8, raw=text) for name in names]
        elif text in last and (name := _signer(text)):
            authors.append(Candidate(name, "text", 0.8, raw=text))
        elif text in last and _CONTRIBUTED.search(text):
            authors.append(Candidate(text, "text", 0.5, refused=_NOT_BYLINE))
    return Credits(_without(sections, gone), tuple(authors), agency)


def _without_byline_heading(
    sections: tuple[Section, ...],
) -> tuple[tuple[Section, ...], tuple[Candidate, ...]]:
    """Return the sections with no byline for a first heading: plain text has none that is marked as a paragraph."""
    heading = sections[0].heading if sections else None
    names = _byline(heading) if heading else ()
    if not names:
        return sections, ()
    return (sections[0].model_copy(update={"heading": None}), *sections[1:]), names


def _first(paragraphs: list[str]) -> tuple[int, tuple[Candidate, ...]]:
    """Return which of the first two paragraphs is a byline, and its names."""
    for place, text in enumerate(paragraphs[: min(2, len(paragraphs) - 1)]):
        if names := _byline(text):
            return place, names
    return 0, ()


def _byline(text: str) -> tuple[Candidate, ...]:
    if len(text) > _LONGEST_BYLINE:
        return ()
    if signer := _signer(text):
        return (Candidate(signer, "text", 0.8, raw=text),)
    if not _BY.match(text):
        return ()
    names = _WHEN.sub("", without_dates(text))
    if names.endswith((".", "?", "!", "…")):
        return ()
    parts = byline_parts([names])
    other = [part for part in parts if is_desk(part) or is_organisation(part)]
    if not parts or not all(part in other or is_full_name(part) or known_agency(part) for part in parts):
        return ()
    return tuple(
        Candidate(part, "text", 0.8, raw=text, refused=_NOBODY if part in other else None) for part in parts
    )


def _signer(text: str) -> str | None:
    """Return the name in a line that is a reporter's signature, as in Korea and China."""
    signed = _SIGNATURE.match(text) if len(text) <= _LONGEST_BYLINE else None
    return next(filter(None, signed.groups())) if signed else None


def _dated(paragraphs: list[str]) -> dict[int, tuple[str | None, str]]:
    """Return which of the first paragraphs say only when it was published, with the agency that they give as its source."""
    found: dict[int, tuple[str | None, str]] = {}
    for number, text in enumerate(paragraphs[: min(_MOST_FIRST, len(paragraphs) - 1)]):
        line = date_line(text)
        if line is not None:
            found[number] = known_agency(line[0]) if line[0] else None, text
    return found


def _last(paragraphs: list[str], places: list[int]) -> set[int]:
    """Return the places of credits at the end, and of rules beside them; one paragraph is always left.

    Before appeals and rules, of which a few are passed over, they are looked for too.
    """
    gone: set[int] = set()
    rules: set[int] = set()
    closing = credited = 0
    for place in reversed(places[1:]):
        text = paragraphs[place]
        if is_closing(text) and closing < _MOST_CLOSING:
            closing += 1
            rules |= {place} if is_rule(text) else set()
        elif credited < _MOST_LAST and len(text) <= _LONGEST and _is_credit(text):
            credited += 1
            gone.add(place)
        else:
            break
    return gone | (rules if gone else set())


def _is_credit(text: str) -> bool:
    if _CONTRIBUTED.search(text):
        return len(text) <= _LONGEST and text.count(". ") <= 3
    if _signer(text):
        return True
    if _SIGNED.match(text):
        return any(known_agency(part) for part in re.split(r"\s?/\s?", text.strip("()[]")))
    parts = text.strip("()[]").split("-")  # TT-Reuters
    if is_picture_credit(text) or (len(parts) > 1 and all(map(known_agency, parts))):
        return True
    credited = _WITH.match(text)
    if credited and all(map(known_agency, _AND.split(credited["agencies"].removeprefix("the ")))):
        return True
    return bool(_COPYRIGHT.match(text)) or known_agency(text.strip("()[]—–- .")) is not None


def _without(sections: tuple[Section, ...], gone: set[int]) -> tuple[Section, ...]:
    """Return the sections without the paragraphs of those numbers, and without what is empty then."""
    numbers = itertools.count()
    texts = [[text for text in section.paragraphs if next(numbers) not in gone] for section in sections]
    return tuple(
        section.model_copy(update={"paragraphs": tuple(own)})
        for section, own in zip(sections, texts, strict=True)
        if own
    )
