"""What a feed says, in one form for all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from newswire.dates import Moment
from producers.reading.document import UnknownFormatError

Format = Literal["rss", "rdf", "atom", "json"]


class NotAFeedError(UnknownFormatError):
    """The bytes are no feed. `reason` is one of `empty`, `html`, `opml`, `sitemap`, `xml`, `json`, `text`."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an item."""

    url: str
    """Absolute, http or https."""
    media_type: str | None = None
    """As given."""
    length: int | None = None
    """Bytes, as given."""


class Item(NamedTuple):
    """One item of a feed. Texts are single lines without markup, `summary` and `content` are harmless HTML; absent is None or empty."""

    guid: str | None = None
    """The feed's own id for it, as given."""
    link: str | None = None
    """Address of the article: absolute, http or https."""
    title: str | None = None
    title_from_body: bool = False
    """No title was given: the first words of the body stand for it."""
    summary: str | None = None
    content: str | None = None
    authors: tuple[str, ...] = ()
    authors_of_feed: bool = False
    """No author was given: the feed's stand here."""
    published: Moment | None = None
    """None when there is no date or it cannot be known; never a guess from the clock."""
    published_text: str | None = None
    """As written."""
    updated: Moment | None = None
    updated_text: str | None = None
    categories: tuple[str, ...] = ()
    language: str | None = None
    """Of the item, or else of the feed, as given."""
    rights: str | None = None
    attachments: tuple[Attachment, ...] = ()
    image: str | None = None
    comments: str | None = None
    """Address of the discussion."""
    source_title: str | None = None
    """Of the feed it was taken from, where the item says so."""
    source_link: str | None = None
    location: tuple[float, float] | None = None
    """Latitude and longitude in degrees (WGS 84)."""
    alternates: tuple[tuple[str, str], ...] = ()
    """Language and address of the same page in others."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the publisher wants to be asked again."""

    interval_seconds: int | None = None
    """The longest of `ttl` and `sy:updatePeriod` over `sy:updateFrequency`."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC, 0 to 23, in which nothing is published."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week in UTC, 0 is Monday."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its items, in the order of the document."""

    format: Format
    version: str | None
    """As declared: `2.0`, `0.91`, `1.1` …"""
    items: tuple[Item, ...]
    title: str | None = None
    link: str | None = None
    """The site it is of."""
    self_link: str | None = None
    """Where it says that it is itself: the topic of a WebSub subscription."""
    hubs: tuple[str, ...] = ()
    """WebSub hubs."""
    next_link: str | None = None
    """The following page of a feed in pages."""
    description: str | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    updated: Moment | None = None
    rights: str | None = None
    image: str | None = None
    schedule: Schedule = Schedule()
    expired: bool = False
    """The feed says that nothing will follow (JSON Feed)."""
    problems: tuple[str, ...] = ()
    """What had to be mended or left out, for people."""
