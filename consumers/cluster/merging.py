"""When two stories turn out to be one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from consumers.cluster.assign import belongs, near
from consumers.cluster.memory import Memory
from consumers.cluster.record import Told
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
        if logit is None or logit < rules.merges_from - rules.merge_margin:
            continue
        if min(_as_articles(here, there, memory), _as_articles(there, here, memory)) >= rules.merges_from:
            return other
    return None


def _as_articles(articles: Sequence[str], members: Sequence[str], memory: Memory) -> float:
    """Return the mean logit of articles being of a story with these members."""
    sampled = memory.index.vectors(articles[-memory.rules.most_sampled :])
    logits = [belongs(vector, time_ms, members, memory) for vector, time_ms in sampled]
    return -math.inf if None in logits else math.fsum(filter(None, logits)) / len(logits)
