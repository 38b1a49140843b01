"""The country that a word names: `Greece`, `Greek` and `Greeks` are one term, and Athens is of it."""

from __future__ import annotations

from typing import Final

from consumers.enrich.gazetteer import gazetteer

_WITH_PEOPLES: Final = frozenset(["en"])
"""Languages whose peoples and adjectives are known. In others a country's name is a word like any, with its endings."""
_SORTS: Final = frozenset(["country", "people", "capital"])


def country_of(word: str, language: str) -> tuple[str, bool]:
    """Return the term of the country that a word with a capital tells of, and whether it names the country itself; without one, nothing.

    A part of a country and a capital tell of it, and remain places of their own. The term is no word of any language.
    """
    if language not in _WITH_PEOPLES or not word[0].isupper():
        return "", False
    names = gazetteer(language).single
    known = names.get(word) or (names.get(word.capitalize()) if word.isupper() else None)
    if known is None or known.country is None or known.sort not in _SORTS:
        return "", False
    term = f"c:{known.country}"
    return term, known.key == term
