"""Series: what one source publishes under one headline on another day, such as a morning briefing. Most of its words may come again."""

from __future__ import annotations

from typing import Final

from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.headlines import cut
from consumers.deduplicate.near import Match
from consumers.series import are_two_days

_MOST_IN_COMMON: Final = 0.8
"""Of either text: more is what is left of a text that was edited and published again, not what two days have in common."""


def another_day(arrival: Arrival, match: Match) -> bool:
    """Whether a text is like one of the same source only as the parts of a series are like each other.

    Both must say when they were published. `Morning briefing` may name nobody and no number, so that facts do not tell the days apart.
    """
    published, before = arrival.article.published_at, match.original
    if published is None or before.published_ms is None or match.score >= _MOST_IN_COMMON:
        return False
    ms_apart = round(published.timestamp() * 1000) - before.published_ms
    return are_two_days(cut(arrival.article.headline), before.headline, ms_apart)
