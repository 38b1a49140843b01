"""What the stage takes out of an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from consumers.cluster.assign import vectorize
from consumers.cluster.entities import entity_key, named_most
from consumers.cluster.memory import Memory
from consumers.cluster.record import Named, Placed, kept_agency
from consumers.cluster.terms import NONE, Terms, weigh
from consumers.cluster.vector import Vector
from schemas.article.model import Article
from schemas.carried.model import Carrier

_MIDDAY: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it is compared."""

    language: str
    """ISO 639."""
    terms: Terms
    """What it is about."""
    vector: Vector
    """The same, in few bytes."""
    entities: tuple[Named, ...]
    """Whom and what it names most."""
    time_ms: int
    """When it was published, or captured."""

    def placed(self, article: Article, story_id: str, place: int, step: int, source: int) -> Placed:
        """Return what is remembered of the article in a story."""
        return Placed(
            article_id=article.article_id,
            story_id=story_id,
            place=place,
            revision=article.revision.number,
            step=step,
            time_ms=self.time_ms,
            published_ms=_ms(article.published_at) if article.published_at else None,
            language=self.language,
            source=source,
            agency=kept_agency(article.agency),
            score=0,
            headline=article.headline,
            entities=frozenset(map(entity_key, self.entities)),
            vector=self.vector,
        )


NOTHING: Final = Reading("und", NONE, Vector(np.zeros(0, np.uint32), np.zeros(0, np.uint8)), (), 0)
"""Of an article that went."""


def read(article: Article, memory: Memory) -> Reading:
    """Return what an article is compared by."""
    language = article.language.split("-")[0]
    terms = weigh(article, memory.rules)
    vector = vectorize(terms, language, memory)
    return Reading(language, terms, vector, tuple(named_most(article)), _ms(time_of(article)))


def time_of(dated: Article | Carrier) -> datetime:
    """Return when an article, or a copy of one, was published, as far as it can be compared.

    A day without a time counts as its midday, the future as now.
    """
    if dated.published_at is None or dated.published_at >= dated.captured_at:
        return dated.captured_at
    known_to = _MIDDAY if dated.published_precision == "day" else timedelta(0)
    return min(dated.published_at + known_to, dated.captured_at)


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)
