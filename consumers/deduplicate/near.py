"""The near-duplicate layer: finds what an arriving text is a copy of."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from consumers.deduplicate.facts import Statements
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.record import Known
from consumers.deduplicate.rules import Rules
from consumers.deduplicate.sketch import Overlap, Shingles, lower, overlap
from newswire.state.contract import State

Verdict = Literal["near", "excerpt", "extends"]


@dataclass(frozen=True, slots=True)
class Match:
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

    @property
    def common(self) -> float:
        """Estimated shingles that both have."""
        assert self.original.sketch is not None, "only what has a sketch can match"
        return self.overlap.of_stored * self.original.sketch.count


@dataclass(frozen=True, slots=True)
class Found:
    """What the window holds of an arrived text."""

    copy_of: Match | None
    """The original, or None."""
    siblings: tuple[Match, ...]
    """Articles of the same wording that tell other facts, closest first."""


def find(arrived: Shingles, statements: Statements, memory: Memory, state: State) -> Found:
    """Return the original of a text and its template siblings.

    The candidates that have most in common with the text come first, not those with the highest score: a whole article outweighs a
    short one that is quoted in full. Shingles that very many articles have (footers, appeals, disclaimers) count for nothing. The
    first candidate whose numbers and names agree is the original; of equals it is the one seen first.
    """
    rules = memory.rules
    if arrived.count < rules.least_shingles:
        return Found(None, ())
    holders, boilerplate = memory.window.holders(lower(arrived.distinct), rules.least_shared)
    promising = sorted(holders, key=lambda pair: (-pair[0], pair[1]))
    matches = []
    for _, article_id in promising[: rules.most_candidates]:
        known = load(state, article_id)
        assert known is not None, "the index holds only what the state holds"
        match = _match(known, arrived, boilerplate, rules)
        if match is not None:
            matches.append(match)
    matches.sort(key=lambda m: (-m.common, m.original.first_seen_ms, m.original.article_id))
    siblings: list[Match] = []
    for match in matches:
        assert match.original.facts is not None, "what is in the index has facts"
        if statements.agreement(match.original.facts).holds:
            return Found(match, ())
        siblings.append(match)
    return Found(None, tuple(siblings[: rules.most_related]))


def _match(known: Known, arrived: Shingles, boilerplate: Set[int], rules: Rules) -> Match | None:
    sketch = known.sketch
    if sketch is None or sketch.count < rules.least_shingles:
        return None
    both = overlap(sketch, arrived, boilerplate)
    inside = both.of_arrived >= both.of_stored
    score = both.of_arrived if inside else both.of_stored
    compared = both.arrived if inside else both.stored
    threshold = rules.few_threshold if compared < rules.few_compared else rules.threshold
    if both.shared < rules.least_shared or score < threshold:
        return None
    verdict: Verdict = "near"
    if inside and arrived.count < rules.shorter * sketch.count:
        verdict = "excerpt"
    elif not inside and sketch.count < rules.shorter * arrived.count:
        verdict = "extends"
        if arrived.count > rules.much_longer * sketch.count:
            return None
    return Match(known, both, score, threshold, verdict)
