"""How two captures of one article relate."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

from consumers.deduplicate.facts import Statements
from consumers.deduplicate.record import Known
from consumers.deduplicate.sketch import Shingles, overlap

Relation = Literal["append", "correct", "rewrite", "cosmetic"]

_MOST_KEPT: Final = 0.85  # of the old text's shingles: below, old passages were taken out
_MOSTLY_SAME: Final = 0.6  # of both texts' shingles: below, it is another text
_GROWTH: Final = 1.05  # a text that grew by less was corrected, not continued
_MOST_MOVED: Final = 2  # facts that one passage that came in can have pushed from their place
_MUCH_GROWTH: Final = 1.3  # one that also changed a fact was continued only if it grew by so much


def relation(
    before: Known, words_hash: bytes, after: Shingles, statements: Statements, signals: Collection[str] = ()
) -> Relation | None:
    """Return how new content relates to the content before; None when nothing is left to compare with.

    `cosmetic`: the same words in the same order, headline and summary included. `append`: the body holds nearly all of the old one
    and is longer; one that is little longer and has other numbers or names in the old places is none. `correct`: most of both bodies is
    the same, or the publisher says that it corrects (`signals`). `rewrite`: anything else.
    """
    if before.words_hash == words_hash:
        return "cosmetic"
    if before.sketch is None:
        return None
    if "corrected" in signals:
        return "correct"
    if before.sketch.count == 0 or after.count == 0:
        same = before.sketch.count == after.count  # headline or summary changed, there is no body
        return "correct" if same else "append" if after.count else "rewrite"
    both = overlap(before.sketch, after)
    growth = after.count / before.sketch.count
    if both.of_stored >= _MOST_KEPT and growth > (
        _GROWTH if _same_facts(before, statements) else _MUCH_GROWTH
    ):
        return "append"
    return "correct" if min(both.of_stored, both.of_arrived) >= _MOSTLY_SAME else "rewrite"


def same_text(before: Known, after: Known, shingles: Shingles) -> bool:
    """Return whether a capture shows the text that is remembered, as far as its samples tell: all of them are in both."""
    if before.sketch is None or before.sketch.count != shingles.count or before.facts != after.facts:
        return False
    return shingles.count < 1 or overlap(before.sketch, shingles).of_stored == 1


def _same_facts(before: Known, statements: Statements) -> bool:
    if before.facts is None:
        return True
    other = statements.agreement(before.facts).other
    # What comes in before a fact takes its place, as the newest line of a live blog does: the fact itself has moved on.
    return not other or (other <= _MOST_MOVED and not statements.gone(before.facts))
