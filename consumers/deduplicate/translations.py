"""Versions in other languages: told by what the article itself says, since copies are only looked for within a language."""

from __future__ import annotations

from schemas.normalized.model import Normalized
from schemas.unique.model import Related


def versions_named(article: Normalized) -> tuple[Related, ...]:
    """Return the articles that this one names as itself in other languages.

    Nothing of them is looked up: their state is in the partition of their language, and the answer must not depend on how many
    partitions there are, or on which of the articles came first.
    """
    return tuple(
        Related(
            article_id=each.article_id,
            relation="translation-suspected",
            score=each.confidence,
            found_in=each.found_in,
        )
        for each in article.translations or ()
        if each.article_id != article.article_id
    )
