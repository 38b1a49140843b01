"""Lines at either end of a text that say who wrote it, and are no part of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from consumers.normalize.agency import KNOWN, known_agency
from consumers.normalize.bylines import byline_parts, is_desk, is_full_name, is_organisation, read_bylines
from consumers.normalize.extraction import Candidate
from schemas.normalized.model import Section

_LONGEST: Final = 400
_LONGEST_BYLINE: Final = 120
_MOST_LAST: Final = 3
_BY: Final = re.compile(r"^(?:By|BY|Von|VON|von|Par|Por|Door|Af|Av|Text:|Autor:|Автор:|От)\s+[^\W\d_]")
_WORK: Final = (
    r"(?:reporting|writing|editing|compiled|compilation|production|produced|research|graphics?|photography|translat(?:ed|ion)|interviews?"
    r"|edited|written|reported)"
)
_CONTRIBUTED: Final = re.compile(
    rf"^[(\[]*(?:(?:additional|further|with|original) )*{_WORK}(?:(?:,| and| &) (?:additional )?{_WORK})* (?:was |were )?(?:by|from|with)\b"
    r"|\bcontributed (?:to (?:this|the) (?:report|story|article|piece|reporting)|reporting\b)"
    r"|^[A-Z][\w.’'-]+(?:(?:,| and|, and)? [A-Z][\w.’'-]+){0,9} reported from [A-Z]"
    r"|^[(\[]*(?:with|mit|avec|con|com|met|med) (?:files|additional|reporting|inputs?|material|agenturmaterial|agencies|agenturen|agences?"
    r"|informaci[oó]n|informaç(?:ão|ões)|agencias|agências|information from|information von)\b"
    r"|^[(\[]*(?:mitarbeit|mitwirkung|redaktion|bearbeit(?:et|ung)|reportage|rédigé|édité|reporte|redacción|editado|edição|reportagem|tekst|foto)"
    r"\b\s*(?::|de |por |par |von )"
    r"|^(?:source|quelle|fuente|fonte|bron|källa|kilde|kaynak|источник)s?\s?:\s?",
    re.IGNORECASE,
)
_REPORTED: Final = re.compile(
    r"^[(\[]*(?:reporting|reported|written|writing|reporting and writing|reportage|reporte|reportagem)(?: and writing)?"
    r" (?:by|de|por|par) (?P<names>[^;.]{3,200})",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(r"^[(\[]?[\w.äöüÄÖÜ-]{2,16}(?:\s?/\s?[\w.äöüÄÖÜ-]{2,16}){1,3}[)\]]?$")
_COPYRIGHT: Final = re.compile(r"^(?:©|\(c\)|copyright)\s.{0,160}$", re.IGNORECASE)
_KNOWN: Final = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(KNOWN, key=len, reverse=True)))})(?!\w)", re.IGNORECASE
)
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


def read_credits(sections: tuple[Section, ...]) -> Credits:
    """Return what a first line `By Ada Quill` and last lines such as `Reporting by …; Editing by …` or `With files from …` say.

    They leave the text, unless nothing else is in it. One of the first two lines, or a first heading, goes only when all of it are names,
    of people, desks or agencies; of the last three lines those that have the form of a credit. A dateline stays: its place is news.
    """
    if any(
        section.post_id for section in sections
    ):  # the first and the last post of a live blog are no ends of a text
        return Credits(sections)
    paragraphs = [text for section in sections for text in section.paragraphs]
    sections, headed = _without_byline_heading(sections)
    place, first = _first(paragraphs)
    last = list(_last([text for number, text in enumerate(paragraphs) if not first or number != place]))
    if not first and not last:
        return Credits(sections, headed)
    authors = [*headed, *first]
    agency: Candidate | None = None
    for text in last:
        named = next(filter(None, map(known_agency, _KNOWN.findall(text))), None)
        if named and agency is None:
            agency = Candidate(named, "heuristic", 0.9, raw=text)
        reported = _REPORTED.match(text)
        if reported:
            names = (name for name in read_bylines([reported["names"]]) if is_full_name(name))
            authors += [Candidate(name, "text", 0.8, raw=text) for name in names]
        elif _CONTRIBUTED.search(text):
            authors.append(Candidate(text, "text", 0.5, refused=_NOT_BYLINE))
    gone = {len(paragraphs) - 1 - number for number in range(len(last))} | ({place} if first else set())
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
    if len(text) > _LONGEST_BYLINE or not _BY.match(text) or text.endswith((".", "?", "!", "…")):
        return ()
    parts = byline_parts([text])
    other = [part for part in parts if is_desk(part) or is_organisation(part)]
    if not parts or not all(part in other or is_full_name(part) or known_agency(part) for part in parts):
        return ()
    return tuple(
        Candidate(part, "text", 0.8, raw=text, refused=_NOBODY if part in other else None) for part in parts
    )


def _last(paragraphs: list[str]) -> Iterator[str]:
    """Yield the credits at the end, the last one first, and stop before what is none; one paragraph is always left."""
    for text in reversed(paragraphs[1:][-_MOST_LAST:]):
        if len(text) > _LONGEST or not _is_credit(text):
            return
        yield text


def _is_credit(text: str) -> bool:
    if _CONTRIBUTED.search(text):
        return len(text) <= _LONGEST and text.count(". ") <= 3
    if _SIGNED.match(text):
        return any(known_agency(part) for part in re.split(r"\s?/\s?", text.strip("()[]")))
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
