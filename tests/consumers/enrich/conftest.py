"""An article to enrich, from a few paragraphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consumers.enrich import Enrich
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef

Enriched = Callable[[dict[str, Any]], dict[str, Any]]
Read = Callable[..., dict[str, Any]]


def _enriched(data: dict[str, Any]) -> dict[str, Any]:
    ref = RecordRef(topic="news.unique.v1", partition=0, offset=7)
    event = Event("unique", "id", data["article_id"], data, ref, 0)
    (emit,) = Enrich().handle(event, MemoryState())
    assert (emit.event, emit.key) == ("article", data["article_id"])
    assert emit.language == data["language"].split("-")[0]
    assert emit.data is not None
    return emit.data.to_data()


@pytest.fixture
def enriched() -> Enriched:
    """The article event's payload of a unique event's payload."""
    return _enriched


@pytest.fixture
def read() -> Read:
    """The article event's payload of some paragraphs under the headline `News`, published on Thursday 2024-02-01."""

    def make(*paragraphs: str, language: str = "en", **changes: Any) -> dict[str, Any]:
        return _enriched(payload(*paragraphs, language=language, **changes))

    return make


def payload(*paragraphs: str, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Return a unique event's payload."""
    return {
        "article_id": "8d5b1e0e-2f5e-5c1e-8f5e-1234567890ab",
        "source": {"name": "files", "kind": "files"},
        "kind": "article",
        "headline": "News",
        "language": language,
        "published_at": "2024-02-01T00:00:00Z",
        "published_precision": "day",
        "captured_at": "2024-02-01T12:00:00Z",
        "sections": [{"paragraphs": list(paragraphs)}],
        "content_hash": "0" * 64,
        "rights": {},
        "provenance": {},
        "lineage": {
            "was_derived_from": {"topic": "news.raw.v1", "partition": 0, "offset": 0},
            "was_generated_by": [],
        },
        "revision": {"number": 1, "change": "new"},
        "first_seen_at": "2024-02-01T12:00:00Z",
        **changes,
    }
