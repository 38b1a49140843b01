"""One partition of the cluster stage, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from partition_in_memory import PartitionInMemory

from consumers.cluster import Cluster
from newswire.event import Emit, Event
from schemas.article.model import Article
from schemas.core.lineage import RecordRef
from schemas.ids import article_id
from schemas.purge.model import Purge
from schemas.tick.model import Tick

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FERRY = (
    "Ferry Solveig runs aground off Tarn",
    """The ferry Solveig ran aground off the island of Tarn early on Tuesday with 212 people on board, the coast guard said. Captain Ines
    Okoro told passengers to put on life jackets. Nobody was hurt.""",
)
FERRY_AGAIN = (
    "Passengers of grounded ferry brought to Tarn",
    """All 212 passengers of the ferry Solveig, which ran aground off Tarn, have been brought to the island in boats of the coast guard.
    Captain Ines Okoro stayed on board with six of her crew.""",
)
FERRY_THIRD = (
    "Coast guard asks why Solveig left its course",
    """The ferry Solveig was two miles off its course when it ran aground off the island of Tarn, the coast guard said. Captain Ines Okoro
    has been asked to explain. All 212 passengers are safe.""",
)
BUDGET = (
    "Council of Lindum adopts budget after long night",
    """The council of Lindum adopted a budget for the schools of the town after nine hours of debate. Treasurer Hanne Vik called it a
    compromise that nobody likes.""",
)


class Partition(PartitionInMemory):
    """One partition of the stage, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = Cluster()
        self.now = START

    def send(
        self,
        name: str,
        text: tuple[str, str],
        *,
        after: timedelta = timedelta(0),
        revision: int = 1,
        change: str = "new",
        **fields: Any,
    ) -> list[Emit]:
        self.now += after
        return self.put(self.article(name, text, revision=revision, change=change, **fields).to_data())

    def article(
        self, name: str, text: tuple[str, str], *, revision: int = 1, change: str = "new", **fields: Any
    ) -> Article:
        """Return what `send` sends."""
        headline, body = text
        data: dict[str, Any] = {
            "article_id": article_id(url=f"https://news.example/{name}"),
            "source": {"name": name, "kind": "files"},
            "kind": "article",
            "headline": headline,
            "language": "en",
            "captured_at": self.now,
            "sections": ({"paragraphs": tuple(line.strip() for line in body.split("\n"))},),
            "content_hash": "0" * 64,
            "rights": {},
            "provenance": {},
            "lineage": {"was_derived_from": {"topic": "news.raw.v1", "partition": 0, "offset": self.offset}, "was_generated_by": ()},
            "revision": {"number": revision, "change": change},
            "first_seen_at": self.now,
            "word_count": 0,
            "reading_time_seconds": 0,
        } | fields  # fmt: skip
        return Article.model_validate(data)

    def tick(self, *, after: timedelta = timedelta(0)) -> list[Emit]:
        """Let time pass without an article."""
        self.now += after
        return self._handle("tick", "", Tick(at=self.now).to_data())

    def purge(self, **fields: Any) -> list[Emit]:
        """Have what the fields name forgotten, captures that come later allowed."""
        of_nobody = {"purge_id": "0b6d8a526f0e", "at": self.now, "requested_by": "x", "reason": "y"}
        data = Purge.model_validate({"refuse_later": False} | of_nobody | fields).to_data()
        return self._handle("purge", "", data)

    def put(self, data: Mapping[str, Any]) -> list[Emit]:
        return self._handle("article", data["article_id"], data)

    def _handle(self, name: str, key: str, data: Mapping[str, Any]) -> list[Emit]:
        event = Event(
            name=name,
            id=str(self.offset),
            key=key,
            data=data,
            ref=RecordRef(topic="news.articles.v1", partition=0, offset=self.offset),
            timestamp_ms=round(self.now.timestamp() * 1000),
        )
        self.offset += 1
        return self.written(list(self.handler.handle(event, self.state)))


def only(emits):
    (emit,) = emits
    return emit.data
