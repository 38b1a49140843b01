"""The carried event: that an article is carried without a change, told where the article itself goes, so that its story learns of it."""

from __future__ import annotations

from typing import Literal

from schemas.core.contract import ArticleId, Contract, UtcDatetime
from schemas.core.lineage import Lineage
from schemas.core.source import Source


class Carrier(Contract):
    """Who carries it. Nothing of a text, nor its headline: that is on `news.duplicates.v1`."""

    source: Source
    """Who published the copy."""
    verdict: Literal["exact", "near", "excerpt", "extends", "translation"]
    """How much of the original it is (as on the duplicate)."""
    captured_at: UtcDatetime
    """When the copy was captured."""
    published_at: UtcDatetime | None = None
    """When the copy says it was published."""
    published_precision: Literal["year", "month", "day", "minute", "second"] | None = None
    """How much of `published_at` the copy really said."""
    agency: str | None = None
    """News agency that the copy credits."""
    precedes_original: bool | None = None
    """The copy says that it was published before the original: that was only captured first."""


class Carried(Contract):
    """That a copy carries an article, or is no copy of it any more. It follows the article that it speaks of, under that one's key."""

    original_id: ArticleId
    """The article that is carried; also the record's key."""
    article_id: ArticleId
    """The copy."""
    carrier: Carrier | None = None
    """Who carries it; absent when the copy is none of this article any more: it became an article of its own or a copy of another, was
    withdrawn, or was purged."""
    lineage: Lineage
    """The raw record that this was learned from, and the stages since."""
