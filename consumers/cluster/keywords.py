"""The terms that hold a story together."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from consumers.cluster.function_words import calendar_words
from consumers.cluster.memory import Memory
from consumers.cluster.record import Told
from consumers.cluster.terms import Terms
from consumers.cluster.vector import term_key
from consumers.scripts import SPACED_WORD
from newswire.state.contract import State

_NAMEABLE: Final = re.compile(SPACED_WORD)  # no numbers, and no pairs of letters of scripts without spaces

_LONGEST: Final = 60
"""Characters: what is longer names nothing, and a text without a space is no keyword."""


def holding(story: Told, terms: Terms, memory: Memory, state: State) -> tuple[str, ...]:
    """Return the heaviest terms of a story's members; of two or more members, terms that at least two of them have.

    Scripts without spaces between words have none here. Vectors hold hashes only: the words come from the article that has just arrived
    (`terms`) and from what was named before.
    """
    members = memory.members(story.story_id, state)[-memory.rules.most_members :]
    weight: Counter[int] = Counter()
    holders: Counter[int] = Counter()
    for placed in members:
        weight.update(placed.vector.weights)
        holders.update(placed.vector.weights.keys())
    written = {word.casefold(): word for word in story.keywords} | terms.written
    for day in calendar_words(story.language):  # a day may hold a story together, but nobody would name it so
        written.pop(day, None)
    words = {term_key(story.language, term): word for term, word in written.items()}
    least = min(2, len(members))
    named = [
        (-weight[key], word)
        for key, word in words.items()
        if holders[key] >= max(1, least) and len(word) <= _LONGEST and _NAMEABLE.fullmatch(word)
    ]
    return tuple(word for _, word in sorted(named)[: memory.rules.most_keywords])
