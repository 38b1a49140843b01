"""When two stories turn out to be one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from consumers.cluster.assign import belongs, near
from consumers.cluster.memory import Memory
from consumers.cluster.record import Told
from consumers.cluster.rules import Rules
from consumers.cluster.vector import Vector
from newswire.state.contract import State


def same_event(story: Told, vector: Vector, time_ms: int, memory: Memory, state: State) -> Told | None:
    """Return the story that is one with that which an article has just joined; None where there is none.

    Only stories near the article are asked: what it is like is what may have brought the two together. Two stories are one when the
    members of each, as articles, would on average belong to the other.
    """
    rules = memory.rules
    for other_id in near(vector, memory):
        if other_id == story.story_id:
            continue
        other = memory.story(other_id, state)
        if other is None or other_id in story.apart or story.story_id in other.apart:
            continue
        sizes = memory.size(other_id), memory.size(story.story_id)
        if min(sizes) > rules.most_moved or sum(sizes) > rules.most_in_story:
            continue
        here, there = memory.in_window(story.story_id), memory.in_window(other_id)
        logit = belongs(vector, time_ms, there, memory)
        if logit is None or logit < _merges_from(vector, rules) - rules.merge_margin:
            continue
        if min(_as_articles(here, there, memory), _as_articles(there, here, memory)) >= 0:
            return other
    return None


def _as_articles(articles: Sequence[str], members: Sequence[str], memory: Memory) -> float:
    """Return how far above what it takes the logit of articles being of a story with these members is, in the mean."""
    above = []
    for vector, time_ms in memory.index.vectors(articles[-memory.rules.most_sampled :]):
        logit = belongs(vector, time_ms, members, memory)
        if logit is None:
            return -math.inf
        above.append(logit - _merges_from(vector, memory.rules))
    return math.fsum(above) / len(above)


def _merges_from(vector: Vector, rules: Rules) -> float:
    return rules.few_merges_from if len(vector.keys) < rules.few_terms else rules.merges_from
