"""Which agency an article is of, out of all that name one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consumers.normalize.agency import credited_agency
from consumers.normalize.agency_names import KNOWN, known_agency
from consumers.normalize.bylines import byline_parts
from consumers.normalize.choose import Choice, printable
from consumers.normalize.extraction import Candidate, Extraction
from newswire.text.hygiene import title
from schemas.core.provenance import Origin, Provenance
from schemas.normalized.model import Section

_JOINS: Final = r"(?:of|for|from|with|and|avec|et|mit|und|für|con|para|com|y)\s+"
_BESIDE: Final = re.compile(rf"\s*[,;|/()\[\]–—]\s*(?:{_JOINS})?|\s+{_JOINS}", re.IGNORECASE)
"""What stands between a name and its agency in a byline."""
_WRITER: Final = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:writers?|reporters?|correspondents?|staff|editors?|photographers?)$", re.IGNORECASE
)
_LONGEST_BYLINE: Final = 300


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """The agency, and what is left of the text without its credit."""

    agency: Choice[str]
    """The agency's short name."""
    sections: tuple[Section, ...]
    """The sections without a last paragraph that is nothing but the credit."""


def choose_agency(found: Extraction, line: Candidate | None) -> AgencyChoice:
    """Return the agency of an article; `line` is the one that the lines of credits name.

    The first of: a byline, a dateline or credit in the text, a line of credits, the provider of a wire's item.
    """
    for candidate in found.of("authors"):
        byline = "" if candidate.refused else candidate.raw or candidate.value
        beside = _BESIDE.split(title(byline[:_LONGEST_BYLINE]))
        for part in (*byline_parts([candidate.value]), *(_WRITER.sub("", each) for each in beside)):
            if name := known_agency(part):
                return AgencyChoice(
                    _by(name, candidate.origin, candidate.raw or candidate.value), found.sections
                )
    credit = credited_agency([text for section in found.sections for text in section.paragraphs])
    # A station names itself: LOWER TARN (KTRN) — on ktrn.example.
    if credit and (credit.agency in KNOWN.values() or credit.agency.lower() not in _host(found)):
        sections = _without_last_paragraph(found.sections) if credit.line_only else found.sections
        provenance = Provenance(origin="heuristic", raw=credit.raw, confidence=credit.confidence)
        return AgencyChoice(Choice(credit.agency, provenance), sections)
    if line:
        return AgencyChoice(_by(line.value, line.origin, line.raw or "", line.confidence), found.sections)
    provider = found.wire.provider if found.wire else None
    if found.wire and found.wire.format == "mail" and provider:
        provider = known_agency(provider)  # anybody sends mail
    if provider:
        return AgencyChoice(_by(known_agency(provider) or provider, "item", provider), found.sections)
    return AgencyChoice(Choice(None, None), found.sections)


def _by(name: str, origin: Origin, raw: str, confidence: float = 1.0) -> Choice[str]:
    return Choice(name, Provenance(origin=origin, raw=printable(raw), confidence=confidence))


def _without_last_paragraph(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    last = sections[-1]
    if not last.paragraphs:  # the last post of a live blog may be only a heading
        return sections
    shorter = last.model_copy(update={"paragraphs": last.paragraphs[:-1]})
    return (*sections[:-1], shorter) if shorter.paragraphs or shorter.post_id else sections[:-1]


def _host(found: Extraction) -> str:
    address = next((each.value for each in found.of("url") if not each.refused), "")
    return address.partition("://")[2].partition("/")[0]
