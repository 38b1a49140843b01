"""The terms that hold a story together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from consumers.cluster.function_words import calendar_words
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told
from consumers.cluster.terms import Terms, term_of
from consumers.cluster.vector import term_key, weights_in
from consumers.scripts import SPACED_WORD

_NAMEABLE: Final = re.compile(SPACED_WORD)  # no numbers, and no pairs of letters of scripts without spaces

_LONGEST: Final = 60
"""Characters: what is longer names nothing, and a text without a space is no keyword."""


def holding(story: Told, terms: Terms, members: Sequence[Placed], memory: Memory) -> tuple[str, ...]:
    """Return the heaviest terms of a story's members; of two or more members, terms that at least two of them have.

    Scripts without spaces between words have none here. Vectors hold hashes only: the words come from the article that has just arrived
    (`terms`) and from what was named before.
    """
    weight: Counter[int] = Counter()
    holders: Counter[int] = Counter()
    for placed in members[-memory.rules.most_members :]:
        keys = placed.vector.keys.tolist()
        holders.update(keys)
        weight.update(dict(zip(keys, weights_in(placed.vector.codes).tolist(), strict=True)))
    written = {term_of(word, story.language): word for word in story.keywords} | terms.written
    days = calendar_words(story.language)  # a day may hold a story together, but nobody would name it so
    words = {
        term_key(story.language, term): word for term, word in written.items() if word.casefold() not in days
    }
    least = min(2, len(members))
    named = [
        (-weight[key], word)
        for key, word in words.items()
        if holders[key] >= max(1, least) and len(word) <= _LONGEST and _NAMEABLE.fullmatch(word)
    ]
    return tuple(word for _, word in sorted(named)[: memory.rules.most_keywords])
