"""The near-duplicate layer: finds what an arriving text is a copy of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from consumers.deduplicate import house
from consumers.deduplicate.facts import Agreement, Statements
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.record import Known
from consumers.deduplicate.rules import Rules
from consumers.deduplicate.sketch import Comparison, Overlap, Shingles
from consumers.deduplicate.table import Holders
from newswire.state.contract import State

Verdict = Literal["near", "excerpt", "extends"]
_ERROR: Final = 1.5  # standard deviations of a count
_AS_FULL: Final = 0.8  # of the best one's score
_MOST_OF_IT: Final = 0.8
MOST_MERGED: Final = 10
"""Articles that one copy shows to be the same text as its original."""
_ALL_OF_IT: Final = 0.9  # of an arrived text stands in the other: it has no facts of its own


class Match(NamedTuple):
    """A published article that shares much of the arrived text."""

    original: Known
    """The article."""
    overlap: Overlap
    """What is shared."""
    score: float
    """Containment of one in the other, the higher of both."""
    threshold: float
    """What it had to reach."""
    verdict: Verdict
    """How they relate."""
    agreement: Agreement
    """Numbers and names in the same places of both."""

    @property
    def weight(self) -> float:
        """Estimated shingles that both have, the more the fuller one is in the other."""
        assert self.original.sketch is not None, "only what has a sketch can match"
        return self.overlap.of_stored * self.original.sketch.count * self.score

    def equals(self, best: Match) -> bool:
        """Whether this has as much in common with the text as the best one, within the error of the samples."""
        error = _ERROR / math.sqrt(best.overlap.shared)
        return self.weight >= (1 - error) * best.weight and self.score >= _AS_FULL * best.score

    @property
    def holds_most(self) -> bool:
        """Whether the arrived text has most of it: two articles of which that is true are the same text, or parts of one."""
        return self.overlap.of_stored >= _MOST_OF_IT

    def is_of_house(self, arrived: Shingles, beside: Comparison | None) -> bool:
        """Whether it has only that in common with the text what articles of one source have; `beside` is without what is known of it."""
        stored = self.original.sketch
        assert stored is not None, "only what has a sketch can match"
        rest = None if beside is None else beside.overlap(stored)
        return house.share_little_else(arrived, stored, self.overlap, rest)

    @property
    def agrees(self) -> bool:
        """Whether it tells of the same facts."""
        if not self.agreement.holds:
            return False
        return self.overlap.of_arrived >= _ALL_OF_IT or not self.agreement.lacks(self.overlap.of_stored)


@dataclass(frozen=True, slots=True)
class Found:
    """What the window holds of an arrived text."""

    copy_of: Match | None
    """The original, or None."""
    siblings: tuple[Match, ...]
    """Articles of the same wording that tell other facts, closest first."""
    merges: tuple[Match, ...] = ()
    """Other articles that are the same text as the original, as this text shows."""
    of_house: Match | None = None
    """The article of the same source that it has most in common with, and nothing that makes it a copy (see `house`)."""


def find(arrived: Shingles, statements: Statements, source: str, memory: Memory, state: State) -> Found:
    """Return the original of a text of a source, and its template siblings.

    The candidates that have most in common with the text come first, not those with the highest score: a whole article outweighs a
    short one that is quoted in full. Shingles that very many articles have (footers, appeals, disclaimers) count for nothing, nor do those
    that several of the same source have (`house`). Of the
    candidates whose numbers and names agree, and that have about as much in common with the text as the best one, the original is the one
    with the fewest numbers and names that differ; of equals it is the one seen first. Where there is none, they are siblings.
    """
    rules = memory.rules
    if arrived.count < rules.least_shingles:
        return Found(None, ())
    holders = memory.window.holders(arrived.keys, _fewest_shared(arrived, rules))
    if not len(holders.slots):
        return Found(None, ())
    candidates = [load(state, article_id) for article_id in _promising(holders, arrived, memory)]
    known = [each for each in candidates if each is not None]
    assert len(known) == len(candidates), "the index holds only what the state holds"
    reach = max((each.sketch.threshold for each in known if each.sketch), default=0)
    comparison = Comparison(arrived, holders.boilerplate, reach)
    own = {each.article_id for each in known if memory.origin_of(each)[0].name == source}
    every = (_match(each, arrived, comparison, statements, rules) for each in known)
    matches = [match for match in every if match is not None]
    matches.sort(key=lambda m: (-m.weight, m.original.first_seen_ms, m.original.article_id))
    alike: list[Match] = []
    siblings: list[Match] = []
    for match in matches:
        (alike if match.agrees else siblings).append(match)
    beside = None
    if any(match.original.article_id in own for match in alike):
        words = house.common(arrived, (each for each in known if each.article_id in own))
        beside = Comparison(arrived, holders.boilerplate | words, reach) if words else None
    agreeing: list[Match] = []
    of_house: list[Match] = []
    for match in alike:
        only_house = match.original.article_id in own and match.is_of_house(arrived, beside)
        (of_house if only_house else agreeing).append(match)
    if not agreeing:
        return Found(None, tuple(siblings[: rules.most_related]), of_house=next(iter(of_house), None))
    equal = [match for match in agreeing if match.equals(agreeing[0])]
    first = min(equal, key=lambda m: (m.agreement.other, m.original.first_seen_ms, m.original.article_id))
    merges = tuple(
        match for match in agreeing if match is not first and first.holds_most and match.holds_most
    )
    return Found(first, (), merges[:MOST_MERGED])


def _fewest_shared(arrived: Shingles, rules: Rules) -> int:
    """Return how many sampled shingles must be shared: in a long text it is chance that two are."""
    return rules.fewest_shared if arrived.count <= rules.short else rules.least_shared


def _promising(holders: Holders, arrived: Shingles, memory: Memory) -> list[str]:
    """Return the candidates whose score may be high enough, those that share most first, at most so many."""
    rules, often = memory.rules, len(holders.boilerplate)
    inside = arrived.within(holders.limits)
    # Boilerplate counts for nothing in either text, and is in the smaller one at most as often as there is any.
    smaller = np.maximum(np.minimum(inside, holders.sizes.astype(np.intp)) - often, 1)
    slots, shared = holders.slots, holders.shared
    may = shared >= rules.sure_threshold * smaller
    slots, shared = slots[may], shared[may]
    if (
        len(slots) > 2 * rules.most_candidates
    ):  # equals are told apart by their ids, so none of them is left out here
        least = np.partition(shared, -rules.most_candidates)[-rules.most_candidates]
        slots, shared = slots[shared >= least], shared[shared >= least]
    pairs = sorted(zip((-shared).tolist(), memory.window.ids(slots), strict=True))
    return [article_id for _, article_id in pairs[: rules.most_candidates]]


def threshold(compared: int, agreement: Agreement, rules: Rules) -> float:
    """Return the score that makes a copy, by how many shingles were compared and what the facts say."""
    if compared < rules.few_compared:
        return rules.few_threshold
    sure = agreement.same >= rules.many_same and not agreement.other
    return rules.sure_threshold if sure else rules.threshold


def _match(
    known: Known, arrived: Shingles, comparison: Comparison, statements: Statements, rules: Rules
) -> Match | None:
    sketch = known.sketch
    if sketch is None or sketch.count < rules.least_shingles:
        return None
    both = comparison.overlap(sketch)
    of_stored, of_arrived = both.of_stored, both.of_arrived
    inside = of_arrived >= of_stored
    score = of_arrived if inside else of_stored
    compared = both.arrived if inside else both.stored
    if both.shared < _fewest_shared(arrived, rules):
        return None
    assert known.facts is not None, "what is in the index has facts"
    agreement = statements.agreement(known.facts)
    least = threshold(compared, agreement, rules)
    if score < least or (both.shared < rules.least_shared and agreement.same < rules.least_same):
        return None
    verdict: Verdict = "near"
    if inside and arrived.count < rules.shorter * sketch.count:
        verdict = "excerpt"
    elif not inside and sketch.count < rules.shorter * arrived.count:
        verdict = "extends"
        if arrived.count > rules.much_longer * sketch.count:
            return None
    return Match(known, both, score, least, verdict, agreement)
