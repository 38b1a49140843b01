"""What a sitemap says, in one form for all formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from newswire.dates import Moment
from producers.reading.document import UnknownFormatError

Kind = Literal["urlset", "index", "text", "feed"]


class NotASitemapError(UnknownFormatError):
    """The bytes are no sitemap. `reason` is one of `empty`, `html`, `opml`, `xml`, `json`, `text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a news sitemap says of an article (namespace `sitemap-news/0.9`). Texts are single lines without markup."""

    publication: str | None = None
    """Name of the outlet."""
    language: str | None = None
    """As given."""
    title: str | None = None
    published: Moment | None = None
    """None when there is no date or it cannot be known; a day stays a day."""
    published_text: str | None = None
    """As written."""
    keywords: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    """`PressRelease`, `Satire`, `Blog`, `OpEd`, `Opinion`, `UserGenerated`, as given."""
    access: str | None = None
    """`Subscription` or `Registration`, as given."""
    stock_tickers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Video:
    """A video on a page (namespace `sitemap-video/1.1`)."""

    title: str | None = None
    content: str | None = None
    """Address of the file."""
    player: str | None = None
    """Address of a player for it."""
    published: Moment | None = None
    published_text: str | None = None
    """As written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a sitemap."""

    url: str
    """Absolute, http or https."""
    modified: Moment | None = None
    """`lastmod` as far as it was given: a day stays a day. None when it cannot be known."""
    modified_text: str | None = None
    """`lastmod` as written: another text means another version, even where no date can be read from it."""
    news: News | None = None
    images: tuple[str, ...] = ()
    """Addresses of images, absolute, http or https."""
    videos: tuple[Video, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    """Language and address of the same page in others."""


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names."""

    url: str
    """Absolute, http or https."""
    modified: Moment | None = None
    modified_text: str | None = None
    """`lastmod` as written."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap: its addresses, or the sitemaps that it is an index of; each once, in the order of the document."""

    kind: Kind
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    problems: tuple[str, ...] = ()
    """What had to be mended or left out, for people."""

    @property
    def is_news(self) -> bool:
        """Whether it is a news sitemap: its addresses are those of the last two days."""
        return any(entry.news is not None for entry in self.entries[:100])
