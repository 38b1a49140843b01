"""How much of a text stands in an article word for word, in whatever order its passages are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consumers.deduplicate.sketch import WIDTH, Shingles, shingles
from consumers.deduplicate.words import Block, body, read
from schemas.normalized.model import Normalized


@dataclass(frozen=True, slots=True)
class Shared:
    """What a text and an article have in common."""

    shingles: int
    """Distinct runs of three words that both have; numbers count as one another."""
    of_text: float
    """Share of the text's that the article has: 1 when all of it stands there."""
    of_article: float
    """Share of the article's that the text has."""


class SameWords:
    """A text that is looked for. Raises ValueError when it has fewer words than a shingle."""

    def __init__(self, text: str) -> None:
        self._text = _of([Block("", line) for line in text.splitlines() if line.strip()])
        if not self._text.count:
            raise ValueError(f"a text of at least {WIDTH} words is needed")

    def shared(self, article: Normalized) -> Shared:
        """Return what an article has of it."""
        other = _of(body(article.sections, article.summary))
        both = len(np.intersect1d(self._text.distinct, other.distinct, assume_unique=True))
        return Shared(both, both / self._text.count, both / max(1, other.count))


def _of(blocks: list[Block]) -> Shingles:
    return shingles(read(blocks))
