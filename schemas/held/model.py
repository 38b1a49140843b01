"""The held event: an article that waits for its embargo. A tombstone under the same key says it was released."""

from __future__ import annotations

from typing import Literal

from schemas.core.contract import ArticleId, Contract, UtcDatetime
from schemas.core.lineage import Lineage
from schemas.core.source import Source


class Held(Contract):
    """That an article waits, and for what; nothing of its content. Key: `article_id`."""

    article_id: ArticleId
    """The article."""
    source: Source
    """Who published it."""
    why: Literal["embargo", "withheld"]
    """Why it waits: for the end of its embargo, or for the publisher, who withholds it."""
    until: UtcDatetime | None = None
    """When it will be released; absent when only the publisher knows."""
    lineage: Lineage
    """Its raw record, and the stages since."""
