"""What tests of the wire share: raw records, tiny handlers, and a reader of everything a topic holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from newswire import topology
from newswire.envelope import Encoder, event_type, is_control
from newswire.errors import Drop, Reject, Retry
from newswire.event import Emit, Event
from newswire.log.contract import Log, Outgoing, Record
from newswire.state.contract import State
from newswire.topics import specs
from schemas.core.lineage import Lineage
from schemas.core.source import Source
from schemas.ids import article_id
from schemas.normalized.model import Normalized, Section
from schemas.raw.model import Raw

_TICK = ("ce_type", event_type("tick").encode())
CAPTURED = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


class TinyNormalize:
    """A handler under the name of a real stage: its behaviour is told by the body of the raw record."""

    name = "normalize"
    rule_version = "tiny-1"

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        raw = Raw.from_data(event.data)
        state.put("seen:" + (raw.guid or ""), b"1")
        state.put("count", str(int(state.get("count") or b"0") + 1).encode())
        match raw.body.split():
            case ["reject"]:
                raise Reject("told-to", "the body says so", "/body")
            case ["drop"]:
                raise Drop("told-to", "the body says so")
            case ["retry"]:
                raise Retry(0.0, "the body says so")
            case ["bug"]:
                raise ZeroDivisionError("the body says so")
            case ["contract"]:
                yield Emit("normalized", "k", normalized(event, raw).model_copy(update={"headline": ""}))
                return
        yield Emit("normalized", normalized(event, raw).article_id, normalized(event, raw), language="en")


def normalized(event: Event, raw: Raw) -> Normalized:
    return Normalized(
        article_id=article_id(source=raw.source.name, guid=raw.guid or "none"),
        source=raw.source,
        kind="article",
        guid=raw.guid,
        headline=raw.guid or "none",
        language="en",
        captured_at=raw.captured_at,
        sections=(Section(paragraphs=(raw.body,)),),
        content_hash=hashlib.sha256(raw.body.encode()).hexdigest(),
        rights=raw.rights,
        provenance={},
        lineage=Lineage(
            was_derived_from=event.ref,
            was_generated_by=(event.used_by("normalize", TinyNormalize.rule_version),),
        ),
    )


def raw(guid: str, body: str = "One plain sentence.", source: str = "herald") -> Raw:
    return Raw(
        source=Source(name=source, kind="files"),
        captured_at=CAPTURED,
        media_type="text/plain",
        body=body,
        guid=guid,
    )


def raw_record(
    log: Log, guid: str, body: str = "One plain sentence.", *, partition: int | None = None
) -> Outgoing:
    event = raw(guid, body)
    return Encoder("files", log.topics()).record(
        Emit("raw", guid, event),
        event.to_data(),
        event_id=f"raw-{guid}",
        timestamp_ms=int(CAPTURED.timestamp() * 1000),
        now=CAPTURED,
        partition=partition,
    )


def bare(value: bytes | None, *, headers: tuple[tuple[str, bytes], ...] = (), key: bytes = b"k") -> Outgoing:
    """Return a record as a foreign producer might write it."""
    return Outgoing("news.raw.v1", 0, key, value, 1_706_745_600_000, headers)


def make_topics(log: Log, partitions: int = 2) -> None:
    """Make all topics, of which nothing is ever deleted.

    What tests write carries a time of its own, years ago. On topics that keep records for some weeks a broker deletes it when it next
    looks, which is every five minutes: now and then in the middle of a test.
    """
    log.create([replace(spec, configs={**spec.configs, "retention.ms": "-1"}) for spec in specs(partitions)])


def publish(log: Log, *outputs: Outgoing, writer: str = "test-writer") -> list[int]:
    opened = log.writer(writer)
    try:
        return opened.write(outputs)
    finally:
        opened.close()


def everything(log: Log, event: str) -> list[Record]:
    """Return all committed records of an event's topic but ticks, by partition and offset."""
    topic = topology.topic(event).name if event in {t.event for t in topology.TOPICS} else event
    ends = log.end_offsets(topic, committed=False)
    return [
        record
        for partition, end in ends.items()
        for record in log.read(topic, partition, 0, end)
        if _TICK not in record.headers
    ]


def payloads(log: Log, event: str) -> list[dict[str, Any]]:
    """Return the payloads of an event's topic; what stands beside them for a stage is none."""
    return [
        orjson.loads(record.value or b"null") for record in everything(log, event) if not is_control(record)
    ]
