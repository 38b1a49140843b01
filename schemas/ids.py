"""Deterministic ids: the same article has the same id in every replay, on every machine."""

from __future__ import annotations

import uuid
from typing import Final

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:newswire:article")
_UNIT_SEPARATOR = "\x1f"


def article_id(
    *,
    url: str | None = None,
    source: str | None = None,
    guid: str | None = None,
    headline: str | None = None,
    date: str | None = None,
) -> str:
    """Return the id of an article: a UUID version 5 (RFC 9562) of the strongest identity it has.

    In this order: the canonical `url`; `source` and `guid`; `source`, `headline` and `date` (an ISO 8601 day or instant, or
    nothing). ValueError when none of the three is complete.
    """
    if url:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, url))
    if source and guid:
        return _derived("guid", source, guid)
    if source and headline:
        return _derived("headline", source, headline, date or "")
    raise ValueError("an article id needs a canonical url, or source and guid, or source and headline")


def story_id(first_article_id: str) -> str:
    """Return the id of the story that begins with this article."""
    return _derived("story", first_article_id)


def _derived(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, _UNIT_SEPARATOR.join(parts)))
