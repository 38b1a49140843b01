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
    """Its headline; cut, with `…`, where it is longer than 160 bytes of UTF-8."""
    source: str
    """Name of its source."""
    published_at: UtcDatetime | None = None
    """When it was published."""
    score: Confidence
    """Similarity to the story when it joined; 1 for the first."""


class Moment(Contract):
    """One article in the order of time, whenever it arrived."""

    at: UtcDatetime
    """When it was published, or captured where nobody says so. A day without a time is its midday."""
    basis: Literal["published", "captured"]
    """Which of the two."""
    article_id: ArticleId
    """The article."""
    headline: str
    """Its headline, cut like that of a member."""
    source: str
    """Name of its source."""


class StoryEntity(Contract):
    """Whom or what several of the articles name."""

    name: str
    """The name, as the latest article that has it writes it."""
    type: Literal["person", "organisation", "place", "event", "work"]
    """Kind of entity."""
    article_count: Annotated[int, Field(ge=1)]
    """Articles of the story that name it among their most named."""


class Syndication(Contract):
    """What several carry: the articles that name one news agency, or one article, with their copies. However many, it is one source.

    Copies are no articles of the story: they are on `news.duplicates.v1`, linked to their originals, with the evidence.
    """

    agency: str | None = None
    """The agency that the articles, or copies of their whole text, name, e.g. `AP`; absent where none is named."""
    article_id: ArticleId
    """The earliest known: one of the articles, or a copy of one."""
    earliest_at: UtcDatetime
    """When that was published, or captured where nobody says so."""
    precedes_original: bool | None = None
    """The earliest is a copy: it says that it was published before the article, which was only captured first."""
    outlets: tuple[str, ...]
    """Names of the outlets that carry it, the earliest first, at most 50."""
    outlet_count: Annotated[int, Field(ge=1)] | None = None
    """How many outlets. Absent in events from before copies were counted."""
    article_count: Annotated[int, Field(ge=1)]
    """How many articles of the story."""
    copy_count: Annotated[int, Field(ge=0)] | None = None
    """How many copies of them are known, at most four of one outlet. Absent in events from before copies were counted."""


class StoryTranslation(Contract):
    """An article in another language that a member names as the same, or that it is a translation of."""

    article_id: ArticleId
    """That article. It is in a story of its own language, if it was captured and is no copy."""
    language: str | None = None
    """Its language (BCP 47), where the member says so."""
    role: Literal["original", "version", "unknown"]
    """`original`: the member is a translation of it; `version`: it is one of the member; `unknown`: either, or both of a third."""
    member_id: ArticleId
    """The member that names it."""


class Story(Contract):
    """The state of a story after a change. Key: `story_id`; the last record of a key is the current state."""

    story_id: ArticleId
    """Stable: from the story's first article."""
    version: Annotated[int, Field(ge=1)]
    """Counts the changes of this story."""
    change: Literal["created", "grown", "updated", "shrunk", "merged", "split", "closed"]
    """`grown`: an article joined; `updated`: a member was revised; `shrunk`: a member was withdrawn; `merged`: another story became part of
    this one; `split`: part of this one became another; `closed`: it takes no more articles (`closed_because`)."""
    closed_because: Literal["window", "empty", "merged"] | None = None
    """Why it is closed. `window`: nothing came for as long as its window lasts; it keeps its members, and a revision of one opens it again.
    `empty`: its last member was withdrawn. `merged`: it went into another story. Absent in other changes, and in earlier events."""
    other_story_id: ArticleId | None = None
    """The other one: that was merged into this (`merged`), that this became part of (`closed`), that members of this went to (`split`), or
    that they came from (`created`), or that is full, so that this goes on from it (`created`)."""
    article_id: ArticleId
    """The article, or the copy of one, that caused this change; of a story whose window has passed, the last that joined it."""
    headline: str
    """Headline of the earliest member; empty when it went into another story."""
    language: str
    """Language of the members."""
    article_count: Annotated[int, Field(ge=0)] | None = None
    """How many articles it has. Absent in events from before this was counted."""
    members: tuple[Member, ...]
    """The articles, in the order in which they joined: the latest 200."""
    source_count: Annotated[int, Field(ge=0)]
    """Distinct sources among the members."""
    independent_source_count: Annotated[int, Field(ge=0)] | None = None
    """Sources that tell it themselves: all members that name one agency count once, and with the agency's own; a member that an outlet had
    before its own source counts as that outlet's; a copy is never one. Absent in events from before this was counted."""
    outlet_count: Annotated[int, Field(ge=0)] | None = None
    """Distinct outlets that have the story: the sources of the members, and who carries a member without a change. Absent in events from
    before copies were counted."""
    carriers_change: Literal["more", "fewer"] | None = None
    """On `updated`: no member was revised, but `more` or `fewer` outlets than before carry one without a change. `article_id` is the copy
    then."""
    syndication: tuple[Syndication, ...] = ()
    """What several carry, and the agencies that members name, the most carried first."""
    first_published_at: UtcDatetime | None = None
    """Earliest publication among the members."""
    last_published_at: UtcDatetime | None = None
    """Latest publication among the members."""
    keywords: tuple[str, ...] = ()
    """Terms that hold the story together, heaviest first."""
    entities: tuple[StoryEntity, ...] = ()
    """Whom and what it is about, what most articles name first, at most eight; of two articles or more, only what two of them name."""
    timeline: tuple[Moment, ...] = ()
    """The articles in order of time: the first and the latest 49."""
    translations: tuple[StoryTranslation, ...] | None = None
    """Articles in other languages that members name as translations, in the members' order, at most 100; absent where they name none.
    Stories of several languages are joined by these."""
    lineage: Lineage
    """The raw record that caused this change, and the stages since. Of a story whose window has passed: the tick, or the article of
    another story, that brought the time, as this stage read it."""
