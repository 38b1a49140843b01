"""The event that the stage writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from consumers.cluster.entities import article_counts, entity_key
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told, kept_name
from consumers.cluster.syndication import independent_sources, outlet_count, syndications, texts
from newswire.event import Emit
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import Lineage
from schemas.core.source import Source
from schemas.story.model import Member, Moment, Story, StoryEntity

Kind = Literal["created", "grown", "updated", "shrunk", "merged", "split", "closed"]
Reason = Literal["window", "empty", "merged"]


class Change(NamedTuple):
    """What happened to a story."""

    kind: Kind
    """What it was."""
    story: Told
    """The story after it."""
    other_story_id: str | None = None
    """The other story of a merge or a split."""
    reason: Reason | None = None
    """Why it is closed."""
    carriers: Literal["more", "fewer"] | None = None
    """Of an update: how the outlets changed that carry a member without a change; None where a member did."""


class Cause(NamedTuple):
    """What changed a story."""

    article_id: str
    """The article that came, changed or went."""
    headline: str
    """Its headline, for a story that has no members left."""
    lineage: Lineage
    """How it came here."""


def source_name(source: Source) -> str:
    """Return the name by which sources of a story are told apart: the outlet's, where one producer brings several; cut where it is long."""
    return kept_name(source.publisher or source.name)


def story_event(cause: Cause, change: Change, memory: Memory, state: State) -> Emit:
    """Return the state of a story after a change."""
    story = change.story
    members = memory.members(story.story_id, state)
    told = texts(members, memory)
    in_time = sorted(members, key=lambda placed: (placed.time_ms, placed.place))
    times = [placed.published_ms for placed in members if placed.published_ms is not None]
    left_for_another = not members and change.other_story_id is not None
    event = Story(
        story_id=story.story_id,
        version=story.version,
        change=change.kind,
        closed_because=change.reason,
        other_story_id=change.other_story_id,
        article_id=cause.article_id,
        # What went into another story says nothing any more: a purge need not reach it.
        headline=in_time[0].headline if in_time else "" if left_for_another else cause.headline,
        language=story.language,
        article_count=len(members),
        members=tuple(_member(placed, memory) for placed in members[-memory.rules.most_members :]),
        source_count=len({placed.source for placed in members}),
        independent_source_count=independent_sources(told),
        outlet_count=outlet_count(told),
        carriers_change=change.carriers,
        syndication=syndications(told),
        first_published_at=utc_from_ms(min(times)) if times else None,
        last_published_at=utc_from_ms(max(times)) if times else None,
        keywords=story.keywords,
        entities=_entities(story, members, memory),
        translations=memory.translations.named(members),
        timeline=tuple(_moment(placed, memory) for placed in _first_and_latest(in_time, memory)),
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


def _moment(placed: Placed, memory: Memory) -> Moment:
    return Moment(
        at=utc_from_ms(placed.time_ms),
        basis="captured" if placed.published_ms is None else "published",
        article_id=placed.article_id,
        headline=placed.headline,
        source=memory.source_name(placed.source),
    )


def _first_and_latest(in_time: Sequence[Placed], memory: Memory) -> Sequence[Placed]:
    most = memory.rules.most_timeline
    return in_time if len(in_time) <= most else [in_time[0], *in_time[1 - most :]]


def _entities(story: Told, members: Sequence[Placed], memory: Memory) -> tuple[StoryEntity, ...]:
    counts = article_counts(members)
    least = min(2, len(members))
    found = [
        StoryEntity.model_validate(
            {"name": named.name, "type": named.type, "article_count": counts[entity_key(named)]}
        )
        for named in story.entities
        if counts[entity_key(named)] >= max(1, least)
    ]
    return tuple(found[: memory.rules.most_entities])
