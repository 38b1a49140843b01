"""Which story an article belongs to."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from consumers.cluster.evidence import Weights, gather, likelihood
from consumers.cluster.memory import Memory
from consumers.cluster.names import may_be_name
from consumers.cluster.rules import Rules
from consumers.cluster.terms import Terms
from consumers.cluster.vector import Kind, Vector, term_key

_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A story that an article may belong to."""

    story_id: str
    """The story."""
    logit: float
    """How likely: 0 is as likely as not."""

    @property
    def score(self) -> float:
        """The probability."""
        return likelihood(self.logit)


def vectorize(terms: Terms, language: str, memory: Memory) -> Vector:
    """Return an article's vector: weight in the text times how rare the term is in the window (tf-idf), names and numbers weighted up.

    Where the article leaves open whether a word is a name, it is what most articles of the window have it as; without any, a name if it is
    no common word. Of an article that has hardly a word, it is empty: what else it has would tell of a day and of no event.
    """
    rules = memory.rules
    articles = memory.articles[language] + rules.prior_articles
    prior = rules.prior_articles * rules.prior_share
    weights: dict[int, float] = {}
    kinds: dict[int, Kind] = {}
    words = 0
    of_kinds = {Kind.NAME: rules.name_weight, Kind.NUMBER: rules.number_weight, Kind.WORD: 1.0}
    for term, weight in terms.weights.items():
        key = term_key(language, term)
        kind = terms.kinds.get(term)
        if kind is None:
            holders = memory.index.holders(key)
            count = holders.articles
            named = 2 * holders.names > count if count else may_be_name(term, language)
            kind = Kind.NAME if named else Kind.WORD
        else:
            count = memory.index.count(key)
        words += kind is not Kind.NUMBER and term in terms.written
        of_kind = rules.day_weight if term in terms.days else of_kinds[kind]
        weighted = weight * math.log(1 + articles / (count + prior)) * of_kind
        if weighted > weights.get(key, 0.0):
            weights[key], kinds[key] = weighted, kind
    if words < rules.least_words:
        return Vector.of({}, {}, rules.terms)
    return Vector.of(weights, kinds, rules.terms)


def choose(vector: Vector, time_ms: int, refused: Set[str], memory: Memory) -> list[Choice]:
    """Return the stories that an article may belong to, the likeliest first; without those that are refused.

    Of equally likely stories the one with the smaller id comes first.
    """
    choices = [
        Choice(story_id, logit)
        for story_id in near(vector, memory)
        if story_id not in refused
        and (logit := belongs(vector, time_ms, memory.in_window(story_id), memory)) is not None
        and logit >= memory.rules.joins_from
    ]
    return sorted(choices, key=lambda choice: (-choice.logit, choice.story_id))


def near(vector: Vector, memory: Memory) -> list[str]:
    """Return the stories with the members that are most similar to a vector, the most similar first."""
    rules = memory.rules
    similar: dict[str, list[float]] = {}
    for article_id, cosine in memory.index.nearest(vector, rules.most_holders, rules.most_candidates):
        if cosine >= rules.least_similarity:
            similar.setdefault(memory.story_of[article_id], []).append(cosine)
    closest = {
        story_id: math.fsum(cosines[:2]) / min(2, len(memory.in_window(story_id)))
        for story_id, cosines in similar.items()
    }
    return sorted(closest, key=lambda story_id: (-closest[story_id], story_id))[: rules.most_stories]


def belongs(vector: Vector, time_ms: int, members: Sequence[str], memory: Memory) -> float | None:
    """Return the logit of an article being of a story with these members in the window; None where none of them is near enough in time."""
    rules = memory.rules
    compared = members[-rules.most_compared :]
    nearness = [_nearness(time_ms - other_ms, rules) for other_ms in memory.index.times(compared)]
    if not any(nearness):
        return None
    return weights_for(vector, rules).logit(gather(vector, memory.index.members(compared), nearness))


def weights_for(vector: Vector, rules: Rules) -> Weights:
    """Return what each kind of evidence weighs for an article: it depends on how much of it there is."""
    return rules.few_evidence if len(vector.keys) < rules.few_terms else rules.evidence


def _nearness(distance_ms: int, rules: Rules) -> float:
    share = abs(distance_ms) / (rules.window_hours * _HOUR_MS)
    return 1 - rules.decay * share if share <= 1 else 0.0
