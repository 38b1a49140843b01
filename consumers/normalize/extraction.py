"""What a reader of one format finds in a capture: candidates for each field, and the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from schemas.core.provenance import Origin
from schemas.core.rights import Rights
from schemas.core.wire import Wire
from schemas.normalized.model import Image, Section

Field = Literal[
    "headline",
    "summary",
    "authors",
    "agency",
    "article_section",
    "keywords",
    "language",
    "published_at",
    "modified_at",
    "url",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value of a field as it was found."""

    value: str
    """The string, unchanged except for the character encoding."""
    origin: Origin
    """Where it was found."""
    confidence: float = 1.0
    """How sure the reader is that this is the field's value, from 0 to 1."""
    raw: str | None = None
    """The string that the value is only a part of; None: the value is all of it."""
    refused: str | None = None
    """Why the reader itself does not believe it; None: whoever chooses decides."""


@dataclass(frozen=True, slots=True)
class Version:
    """Another article that is said to be the same in another language, as it was found."""

    language: str | None
    """The language as declared."""
    address: str | None
    """Its address as written; None where only a language is named, or it is known by `guid`."""
    found_in: str
    """What names it (see `schemas.core.translation`)."""
    origin: Origin
    """Where that was found, for the provenance."""
    role: Literal["original", "version", "unknown"] = "unknown"
    """What it is to this article."""
    guid: str | None = None
    """The agency's id of it."""
    base: str | None = None
    """What its address relates to, where it is relative."""


@dataclass(slots=True)
class Extraction:
    """What one capture holds. Candidates of a field stand in the order in which they are believed."""

    kind: Literal["article", "live_blog"] = "article"
    sections: tuple[Section, ...] = ()
    fields: dict[Field, list[Candidate]] = field(default_factory=dict)
    kind_from: Candidate | None = None
    """What says that it is a live blog."""
    sections_from: Origin | None = None
    """Where the sections were found; None: the body as a whole, by its media type."""
    sections_raw: str | None = None
    """What of it the sections were read from, where that is a part that the page does not show."""
    sections_confidence: float = 1.0
    """How sure the reader is that the sections are the article's text."""
    links: tuple[str, ...] = ()
    """Addresses that the text of a notice links to, as given or made absolute."""
    beside: tuple[str, ...] = ()
    """Short lines of a page that stand next to its text and were not taken for it."""
    images: tuple[tuple[Image, Origin], ...] = ()
    """Pictures, the most important one first, and where each was found."""
    paywalled: Candidate | None = None
    """What says whether the whole text is for subscribers only: `true` or `false`."""
    wire: Wire | None = None
    """What a news agency says of its item."""
    versions: tuple[Version, ...] = ()
    """Versions in other languages, in the order in which they are believed."""
    rights: Rights | None = None
    """Status, embargo and terms that stand in the body."""

    def add(self, name: Field, value: str | None, origin: Origin, confidence: float = 1.0) -> None:
        """Append a candidate, unless there is nothing in it."""
        if value and not value.isspace():
            self.fields.setdefault(name, []).append(Candidate(value, origin, confidence))

    def of(self, name: Field) -> list[Candidate]:
        """Return the candidates of a field, the most believed first."""
        return self.fields.get(name, [])

    def text(self) -> Iterator[str]:
        """Yield headings and paragraphs in reading order."""
        for section in self.sections:
            if section.heading:
                yield section.heading
            yield from section.paragraphs

    def html(self) -> str:
        """Return the text as a small piece of HTML without attributes: a heading is an `h2`, a paragraph a `p`."""
        parts = []
        for section in self.sections:
            if section.heading:
                parts.append(f"<h2>{escape(section.heading)}</h2>")
            parts += (f"<p>{escape(each)}</p>" for each in section.paragraphs)
        return "\n".join(parts)
