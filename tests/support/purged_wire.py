"""What the tests of purges share: captures whose words can be looked for."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import orjson
from wire import everything

from newswire import topology
from newswire.envelope import Encoder, is_control
from newswire.event import Emit
from newswire.log.contract import Log, Outgoing
from schemas.raw.model import Raw

CAPTURED = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
MARK = "zanzibarquill"
"""A word that stands in every headline and text, unless a test says otherwise."""


def text(seed: int, words: int = 90) -> str:
    """Return a text that has nothing in common with that of another seed."""
    drawn = random.Random(seed)
    return " ".join(
        "".join(drawn.choices("abcdefghiklmnoprstuvw", k=drawn.randint(3, 9))) for _ in range(words)
    )


def capture(
    log: Log, url: str, body: str, *, source: str = "herald", at: datetime = CAPTURED, **more: Any
) -> Outgoing:
    """Return the raw record of a capture."""
    headline = more.pop("headline", f"{MARK} {body[:40]}")
    raw = Raw.from_data(
        {
            "source": {"name": source, "kind": "files"},
            "captured_at": at,
            "media_type": "text/plain",
            "body": body,
            "url": url,
            "item": {"headline": headline, "language": "en"},
            **more,
        }
    )
    return Encoder("files", log.topics()).record(
        Emit("raw", url, raw),
        raw.to_data(),
        event_id=f"{url}-{at}-{body[:20]}",
        timestamp_ms=int(at.timestamp() * 1000),
        now=at,
    )


def articles(log: Log) -> list[dict[str, Any]]:
    """Return all article events."""
    return [
        orjson.loads(record.value or b"") for record in everything(log, "article") if not is_control(record)
    ]


def contents_of(log: Log) -> dict[str, int]:
    """Return how many records are on each topic."""
    return {topic.name: len(everything(log, topic.event)) for topic in topology.TOPICS}
