"""What articles of one source have in common without being copies: imprints, appeals, `About the company`, the words of a form.

A house that published few articles in the window has no boilerplate by numbers (`table.MOST_HOLDERS`). Two things tell it all the same,
of articles of the arriving text's own source only; what other sources publish is compared whole:

- Where a text and another one have each a good part of its own, and all that they share is one passage, they are two texts with the same
  passage. A copy has words of its original all over it; an excerpt stands in its original, and a text that was continued holds it.
- Of a closing passage that several of them have, which were all found to be no copies of one another, less is asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from consumers.deduplicate.record import Known
from consumers.deduplicate.sketch import Overlap, Shingles, Sketch, lower

_SEVERAL: Final = 3
"""Articles of the source that have a shingle: then it is the house's."""
_LEAST_LEFT: Final = 5
"""Sampled shingles that either text must have beside what is the house's;"""
_AT_THE_EDGE: Final = 0.25
"""of the fewer of these at most so many may be in both: the samples of several texts do not reach equally far."""


class _Asked(NamedTuple):
    """What a text must have of its own to be no copy."""

    own: float
    """Share of either text that is not in the other, at least."""
    beginning: float
    """Share of the arrived text before anything is shared,"""
    sampled: int
    """in sampled shingles: with fewer it may be chance, or a new lead over a short text."""
    after: float
    """Share of what follows that is shared: a copy was edited here and there."""


_UNKNOWN: Final = _Asked(own=0.15, beginning=0.33, sampled=6, after=0.95)
"""Where the closing passage was not met before."""
_KNOWN: Final = _Asked(own=0.1, beginning=0.15, sampled=4, after=0.9)
"""Where what both have is the house's."""
_OWN_PART: Final = 0.2
"""Share of either text that is its own, where"""
_OWN_PIECE: Final = 0.55
"""so much of the arrived one is in one piece."""


def common(arrived: Shingles, articles: Iterable[Known]) -> set[int]:
    """Return those of a text's shingles that several of these articles of its source have, as far as their samples reach."""
    sketches = [known.sketch for known in articles if known.sketch]
    if len(sketches) < _SEVERAL:
        return set()
    counts = Counter(key for sketch in sketches for key in sketch.keys)
    limits = sorted(sketch.threshold for sketch in sketches)
    found = set()
    for key in counts.keys() & arrived.places.keys():
        reach = len(limits) - bisect_left(limits, arrived.height(key))
        if counts[key] >= max(_SEVERAL - 1, min(_SEVERAL, reach)):
            found.add(key)
    return found


def share_little_else(arrived: Shingles, stored: Sketch, both: Overlap, rest: Overlap | None) -> bool:
    """Return whether all that two texts have in common is one passage, and the rest of each is its own.

    `rest` is their overlap without what is the house's, None where nothing is known to be.
    """
    shared = max(both.of_stored, both.of_arrived)
    asked = _KNOWN if rest is not None and _is_little(rest) else _UNKNOWN
    if shared > 1 - asked.own:
        return False
    sampled = ((arrived.at >> np.uint64(48)) <= np.uint64(stored.threshold)).nonzero()[0]
    hits = np.isin(lower(arrived.at[sampled]), np.array(stored.keys, np.uint32))
    if not hits.any():
        return False
    size, first = len(arrived.at), int(np.argmax(hits))
    if (
        sampled[first] >= asked.beginning * size
        and first >= asked.sampled
        and hits[first:].mean() >= asked.after
    ):
        return True
    edges = np.concatenate(([-1], sampled[hits], [size]))
    return shared <= 1 - _OWN_PART and int(np.diff(edges).max()) > _OWN_PIECE * size


def _is_little(rest: Overlap) -> bool:
    least = min(rest.stored, rest.arrived)
    return least >= _LEAST_LEFT and rest.shared <= _AT_THE_EDGE * least
