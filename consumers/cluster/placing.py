"""Which story a new article joins, and which it must never be one with."""

from __future__ import annotations

from typing import Final

from consumers.cluster.assign import Choice, choose
from consumers.cluster.memory import Memory
from consumers.cluster.reading import Reading
from consumers.cluster.record import Placed
from newswire.state.contract import State
from schemas.article.model import Article

_ANOTHER_DAY_MS: Final = 12 * 3_600_000
_MOST_APART: Final = 8


def likeliest(
    article: Article, reading: Reading, source: int, memory: Memory, state: State
) -> tuple[Choice | None, tuple[str, ...]]:
    """Return the story that an article joins, or None; and those that it stays apart from, however alike they are.

    Apart are stories of the articles of which deduplicate says that they have the same template, and of those of the same series: what one
    source publishes under one headline on another day (`Morning briefing`, a live blog of each match day).
    """
    apart = {
        memory.story_of[near.article_id]
        for near in article.related
        if near.relation == "same-template" and near.article_id in memory.index
    }
    chosen = None
    for choice in choose(reading.vector, reading.time_ms, apart, memory):
        ids = memory.in_window(choice.story_id)[-memory.rules.most_compared :]
        members = (memory.article(id_, state) for id_ in ids)
        if any(
            _same_series(placed, article.headline, reading.time_ms, source) for placed in members if placed
        ):
            apart.add(choice.story_id)
        else:
            chosen = choice
            break
    return chosen, tuple(sorted(apart))[:_MOST_APART]


def _same_series(placed: Placed, headline: str, time_ms: int, source: int) -> bool:
    return (
        placed.source == source
        and headline.casefold().startswith(placed.headline.casefold())  # what is remembered may be cut
        and abs(placed.time_ms - time_ms) >= _ANOTHER_DAY_MS
    )
