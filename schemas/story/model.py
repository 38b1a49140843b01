"""The story event: articles about the same event."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Confidence, Contract, UtcDatetime
from schemas.core.lineage import Lineage


class Member(Contract):
    """One article of a story."""

    article_id: ArticleId
    """The article."""
    revision: Annotated[int, Field(ge=1)]
    """Its revision when it was last looked at."""
    headline: str
    """Its headline."""
    source: str
    """Name of its source."""
    published_at: UtcDatetime | None = None
    """When it was published."""
    score: Confidence
    """Similarity to the story when it joined; 1 for the first."""


class Story(Contract):
    """The state of a story after a change. Key: `story_id`; the last record of a key is the current state."""

    story_id: ArticleId
    """Stable: from the story's first article."""
    version: Annotated[int, Field(ge=1)]
    """Counts the changes of this story."""
    change: Literal["created", "grown", "updated", "shrunk", "merged", "split", "closed"]
    """`grown`: an article joined; `updated`: a member was revised; `shrunk`: a member was withdrawn; `merged`: another story became part of
    this one; `split`: part of this one became another; `closed`: no member is left, or it went into another story."""
    article_id: ArticleId
    """The article that caused this change."""
    headline: str
    """Headline of the earliest member."""
    language: str
    """Language of the members."""
    members: tuple[Member, ...]
    """The articles, in the order in which they joined."""
    source_count: Annotated[int, Field(ge=0)]
    """Distinct sources among the members."""
    first_published_at: UtcDatetime | None = None
    """Earliest publication among the members."""
    last_published_at: UtcDatetime | None = None
    """Latest publication among the members."""
    keywords: tuple[str, ...] = ()
    """Terms that hold the story together, heaviest first."""
    lineage: Lineage
    """The raw record that caused this change, and the stages since."""
