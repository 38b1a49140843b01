"""Which story an article belongs to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from consumers.cluster.memory import Memory
from consumers.cluster.rules import Rules
from consumers.cluster.terms import Terms
from consumers.cluster.vector import Vector, term_key

_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Choice:
    """The most similar story."""

    story_id: str
    """The story."""
    score: float
    """How similar it is, from 0 to 1."""


def vectorize(terms: Terms, language: str, memory: Memory) -> Vector:
    """Return an article's vector: weight in the text times how rare the term is in the window (tf-idf)."""
    rules = memory.rules
    articles = memory.articles[language] + rules.prior_articles
    prior = rules.prior_articles * rules.prior_share
    weighted: dict[int, float] = {}
    for term, weight in terms.weights.items():
        key = term_key(language, term)
        rarity = math.log(1 + articles / (len(memory.holders.get(key, ())) + prior))
        weighted[key] = max(weighted.get(key, 0.0), weight * rarity)
    return Vector.of(weighted, rules.terms)


def choose(vector: Vector, time_ms: int, not_with: Set[str], memory: Memory) -> Choice | None:
    """Return the story that an article belongs to, or None when it begins one.

    A story is as similar as its `closest` most similar members in the window are on average, each less the further in time it is.
    Stories of the articles in `not_with` are left out. Of equally similar stories the one with the smaller id is taken.
    """
    rules = memory.rules
    refused = {memory.recent[article_id].story_id for article_id in not_with if article_id in memory.recent}
    similar: dict[str, list[float]] = {}
    for article_id, product in _closest(vector, memory):
        placed = memory.recent[article_id]
        if placed.story_id not in refused:
            cosine = product / (vector.length * placed.vector.length)
            similar.setdefault(placed.story_id, []).append(
                cosine * _nearness(time_ms - placed.time_ms, rules)
            )
    choices = [_rate(story_id, scores, memory) for story_id, scores in similar.items()]
    chosen = min(choices, key=lambda choice: (-choice.score, choice.story_id), default=None)
    threshold = rules.few_threshold if len(vector.weights) < rules.few_terms else rules.threshold
    return chosen if chosen is not None and chosen.score >= threshold else None


def _closest(vector: Vector, memory: Memory) -> list[tuple[str, int]]:
    """Return the articles with the largest scalar products, and these products."""
    common = []
    products: Counter[str] = Counter()
    for term, weight in vector.weights.items():
        holders = memory.holders.get(term, {})
        if len(holders) > memory.rules.most_holders:
            common.append((holders, weight))
            continue
        for article_id, other in holders.items():
            products[article_id] += weight * other
    best = sorted(products.items(), key=lambda pair: (-pair[1], pair[0]))[: memory.rules.most_candidates]
    return [
        (article_id, product + sum(weight * holders.get(article_id, 0) for holders, weight in common))
        for article_id, product in best
    ]


def _rate(story_id: str, scores: list[float], memory: Memory) -> Choice:
    counted = min(memory.rules.closest, memory.members_in_window[story_id])
    return Choice(story_id, sum(sorted(scores, reverse=True)[:counted]) / counted)


def _nearness(distance_ms: int, rules: Rules) -> float:
    share = abs(distance_ms) / (rules.window_hours * _HOUR_MS)
    return 1 - rules.decay * share if share <= 1 else 0.0
