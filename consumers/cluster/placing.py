"""Which story a new article joins, and which it must never be one with."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from consumers.cluster.assign import Choice, choose
from consumers.cluster.memory import Memory
from consumers.cluster.reading import Reading
from consumers.cluster.record import Placed, cut
from consumers.series import are_two_days
from newswire.state.contract import State
from schemas.article.model import Article

_MOST_APART: Final = 8
_SURE: Final = 10.0
"""Logit of what is known by an id."""


class Placing(NamedTuple):
    """Where an article goes."""

    chosen: Choice | None
    """The story that it joins; None where it begins one."""
    apart: tuple[str, ...]
    """Stories that it stays apart from, however alike they are."""
    full: str | None = None
    """The story that it would have joined, were there room: the one that it begins goes on from there."""


def likeliest(article: Article, reading: Reading, source: int, memory: Memory, state: State) -> Placing:
    """Return where an article goes.

    Apart are stories of the articles of which deduplicate says that they have the same template, and of those of the same series: what one
    source publishes under one headline on another day (`Morning briefing`, a live blog of each match day). A notice (a retraction, a
    correction) belongs to the story of the article that it is about, whatever its words.
    """
    apart = {
        memory.story_of[near.article_id]
        for near in article.related
        if near.relation == "same-template" and near.article_id in memory.index
    }
    chosen = _of_notice(article, reading.language, memory, state)
    for choice in () if chosen else choose(reading.vector, reading.time_ms, apart, memory):
        ids = memory.in_window(choice.story_id)[-memory.rules.most_compared :]
        members = (memory.article(id_, state) for id_ in ids)
        if any(
            _same_series(placed, article.headline, reading.time_ms, source) for placed in members if placed
        ):
            apart.add(choice.story_id)
        else:
            chosen = choice
            break
    kept = tuple(sorted(apart))[:_MOST_APART]
    if chosen is None:
        return Placing(None, kept)
    last = _last(chosen.story_id, memory, state)
    if memory.size(last) < memory.rules.most_in_story:
        return Placing(replace(chosen, story_id=last), kept)
    return Placing(None, kept, last)


def _of_notice(article: Article, language: str, memory: Memory, state: State) -> Choice | None:
    """Return the story of the first article of its language that a notice is about."""
    for notice in article.notice_of or ():
        placed = memory.article(notice.article_id, state) if notice.article_id in memory.index else None
        if placed is not None and placed.language == language:
            return Choice(placed.story_id, _SURE)
    return None


def _last(story_id: str, memory: Memory, state: State) -> str:
    """Return the story that takes articles in place of one that is full: the one that goes on from it, from that, and so on."""
    while memory.size(story_id) >= memory.rules.most_in_story:
        story = memory.story(story_id, state)
        if story is None or not memory.in_window(story.goes_on):
            break
        story_id = story.goes_on
    return story_id


def _same_series(placed: Placed, headline: str, time_ms: int, source: int) -> bool:
    return placed.source == source and are_two_days(cut(headline), placed.headline, placed.time_ms - time_ms)
