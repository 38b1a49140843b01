"""CloudEvents on Kafka, against the SDK of the CloudEvents project as oracle."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest
from cloudevents.core.bindings.kafka import (
    KafkaMessage,
    from_binary,
    from_structured,
    to_binary,
    to_structured,
)
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from wire import CAPTURED, make_topics, raw, raw_record

from newswire.envelope import Encoder, decode, event_type
from newswire.errors import ContractError, Reject
from newswire.event import Emit
from newswire.log.contract import Outgoing, Record
from newswire.log.memory import MemoryLog
from schemas.core.lineage import RecordRef


@pytest.fixture
def log() -> MemoryLog:
    log = MemoryLog()
    make_topics(log)
    return log


def as_record(out: Outgoing, offset: int = 0) -> Record:
    return Record(out.topic, out.partition, offset, out.timestamp_ms, out.key, out.value, out.headers)


def test_the_sdk_reads_what_we_write(log: MemoryLog) -> None:
    ours = raw_record(log, "g1")
    message = KafkaMessage(headers=dict(ours.headers), key=ours.key, value=ours.value or b"")
    event = from_binary(message, JSONFormat(), CloudEvent)
    assert event.get_specversion() == "1.0"
    assert event.get_type() == event_type("raw")
    assert event.get_source() == "/newswire/files"
    assert event.get_id() == "raw-g1"
    assert event.get_time() == CAPTURED
    assert event.get_subject() == "g1"
    assert event.get_dataschema() == "urn:newswire:schema:raw:v1"
    assert event.get_data() == orjson.loads(ours.value or b"")
    assert event.get_extension("recordedtime") == "2024-02-01T12:00:00.000Z"


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_we_read_what_the_sdk_writes(mode: str) -> None:
    event = CloudEvent(
        {
            "id": "sdk-1",
            "source": "/elsewhere",
            "type": event_type("raw"),
            "specversion": "1.0",
            "time": datetime(2024, 2, 1, tzinfo=UTC),
            "datacontenttype": "application/json",
        },
        raw("g1").to_data(),
    )
    write = {"binary": to_binary, "structured": to_structured}[mode]
    message = write(event, JSONFormat())
    headers = tuple(
        (name, value if isinstance(value, bytes) else value.encode())
        for name, value in message.headers.items()
    )
    value = message.value if isinstance(message.value, bytes) else message.value.encode()
    found = decode(Record("news.raw.v1", 0, 5, 1, b"k", value, headers))
    assert (found.name, found.id, found.data["guid"]) == ("raw", "sdk-1", "g1")
    assert found.ref == RecordRef(topic="news.raw.v1", partition=0, offset=5)


def test_the_sdk_reads_its_own_structured_form_as_we_do(log: MemoryLog) -> None:
    """Guards the oracle itself: both of its modes give the same event."""
    ours = raw_record(log, "g1")
    message = KafkaMessage(headers=dict(ours.headers), key=ours.key, value=ours.value or b"")
    event = from_binary(message, JSONFormat(), CloudEvent)
    again = from_structured(to_structured(event, JSONFormat()), JSONFormat(), CloudEvent)
    assert again.get_data() == event.get_data()


def test_a_record_without_headers_is_taken_for_its_topics_event() -> None:
    found = decode(Record("news.raw.v1", 1, 7, 1, None, orjson.dumps(raw("g1").to_data())))
    assert (found.name, found.id, found.key) == ("raw", "news.raw.v1:1:7", "")


@pytest.mark.parametrize("envelope", [[], {"specversion": "1.0"}, "text", 7])
def test_a_broken_structured_event_is_refused(envelope: object) -> None:
    headers = (("content-type", b"application/cloudevents+json"),)
    with pytest.raises(Reject, match="structured CloudEvent"):
        decode(Record("news.raw.v1", 0, 0, 1, b"k", orjson.dumps(envelope), headers))


def test_half_a_surrogate_pair_is_a_contract_error_not_a_crash(log: MemoryLog) -> None:
    event = raw("g1")
    with pytest.raises(ContractError, match="cannot be written as JSON"):
        Encoder("files", log.topics()).record(
            Emit("raw", "k", event),
            {**event.to_data(), "body": "\ud800"},
            event_id="1",
            timestamp_ms=0,
            now=CAPTURED,
        )


def test_an_event_larger_than_its_topic_takes_is_rejected(log: MemoryLog) -> None:
    event = raw("g1", "x" * 13_000_000)
    with pytest.raises(Reject) as refused:
        Encoder("files", log.topics()).record(
            Emit("raw", "k", event), event.to_data(), event_id="1", timestamp_ms=0, now=CAPTURED
        )
    assert refused.value.reason == "too-large"
    assert "12,582,912" in refused.value.detail


def test_what_an_outside_publisher_may_not_decide() -> None:
    """Neither the partition of an article nor what stands in our headers."""
    headers = (("ce_partitionkey", b"anywhere"), ("traceparent", b"hello\0world"))
    found = decode(Record("news.raw.v1", 0, 0, 1, b"k", orjson.dumps(raw("g1").to_data()), headers))
    assert (found.partition_key, found.traceparent) == (None, None)
