"""The article event: what subscribers read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import Confidence, Contract
from schemas.core.location import Location
from schemas.unique.model import Unique


class DateExpression(Contract):
    """A date in the text, resolved against the publication date."""

    text: str
    """The words, e.g. `on Thursday` without the preposition: `Thursday`."""
    location: Location
    """Where it stands."""
    start: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
    """First day, month or year (ISO 8601, reduced precision allowed)."""
    end: Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
    """Last one, inclusive; equal to `start` for a single day."""
    grain: Literal["day", "weekend", "week", "month", "quarter", "year", "decade", "range"]
    """What kind of span the words name."""
    confidence: Confidence
    """How sure the rule is."""


class EntityMention(Contract):
    """One place where an entity is named."""

    text: str
    """The words there."""
    location: Location
    """Where."""


class Entity(Contract):
    """A person, organisation or place named in the text, with its aliases folded in."""

    name: str
    """The fullest form found, without titles, e.g. `Lloyd Austin`."""
    type: Literal["person", "organisation", "place", "event", "work"]
    """Kind of entity; `event` and `work` (a book, a film …) are not found yet."""
    aliases: tuple[str, ...] = ()
    """Other forms found, e.g. `Mr Austin`."""
    mentions: tuple[EntityMention, ...]
    """All mentions, in order of text."""


class Quote(Contract):
    """Words in quotation marks that somebody said."""

    text: str
    """The words between the marks."""
    location: Location
    """Where, without the marks."""
    speaker: str | None = None
    """Name of the speaker, the entity's full name where it is one; absent when the text does not tell."""
    speaker_text: str | None = None
    """The words by which the text names the speaker, e.g. `Mr Austin`."""
    cue: str | None = None
    """The verb of saying, e.g. `said`."""


class Country(Contract):
    """A country the text is about."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """ISO 3166-1 alpha-2."""
    mentions: Annotated[int, Field(ge=1)]
    """How often it, its people or its capital's synonym is named."""


class Keyword(Contract):
    """A term that stands for the text."""

    term: str
    """The term, as in the text."""
    score: Annotated[float, Field(ge=0)]
    """Weight, comparable within one article only."""


class Article(Unique):
    """A unique article with what could be read out of its text. Key: `article_id`; partitioned by language."""

    detected_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    """Language of the text by a detector (ISO 639); absent when the text is too short to tell."""
    detected_language_confidence: Confidence | None = None
    """The detector's confidence."""
    word_count: Annotated[int, Field(ge=0)]
    """Words (UAX #29; for scripts without spaces: characters / 2) of headline, summary, headings and paragraphs."""
    reading_time_seconds: Annotated[int, Field(ge=0)]
    """At 238 words a minute (Brysbaert 2019, silent reading of English non-fiction)."""
    dates: tuple[DateExpression, ...] = ()
    """Date expressions, in order of text."""
    quotes: tuple[Quote, ...] = ()
    """Direct quotes, in order of text."""
    entities: tuple[Entity, ...] = ()
    """People, organisations and places."""
    countries: tuple[Country, ...] = ()
    """Countries, most mentioned first."""
    extracted_keywords: tuple[Keyword, ...] = ()
    """Terms of the text, heaviest first, at most ten."""
