"""The headers that are documented are those that the envelope writes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

import schemas
from newswire import topology
from newswire.contracts.headers import HEADERS, WITHOUT_RAW, rules
from newswire.envelope import RETRY_OF, Encoder
from newswire.event import Emit, Event
from schemas.core.lineage import RecordRef

ROOM = Path(schemas.__file__).parent
NOW = datetime(2024, 3, 5, 9, 14, 32, 118_000, tzinfo=UTC)


def checker(event):
    return Draft202012Validator(rules(event), format_checker=FormatChecker())


def written(event, name="full"):
    """The headers of an example's record, as text."""
    data = json.loads((ROOM / event / "examples" / f"{name}.json").read_text(encoding="utf-8"))
    topics = {topic.name: 3 for topic in topology.TOPICS}
    encoder = Encoder("deduplicate", topics)
    emit = Emit(event, "some-key", schemas.model(event).from_data(data), language="en")
    if event in WITHOUT_RAW:
        to = "news.raw.v1" if event == "raw" else "news.normalized.v1"
        payload = emit.data.to_data()
        made = encoder.record(
            emit,
            payload,
            event_id="capture:1",
            timestamp_ms=1_709_630_071_250,
            now=NOW,
            topic=to,
            partition=0,
        )
    else:
        ref = RecordRef(topic="news.raw.v1", partition=1, offset=4182)
        cause = Event("raw", "capture:1", "some-key", data, ref, 1_709_630_071_250)
        made = encoder.from_stage(emit, cause, 0, NOW)
    assert len(dict(made.headers)) == len(made.headers)
    return {name: value.decode() for name, value in made.headers}


@pytest.mark.parametrize("event", schemas.EVENTS)
def test_what_is_written_is_what_is_documented(event):
    headers = written(event)
    checker(event).validate(headers)
    # Only a retry adds this one: see tests/rejected.
    assert set(headers) == set(rules(event)["properties"]) - {RETRY_OF}
    assert headers["ce_type"] == f"newswire.{event}.v{schemas.version(event)}"
    assert headers["ce_dataschema"] == schemas.schema(event)["$id"]
    assert ("ce_rawref" in headers) is (event not in WITHOUT_RAW)


def test_examples_of_the_page_are_valid():
    shown = {header.name: header.example for header in HEADERS}
    checker("article").validate(shown)
    for header in HEADERS:
        Draft202012Validator(header.rules, format_checker=FormatChecker()).validate(header.example)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("ce_specversion", "0.3"),
        ("ce_type", "newswire.story.v1"),
        ("ce_source", "enrich"),
        ("ce_id", ""),
        ("ce_time", "2024-03-05 09:14:31"),
        ("ce_dataschema", "urn:newswire:schema:article:v2"),
        ("content-type", "application/json; charset=utf-8"),
        ("traceparent", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("ce_rawref", "news.raw.v1:1:4182"),
    ],
)
def test_a_wrong_header_is_found(name, bad):
    headers = written("article")
    assert checker("article").is_valid(headers)
    assert not checker("article").is_valid({**headers, name: bad})
    del headers[name]
    assert not checker("article").is_valid(headers)


def test_unknown_headers_are_ignored():
    assert checker("article").is_valid({**written("article"), "x-trace": "1"})


def test_a_dead_letter_of_a_producer_has_no_raw_record():
    headers = written("rejected")
    del headers["ce_rawref"]
    assert checker("rejected").is_valid(headers)
