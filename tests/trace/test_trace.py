"""A trace tells one record's way, whatever it is asked by, wherever the record is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import wire
from retrying import retry
from small_pipeline import SmallPipeline

from newswire import rejected
from newswire.decision import decision
from newswire.errors import NewswireError
from newswire.log.contract import Outgoing
from newswire.topology import TOPICS
from newswire.trace import Trace, trace

LATER = wire.CAPTURED + timedelta(hours=1)
TEXT = "The harbour was closed on Tuesday after a crane fell across the only road that leads to the quay, said the mayor."


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def told(found: Trace) -> list[tuple[str, str]]:
    return [(step.stage, step.event) for step in found.steps]


def test_any_form_of_an_address_is_understood(pipeline: SmallPipeline) -> None:
    raw = pipeline.publish("a", TEXT, url="https://news.example/a")
    for form in (
        "http://m.news.example/a",
        "https://www.news.example/a/?utm_source=rss",
        " https://news.example/a ",
    ):
        [way] = trace(pipeline.log, form).ways
        assert way.raw is not None
        assert (way.raw.topic, way.raw.partition, way.raw.offset) == raw


def test_a_published_article_is_told_from_capture_to_story(pipeline: SmallPipeline) -> None:
    raw = pipeline.publish("a", TEXT, url="https://news.example/a")
    pipeline.publish("b")
    pipeline.run()
    [article] = [r for r in wire.everything(pipeline.log, "article") if b"harbour" in (r.value or b"")]
    found = trace(pipeline.log, "https://news.example/a")

    assert told(found) == [
        ("files", "raw"),
        ("normalize", "normalized"),
        ("deduplicate", "unique"),
        ("enrich", "article"),
        ("cluster", "story"),
    ]
    [way] = found.ways
    assert way.raw is not None
    assert (way.raw.topic, way.raw.partition, way.raw.offset) == raw
    assert way.waiting_at is None
    assert [step.decision for step in found.steps] == [
        "captured https://news.example/a (text/plain)",
        "read as article “a” in en",
        "new: no copy of anything known",
        "published as revision 1: 22 words",
        "began story “a”",
    ]
    assert {step.time for step in found.steps} == {wire.CAPTURED}
    assert all(step.recorded_at is not None for step in found.steps)

    key = (article.key or b"").decode()
    event_id = dict(article.headers)["ce_id"].decode()
    for asked in (
        key,
        event_id,
        "a",
        "/".join(map(str, raw)),
        f" {article.topic}/{article.partition}/{article.offset} ",
    ):
        assert trace(pipeline.log, asked).ways == found.ways, asked


def test_all_captures_of_an_article_are_told_in_order(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", TEXT)
    pipeline.publish("a", TEXT + " It reopened at noon.")
    pipeline.publish("a", TEXT + " It reopened at noon.")
    pipeline.publish("a", status="canceled")
    pipeline.run()
    found = trace(pipeline.log, "a")
    assert [way.steps[2].decision for way in found.ways] == [
        "new: no copy of anything known",
        "revision 2 (append): changed sections",
        "the same content again as revision 2 (content-hash)",
        "withdrawn, as revision 3",
    ]
    assert found.ways[3].steps[3].decision == "withdrawal published as revision 3"


def test_a_copy_names_its_original(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", TEXT, source="herald")
    pipeline.publish("b", TEXT, source="planet")
    pipeline.run()
    original, copy = trace(pipeline.log, "a").ways[0], trace(pipeline.log, "b").ways[0]
    assert copy.steps[-1].decision.startswith("duplicate (")
    assert copy.steps[-1].decision.endswith(f" of “a”, herald, {original.steps[1].key}")
    assert copy.waiting_at is None


@pytest.mark.parametrize(
    "ran", [(), ("normalize",), ("normalize", "deduplicate"), ("normalize", "deduplicate", "enrich")]
)
def test_what_is_on_its_way_names_the_stage_that_it_waits_for(
    pipeline: SmallPipeline, ran: tuple[str, ...]
) -> None:
    pipeline.publish("a")
    if ran:
        pipeline.run(*ran)
    [way] = trace(pipeline.log, "a").ways
    assert way.waiting_at == ("normalize", "deduplicate", "enrich", "cluster")[len(ran)]
    assert len(way.steps) == 1 + len(ran)


def test_an_embargo_is_told_with_its_end(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", embargoed_until=LATER)
    pipeline.run()
    [way] = trace(pipeline.log, "a").ways
    assert way.steps[-1].decision == "held until 2024-02-01T13:00:00Z (embargo)"
    assert way.waiting_at is None
    pipeline.tick(LATER)
    pipeline.run()
    [article] = wire.everything(pipeline.log, "article")
    [way] = trace(pipeline.log, dict(article.headers)["ce_id"].decode()).ways
    assert [step.event for step in way.steps] == [
        "raw", "normalized", "held", "unique", "held", "article", "story",
    ]  # fmt: skip
    assert way.steps[4].decision == "released"


def test_a_rejection_and_its_retry_are_one_way(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "unenrichable")
    pipeline.run()
    [way] = trace(pipeline.log, "a").ways
    assert way.steps[-1].decision == "rejected: told-to at /sections/0: the text says so"
    assert way.waiting_at is None
    [letter] = rejected.find(pipeline.log)
    retry(pipeline.log, [letter])
    [way] = trace(pipeline.log, "a").ways
    assert way.waiting_at == "enrich"
    pipeline.enrich.mended = True
    pipeline.run()
    [way] = trace(pipeline.log, "a").ways
    assert way.waiting_at is None
    assert [step.event for step in way.steps[-2:]] == ["article", "story"]
    assert any(step.decision.endswith(f"as a retry of {letter.name}") for step in way.steps)


def test_what_a_source_could_not_read_has_a_way_of_one_step(pipeline: SmallPipeline) -> None:
    letter = {
        "stage": "files",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "unreadable",
        "detail": "in/a.txt: cannot be opened",
        "original": {"size": 0},
    }
    pipeline.write(Outgoing("news.rejected.v1", 0, b"in/a.txt", orjson.dumps(letter), 0))
    [way] = trace(pipeline.log, "in/a.txt").ways
    assert way.raw is None
    assert [step.decision for step in way.steps] == ["rejected: unreadable: in/a.txt: cannot be opened"]


def test_addresses_are_found_however_json_writes_them(pipeline: SmallPipeline) -> None:
    value = rb'{"source":{"name":"x"},"url":"https:\/\/news.example\/\u00e9","body":"b"}'
    other = rb'{"source":{"name":"x"},"url":"https://news.example/\u00e9","body":"b"}'
    pipeline.write(wire.bare(value))
    pipeline.write(wire.bare(other))
    assert len(trace(pipeline.log, "https://news.example/é").ways) == 2


def test_nothing_before_since_is_looked_at(pipeline: SmallPipeline) -> None:
    pipeline.publish("a")
    assert trace(pipeline.log, "a", since=wire.CAPTURED).ways
    with pytest.raises(NewswireError, match="nothing on the topics matches 'a'"):
        trace(pipeline.log, "a", since=LATER)


@pytest.mark.parametrize("event", [topic.event for topic in TOPICS])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {
            "source": 1,
            "original": [],
            "revision": "x",
            "members": 3,
            "related": None,
            "evidence": {"score": "high"},
        },
    ],
)
def test_whatever_stands_on_a_topic_has_words(event: str, data: dict[str, object]) -> None:
    if event == "story":
        data = data | {"members": [1]}
    assert decision(event, data, {})
