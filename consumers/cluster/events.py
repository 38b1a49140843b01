"""The event that the stage writes."""

from __future__ import annotations

from typing import Literal, NamedTuple

from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told
from newswire.event import Emit
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import Lineage
from schemas.core.source import Source
from schemas.story.model import Member, Story

Change = Literal["created", "grown", "updated", "shrunk", "closed"]


class Cause(NamedTuple):
    """What changed a story."""

    article_id: str
    """The article that came, changed or went."""
    headline: str
    """Its headline, for a story that has no members left."""
    lineage: Lineage
    """How it came here."""


def source_name(source: Source) -> str:
    """Return the name by which sources of a story are told apart: the outlet's, where one producer brings several."""
    return source.publisher or source.name


def story_event(cause: Cause, told: tuple[Change, Told], memory: Memory, state: State) -> Emit:
    """Return the state of a story after a change."""
    change, story = told
    members = memory.members(story.story_id, state)
    times = [placed.published_ms for placed in members if placed.published_ms is not None]
    event = Story(
        story_id=story.story_id,
        version=story.version,
        change=change,
        article_id=cause.article_id,
        headline=members[0].headline if members else cause.headline,
        language=story.language,
        members=tuple(_member(placed, memory) for placed in members[-memory.rules.most_members :]),
        source_count=len({placed.source for placed in members}),
        first_published_at=utc_from_ms(min(times)) if times else None,
        last_published_at=utc_from_ms(max(times)) if times else None,
        keywords=story.keywords,
        lineage=cause.lineage,
    )
    return Emit("story", story.story_id, event, story.language)


def _member(placed: Placed, memory: Memory) -> Member:
    return Member(
        article_id=placed.article_id,
        revision=placed.revision,
        headline=placed.headline,
        source=memory.source_name(placed.source),
        published_at=None if placed.published_ms is None else utc_from_ms(placed.published_ms),
        score=placed.score / 10_000,
    )
