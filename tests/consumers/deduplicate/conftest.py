"""A partition to try the stage on: captures go in, decisions come out, as on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from partition_in_memory import PartitionInMemory

from consumers.deduplicate import Deduplicate
from consumers.normalize.content_hash import content_hash
from newswire.errors import Verdict
from newswire.event import Emit, Event
from schemas.core.lineage import RecordRef
from schemas.ids import article_id
from schemas.normalized.model import Normalized, Section
from schemas.tick.model import Tick

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def normalized(
    name: str,
    text: str | list[str] = "",
    *,
    offset: int = 0,
    at: datetime = START,
    headline: str = "A headline",
    summary: str | None = None,
    source: str = "herald",
    status: str = "usable",
    embargo: datetime | None = None,
    language: str = "en",
    **fields: Any,
) -> dict[str, Any]:
    """Return the payload of a capture: `name` stands for the article's URL; a list of texts is a live blog's sections."""
    texts = [text] if isinstance(text, str) else text
    sections = tuple(
        Section(paragraphs=tuple(line.strip() for line in part.strip().split("\n")))
        for part in texts
        if part.strip()
    )
    url = f"https://news.example/{name}"
    data = {
        "article_id": article_id(url=url),
        "source": {"name": source, "kind": "files"},
        "kind": "article" if len(sections) < 2 else "live_blog",
        "url": url,
        "headline": headline,
        "summary": summary,
        "language": language,
        "captured_at": at,
        "sections": sections,
        "content_hash": content_hash(headline, summary, sections),
        "rights": {"status": status, "embargoed_until": embargo},
        "provenance": {},
        "lineage": {
            "was_derived_from": {"topic": "news.raw.v1", "partition": 0, "offset": offset},
            "was_generated_by": [
                {
                    "stage": "normalize",
                    "rule_version": "1",
                    "used": {"topic": "news.raw.v1", "partition": 0, "offset": offset},
                }
            ],
        },
    } | fields
    return Normalized.model_validate(data).to_data()


class Partition(PartitionInMemory):
    """One partition of the stage, in memory. What a refused call did is undone, as in the stage loop."""

    def __init__(self, handler: Any = None) -> None:
        super().__init__()
        self.handler = handler or Deduplicate()
        self.now = START
        self.refused: list[tuple[int, str]] = []
        self.told: list[Emit] = []

    def send(
        self, name: str, text: str | list[str] = "", *, after: timedelta = timedelta(0), **fields: Any
    ) -> list[Emit]:
        """Send a capture, made `after` the one before, and return what follows."""
        self.now += after
        fields.setdefault("at", self.now)
        return self.put("normalized", normalized(name, text, offset=self.offset, **fields), fields["at"])

    def tick(self, after: timedelta = timedelta(0)) -> list[Emit]:
        """Send a tick."""
        self.now += after
        return self.put("tick", Tick(at=self.now).to_data(), self.now)

    def put(self, name: str, data: Mapping[str, Any], at: datetime) -> list[Emit]:
        """Send an event and return what follows; nothing for a refusal, which is noted in `refused`.

        What is told of copies behind their originals is in `told`.
        """
        event = Event(
            name=name,
            id=str(self.offset),
            key=data.get("article_id", ""),
            data=data,
            ref=RecordRef(topic="news.normalized.v1", partition=0, offset=self.offset),
            timestamp_ms=round(at.timestamp() * 1000),
        )
        self.offset += 1
        before = dict(self.state.data)
        try:
            emitted = list(self.handler.handle(event, self.state))
        except Verdict as verdict:
            self.refused.append((self.offset - 1, getattr(verdict, "reason", "")))
            self.back_to(before)
            return []
        self.told = [emit for emit in emitted if emit.event == "carried"]
        return [emit for emit in self.written(emitted) if emit.event != "carried"]


@pytest.fixture
def partition() -> Partition:
    return Partition()


@pytest.fixture(scope="session")
def new_partition() -> Callable[[], Partition]:
    return Partition


@pytest.fixture(scope="session")
def capture() -> Callable[..., dict[str, Any]]:
    return normalized
