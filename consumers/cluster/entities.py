"""Whom and what a story names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from consumers.cluster.record import Named, Placed
from consumers.cluster.vector import term_key
from schemas.article.model import Article

_MOST_OF_ARTICLE: Final = 8
_MOST_KNOWN: Final = 16
_LONGEST: Final = 80
"""Characters of a name."""


def named_most(article: Article) -> list[Named]:
    """Return the entities that an article names most, the most named first."""
    by_mentions = sorted(article.entities, key=lambda entity: (-len(entity.mentions), entity.name))
    return [
        Named(entity.name, entity.type)
        for entity in by_mentions[:_MOST_OF_ARTICLE]
        if len(entity.name) <= _LONGEST
    ]


def entity_key(named: Named) -> int:
    """Return the hash by which an article remembers whom it names."""
    return term_key(named.type, named.name.casefold())


def of_story(
    known: Sequence[Named], arrived: Sequence[Named], members: Sequence[Placed]
) -> tuple[Named, ...]:
    """Return what members of a story name, what most of them name first: names come from the latest article and from what was known."""
    counts = article_counts(members)
    by_key = {entity_key(named): named for named in (*known, *arrived)}
    held = sorted((-counts[key], named) for key, named in by_key.items() if counts[key])
    return tuple(named for _, named in held[:_MOST_KNOWN])


def article_counts(members: Sequence[Placed]) -> Counter[int]:
    """Return how many members name each entity, by its hash."""
    return Counter(key for placed in members for key in placed.entities)
