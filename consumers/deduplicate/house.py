"""What articles of one source have in common without being copies: imprints, appeals, `About the company`, the words of a form.

A house that published few articles in the window has no boilerplate by numbers (`table.MOST_HOLDERS`). Two things tell it all the same,
of articles of the arriving text's own source only; what other sources publish is compared whole:

- What several of them have, which were all found to be no copies of one another, makes none of a further one that has nothing else of
  theirs.
- Where a text and another one have each a good part of its own, and all that they share is one passage, they are two texts with the same
  passage. A copy has words of its original all over it; an excerpt stands in its original, and a text that was continued holds it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from consumers.deduplicate.record import Known
from consumers.deduplicate.sketch import Overlap, Shingles, Sketch, lower

_SEVERAL: Final = 3
"""Articles of the source that have a passage: then it is the house's."""
_LEAST_LEFT: Final = 5
"""Sampled shingles that either text must have beside it;"""
_AT_THE_EDGE: Final = 0.25
"""of the fewer of these at most so many may be in both: the samples of several texts do not reach equally far."""
_OWN_PART: Final = 0.2
"""Share of either text that is its own, at least,"""
_OWN_PASSAGE: Final = 0.55
"""and so much of the arrived one in one piece; or"""
_LITTLE_OWN: Final = 0.15
"""so little of either, where"""
_OWN_BEGINNING: Final = 0.33
"""the arrived one's is its beginning, so much of it, and"""
_PURE: Final = 0.95
"""of all that follows so much is shared."""
_LEAST_SAMPLED: Final = 4
"""Sampled shingles that must be in the piece: with fewer it may be chance that none is shared."""
_LEAST_OF_BEGINNING: Final = 6
"""Of a beginning so many: a copy of a short text with a new lead has fewer."""


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


def is_all(rest: Overlap) -> bool:
    """Return whether two texts have nothing in common but what is common: `rest` is their overlap without that."""
    least = min(rest.stored, rest.arrived)
    return least >= _LEAST_LEFT and rest.shared <= _AT_THE_EDGE * least


def share_one_passage(arrived: Shingles, stored: Sketch, both: Overlap) -> bool:
    """Return whether all that two texts have in common is one passage, and the rest of each is its own."""
    shared = max(both.of_stored, both.of_arrived)
    if shared > 1 - _LITTLE_OWN:
        return False
    sampled = np.flatnonzero((arrived.at >> np.uint64(48)) <= np.uint64(stored.threshold))
    hits = np.isin(lower(arrived.at[sampled]), np.array(stored.keys, np.uint32))
    places = sampled[hits]
    if not len(places):
        return False
    size = len(arrived.at)
    edges = np.concatenate(([-1], places, [size]))
    longest = int(np.argmax(np.diff(edges)))
    start, end = int(edges[longest]), int(edges[longest + 1])
    inside = np.count_nonzero((sampled > start) & (sampled < end))
    if inside < _LEAST_SAMPLED:
        return False
    if shared <= 1 - _OWN_PART and end - start - 1 >= _OWN_PASSAGE * size:
        return True
    after = hits[np.searchsorted(sampled, places[0]) :]
    begins = longest == 0 and end >= _OWN_BEGINNING * size and inside >= _LEAST_OF_BEGINNING
    return bool(begins and after.mean() >= _PURE)
