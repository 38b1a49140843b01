"""Whether a word is a name of which only its capital is known, and that may come of a headline that Writes All Words So."""

from __future__ import annotations

import functools
from typing import Final

from consumers.cluster.stems import stem
from consumers.enrich.vocabulary import vocabulary

_WRITES_TITLES_IN_CAPITALS: Final = frozenset(["en"])


def may_be_name(term: str, language: str) -> bool:
    """Return whether a term that no article has shown yet is taken for a name: where headlines are in capitals, what is no common word."""
    return language in _WRITES_TITLES_IN_CAPITALS and term not in _common(language)


@functools.cache
def _common(language: str) -> frozenset[str]:
    """Return the stems of words that enrichment knows not to be names: frequent ones, roles, kinds of places, organisations and things."""
    known = vocabulary(language)
    words = known.stopwords | known.roles | known.modifiers | known.heads | known.honorifics | known.function
    return frozenset(stem(word.casefold(), language) for word in words)
