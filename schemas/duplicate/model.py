"""The duplicate event: an article that is a copy, linked to its original, with the evidence."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Confidence, Contract, UtcDatetime
from schemas.core.lineage import Lineage, RecordRef
from schemas.core.location import Location
from schemas.core.notice import Notice
from schemas.core.source import Source


class Original(Contract):
    """What the duplicate is a copy of."""

    article_id: ArticleId
    """The original's id; the same id for a redelivery."""
    revision: Annotated[int, Field(ge=1)]
    """The original's revision at that time."""
    headline: str
    """The original's headline; of another article the first 42 bytes, with `…` where it was cut."""
    source: Source
    """Who published the original."""
    url: str | None = None
    """The original's canonical URL; only of a redelivery. Of another article it is not remembered: `raw` leads to it."""
    raw: RecordRef
    """The original's raw record."""
    published_at: UtcDatetime | None = None
    """When the original says it was published."""
    noticed_by: tuple[Notice, ...] | None = None
    """A notice that takes the original back, corrects it or adds a note to it, where one was seen before."""


class Passage(Contract):
    """A passage that both texts share."""

    text: Annotated[str, Field(max_length=500)]
    """The shared words, as the duplicate has them."""
    location: Location
    """Where: the path is that of the normalized event which `lineage` names."""


class Evidence(Contract):
    """Why this is a duplicate."""

    rule: str
    """Name of the rule that decided, e.g. `content-hash`, `containment`, `older-version` or `says-less`."""
    score: Confidence
    """Containment: the share of the smaller text's shingles found in the larger; 1 for an exact copy."""
    threshold: Confidence
    """The score from which the rule says duplicate."""
    shingles_shared: Annotated[int, Field(ge=0)] | None = None
    """Sampled shingles in both."""
    shingles_compared: Annotated[int, Field(ge=0)] | None = None
    """Sampled shingles of the smaller text."""
    passages: tuple[Passage, ...] = ()
    """Longest shared passages, at most three."""


class Duplicate(Contract):
    """A copy. Nothing is deleted: it is linked to its original here. Key: `article_id` (the duplicate's own)."""

    article_id: ArticleId
    """The duplicate's own id."""
    source: Source
    """Who published the copy."""
    headline: str
    """The copy's headline."""
    url: str | None = None
    """The copy's canonical URL."""
    verdict: Literal["exact", "near", "excerpt", "extends", "translation"]
    """`exact`: the same content again, an older version of the article (rule `older-version`), or the same text with less said beside it
    (`says-less`); `near`: the same text with small changes; `excerpt`: a part of the original; `extends`: contains the original;
    `translation`: the same in another language."""
    original: Original
    """What it is a copy of."""
    evidence: Evidence
    """Why."""
    published_at: UtcDatetime | None = None
    """When the copy says it was published."""
    published_precision: Literal["year", "month", "day", "minute", "second"] | None = None
    """How much of `published_at` the copy really said. Absent in events from before this was told."""
    agency: str | None = None
    """News agency that the copy credits."""
    precedes_original: bool | None = None
    """The copy says that it was published before the original: that was only captured first."""
    merges: tuple[ArticleId, ...] | None = None
    """Other published articles that the copy shows to be the same text as the original: it has most of each."""
    captured_as: ArticleId | None = None
    """The id that this capture has by its own address, where it was recognised as `article_id` all the same."""
    captured_at: UtcDatetime
    """When the copy was captured."""
    lineage: Lineage
    """The copy's raw record, and the stages since."""
