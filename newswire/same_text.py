"""Where a text stands: the articles on the topics that have it, word for word, the most of it first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from newswire import topology
from newswire.comparing import purged
from newswire.errors import UsageError
from newswire.log.contract import Log
from newswire.scan import scan
from newswire.stage.runner import load_handler
from schemas.normalized.model import Normalized


@dataclass(frozen=True, slots=True)
class Match:
    """An article that has something of the text; of several captures that which has most."""

    article_id: str
    headline: str
    source: str
    url: str | None
    published_at: datetime | None
    captured_at: datetime
    shared: int
    """Distinct runs of three words that both have."""
    of_text: float
    """Share of the text that stands in the article, by those runs."""
    of_article: float
    """Share of the article that stands in the text."""


def find(log: Log, text: str, *, least: float = 0.2, source: str | None = None) -> list[Match]:
    """Return the articles in which at least the share `least` of the text stands, or that stand in it as much, the most of it first.

    All of `news.normalized.v1` is read, copies and revisions too: its time grows with the topic. What was purged is left out. Raises
    UsageError for a text of fewer than three words.
    """
    handler: Any = load_handler("deduplicate")
    try:
        wanted = handler.same_words(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    best: dict[str, Match] = {}
    for article in _articles(log):
        if source is not None and article.source.name != source:
            continue
        shared = wanted.shared(article)
        if max(shared.of_text, shared.of_article) < least or not shared.shingles:
            continue
        known = best.get(article.article_id)
        if known is None or known.shared < shared.shingles:
            best[article.article_id] = Match(
                article.article_id,
                article.headline,
                article.source.name,
                article.url,
                article.published_at,
                article.captured_at,
                shared.shingles,
                shared.of_text,
                shared.of_article,
            )
    gone = {key.decode() for key in purged(log, {name.encode() for name in best})}
    matches = [match for name, match in best.items() if name not in gone]
    return sorted(matches, key=lambda match: (-match.of_text, -match.of_article, match.captured_at))


def _articles(log: Log) -> Iterator[Normalized]:
    topic = topology.topic("normalized").name
    for record in scan(log, topic, log.end_offsets(topic)):
        if record.value is not None:
            yield Normalized.from_data(orjson.loads(record.value))
