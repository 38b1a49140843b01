"""The normalized event: one clean article out of one capture."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Contract, Sha256, UtcDatetime
from schemas.core.lineage import Lineage
from schemas.core.provenance import Provenance
from schemas.core.reference import Reference
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.core.translation import Translation
from schemas.core.wire import Wire


class Section(Contract):
    """A part of an article under its own heading: an update of a live blog, or the whole of a plain article."""

    heading: str | None = None
    """The section's own heading; the first section has none, the article's headline is its heading."""
    posted_at: UtcDatetime | None = None
    """When this update was posted, where the source says so."""
    paragraphs: tuple[str, ...]
    """Paragraphs in order, as plain text; empty for an update that is only a heading."""
    post_id: Annotated[str, Field(min_length=1, max_length=210)] | None = None
    """Of an update of a live blog, unlike that of every other one in it: the source's own id, else a hash of time and heading.

    Equal in all captures of the blog in which the update has it, so that subscribers can tell new updates from known ones.
    """
    authors: tuple[str, ...] | None = None
    """Who wrote this update, where the source says so."""
    modified_at: UtcDatetime | None = None
    """When this update was last changed, where that was after `posted_at`."""
    corrected: bool | None = None
    """True where the source says that this update was corrected, or corrects another."""


class Image(Contract):
    """A picture that belongs to an article."""

    url: Annotated[str, Field(pattern=r"^https?://[^ ]+$")]
    """Where it is: an absolute address, as the page gives it."""
    caption: str | None = None
    """What stands under it, without the credit."""
    credit: str | None = None
    """Who made it or owns it, as the page words it."""
    width: Annotated[int, Field(ge=1)] | None = None
    """Pixels, as the page says."""
    height: Annotated[int, Field(ge=1)] | None = None
    """Pixels, as the page says."""


class Normalized(Contract):
    """An article as one capture shows it. Key: `article_id`; partitioned by language."""

    article_id: ArticleId
    """Deterministic: of the canonical URL, or source and guid, or source, headline and date; of an agency's item of source and uri."""
    source: Source
    """Who published it and how it was captured."""
    kind: Literal["article", "live_blog"]
    """A live blog is one article that grows over time: its sections are its updates, the oldest first."""
    url: str | None = None
    """Canonical URL."""
    guid: str | None = None
    """The source's own id."""
    headline: Annotated[str, Field(min_length=1)]
    """Headline, without site name and markers such as `: Live`."""
    summary: str | None = None
    """Standfirst or description."""
    authors: tuple[str, ...] = ()
    """People named in the byline; an organisation only where it is neither the publisher, nor a desk, nor an agency."""
    agency: str | None = None
    """News agency that the text credits, e.g. `AP`."""
    article_section: str | None = None
    """Desk or category, as the source names it."""
    keywords: tuple[str, ...] = ()
    """The source's own tags."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    """BCP 47; `und` when it cannot be told. The first capture of an article decides the partition."""
    published_at: UtcDatetime | None = None
    """When the publisher says it was published. A day without a time is its midnight in UTC, with `published_precision` `day`."""
    published_precision: Literal["year", "month", "day", "minute", "second"] | None = None
    """How much of `published_at` the source really said."""
    published_offset: Annotated[str, Field(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")] | None = None
    """The offset from UTC in which `published_at` was written: the publisher's day and hour. Absent for a day, and where it is not known.

    `+00:00` is also written by those who know none.
    """
    modified_at: UtcDatetime | None = None
    """When the publisher says it was last changed."""
    date_notes: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")], ...] | None = None
    """What to know before trusting the dates; absent where there is nothing. An open set.

    `offset-inferred`: a time was given without its offset from UTC, which was inferred (provenance says how sure that is); `future`: a date
    lies after the capture (the one taken by a day at most); `edit-time`: what was called publication was the time of an edit, an
    earlier date was taken; `frozen`: the source gives one date for everything.
    """
    captured_at: UtcDatetime
    """When this capture was made."""
    sections: tuple[Section, ...]
    """The body. Empty only for a withdrawal notice."""
    images: tuple[Image, ...] = ()
    """Pictures: the one that the page shares the article with first, then those in the text, in its order."""
    paywalled: bool | None = None
    """Whether the whole text is for subscribers only; absent where the page does not say. The body may then be only a beginning."""
    content_hash: Sha256
    """Of headline, summary, headings and paragraphs: equal hashes are the same content."""
    references: tuple[Reference, ...] | None = None
    """Other sources in which the same article was seen until this capture; absent where there are none."""
    translations: tuple[Translation, ...] | None = None
    """Versions in other languages that the article names, as page, feed or item give them, at most 40; absent where it names none."""
    translated_from: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """The language (BCP 47) that it says it was translated from; `und` where it does not say from which. Absent where it says nothing."""
    links: tuple[Annotated[str, Field(pattern=r"^https?://[^ ]+$")], ...] | None = None
    """Canonical addresses of the same site that the text links to; only of a short text that says it takes back, corrects or annotates an
    article (a retraction, an editor's note): one of them is likely that article's."""
    rights: Rights
    """Status, embargo and terms."""
    wire: Wire | None = None
    """What the news agency says of it; absent for what is no agency's item."""
    provenance: dict[str, Provenance]
    """Field name -> where its value comes from, for every inferred field."""
    lineage: Lineage
    """The raw record, and the stages since."""
