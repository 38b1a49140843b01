"""Dead letters can be found, looked at, and retried: byte for byte, once, and counted by the ledger as what came of them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import wire
from retrying import retry
from small_pipeline import SmallPipeline

from newswire import rejected, rejected_retry
from newswire.errors import UsageError
from newswire.ledger import ledger
from newswire.log.contract import Outgoing, Record
from newswire.log.memory import MemoryLog
from newswire.rejected_filter import Filter
from newswire.topology import MIB


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def last(pipeline: SmallPipeline, event: str) -> Record:
    return wire.everything(pipeline.log, event)[-1]


def same(again: Record, original: Record) -> bool:
    """Whether a retry is its original, byte for byte, but for the header that marks it."""
    return (again.key, again.value, again.partition, again.timestamp_ms, again.headers[:-1]) == (
        original.key,
        original.value,
        original.partition,
        original.timestamp_ms,
        original.headers,
    )


def test_letters_are_found_by_what_is_known_of_them(pipeline: SmallPipeline) -> None:
    began = datetime.now(UTC) - timedelta(seconds=1)
    pipeline.publish("a", "reject")
    pipeline.publish("b", "unenrichable", source="planet")
    pipeline.write(wire.bare(b"not json"))
    pipeline.run()
    log = pipeline.log

    def found(**asked: Any) -> list[rejected.DeadLetter]:
        return list(Filter(**asked).of(rejected.find(log)))

    assert {letter.letter.reason for letter in found()} == {"told-to", "not-json"}
    assert [letter.letter.stage for letter in found(source="planet")] == ["enrich"]
    assert [letter.letter.source for letter in found(stage="enrich")] == ["planet"]
    [broken] = found(reason="not-json", since=began)
    assert (broken.key, broken.value, broken.headers) == (b"k", b"not json", ())
    assert found(until=began) == []
    assert rejected.get(log, broken.ref.partition, broken.ref.offset) == broken


def test_letters_are_told_in_the_order_in_which_they_were_refused(pipeline: SmallPipeline) -> None:
    """Whatever partition each is on: who looks after a fault looks at the end of the list."""
    for name in "abcdefgh":
        pipeline.publish(name, "reject")
        pipeline.run()
    letters = list(rejected.find_in_time(pipeline.log))
    assert len({letter.ref.partition for letter in letters}) == 2
    times = [letter.recorded_at for letter in letters]
    assert times == sorted(times, key=str)
    assert {letter.name for letter in letters} == {letter.name for letter in rejected.find(pipeline.log)}
    (last,) = [letter for letter in letters if letter.key == b"h"]
    assert letters[-1] == last


def test_a_letter_that_is_not_there_is_named(pipeline: SmallPipeline) -> None:
    with pytest.raises(UsageError, match=r"no dead letter news\.rejected\.v1/0/7: no record is kept there"):
        rejected.get(pipeline.log, 0, 7)
    pipeline.write(Outgoing("news.rejected.v1", 0, b"k", b"{}", 0))
    with pytest.raises(UsageError, match="what is there is none"):
        rejected.get(pipeline.log, 0, 0)
    assert list(rejected.find(pipeline.log)) == []


def test_a_retry_behind_the_raw_topic_replaces_the_fate(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "unenrichable")
    pipeline.run()
    [original] = wire.everything(pipeline.log, "unique")
    [letter] = rejected.find(pipeline.log)

    pipeline.enrich.mended = True
    report = retry(pipeline.log, [letter, letter])

    assert report.refused == []
    [retried] = report.retried
    again = last(pipeline, "unique")
    assert (retried.to.topic, retried.to.partition, retried.to.offset) == (
        again.topic,
        again.partition,
        again.offset,
    )
    assert same(again, original)
    assert again.headers[-1] == ("ce_retryof", letter.name.encode())
    pipeline.run()
    total = ledger(pipeline.log).total
    assert (total.entered, total.published, total.rejected, total.retried) == (1, 1, 0, 1)
    assert total.balanced


def test_a_retry_that_fails_again_is_one_rejection(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "unenrichable")
    pipeline.run()
    retry(pipeline.log, rejected.find(pipeline.log))
    pipeline.run()
    first, second = rejected.find(pipeline.log)
    total = ledger(pipeline.log).total
    assert (total.entered, total.rejected, total.retried) == (1, 1, 0)
    assert total.balanced

    pipeline.enrich.mended = True
    report = retry(pipeline.log, [first, second])
    assert [refused.letter for refused in report.refused] == [first.ref]
    assert [retried.letter for retried in report.retried] == [second.ref]
    pipeline.run()
    total = ledger(pipeline.log).total
    assert (total.entered, total.published, total.retried) == (1, 1, 1)
    assert total.balanced


def test_a_raw_record_published_again_is_a_new_one(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "reject")
    pipeline.run()
    [original] = wire.everything(pipeline.log, "raw")
    report = retry(pipeline.log, rejected.find(pipeline.log))
    assert len(report.retried) == 1
    assert same(last(pipeline, "raw"), original)
    pipeline.run()
    total = ledger(pipeline.log).total
    assert (total.entered, total.rejected) == (2, 2)
    assert total.balanced


def test_what_has_neither_key_nor_value_is_retried_as_that(pipeline: SmallPipeline) -> None:
    pipeline.write(Outgoing("news.raw.v1", 1, None, None, 5, (("odd", b"\xff\x00"),)))
    pipeline.run()
    retry(pipeline.log, rejected.find(pipeline.log))
    again = last(pipeline, "raw")
    assert (again.key, again.value, again.headers[0], again.timestamp_ms) == (
        None,
        None,
        ("odd", b"\xff\x00"),
        5,
    )


def test_twice_only_by_force(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "unenrichable")
    pipeline.run()
    letters = list(rejected.find(pipeline.log))
    pipeline.enrich.mended = True
    retry(pipeline.log, letters)
    again = last(pipeline, "unique")
    [refused] = retry(pipeline.log, letters).refused
    assert refused.why == f"it was retried before, as {again.topic}/{again.partition}/{again.offset}"
    assert len(retry(pipeline.log, letters, force=True).retried) == 1
    pipeline.run()
    found = ledger(pipeline.log)
    assert (found.total.entered, found.total.published, found.total.twice) == (1, 1, 0)


def test_what_was_never_published_is_published_at_its_source(pipeline: SmallPipeline) -> None:
    letter = {
        "stage": "files",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "unreadable",
        "detail": "in/a.txt: cannot be opened",
        "original": {"size": 0},
    }
    pipeline.write(Outgoing("news.rejected.v1", 0, b"in/a.txt", orjson.dumps(letter), 0))
    report = retry(pipeline.log, rejected.find(pipeline.log))
    assert report.retried == []
    assert "mend in/a.txt and publish it again" in report.refused[0].why


@pytest.mark.parametrize(
    "topic", ["news.articles.v1", "newswire.deduplicate.changelog", "news.rejected.v1", "nowhere"]
)
def test_a_letter_that_somebody_else_wrote_leads_nowhere(pipeline: SmallPipeline, topic: str) -> None:
    """Whoever may write dead letters could otherwise have an operator publish anything anywhere."""
    value = b'{"forged": true}'
    letter = {
        "stage": "normalize",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "handler-error",
        "detail": "retry me",
        "input": {"topic": topic, "partition": 0, "offset": 0},
        "original": {
            "size": len(value),
            "value": base64.b64encode(value).decode(),
            "sha256": hashlib.sha256(value).hexdigest(),
        },
    }
    pipeline.write(Outgoing("news.rejected.v1", 0, b"k", orjson.dumps(letter), 0))
    pipeline.publish("a", "unenrichable")
    pipeline.run()
    report = retry(pipeline.log, rejected.find(pipeline.log))
    [refused] = report.refused
    assert f"names {topic} as its input, which normalize does not read" in refused.why
    # The others are not kept from it.
    assert len(report.retried) == 1


def forged(
    value: bytes, at: tuple[str, int, int], *headers: tuple[str, bytes], key: bytes = b"k"
) -> Outgoing:
    """A letter that says whatever its writer likes, with a sum that fits."""
    topic, partition, offset = at
    stage = {"news.raw.v1": "normalize", "news.unique.v1": "enrich"}[topic]
    letter = {
        "stage": stage,
        "rule_version": "1",
        "verdict": "reject",
        "reason": "handler-error",
        "detail": "retry me",
        "input": {"topic": topic, "partition": partition, "offset": offset},
        "original": {
            "size": len(value),
            "key": base64.b64encode(key).decode(),
            "value": base64.b64encode(value).decode(),
            "sha256": hashlib.sha256(value).hexdigest(),
            "headers": [{"name": n, "value": base64.b64encode(v).decode()} for n, v in headers],
        },
    }
    return Outgoing("news.rejected.v1", 0, b"k", orjson.dumps(letter), 0)


@pytest.mark.parametrize("change", ["value", "size", "key", "headers"])
def test_a_letter_is_compared_with_the_record_that_is_still_kept(
    pipeline: SmallPipeline, change: str
) -> None:
    value, headers = b"as it was read", [("a", b"1")]
    at = pipeline.write(Outgoing("news.raw.v1", 0, b"k", value, 7, tuple(headers)))
    changed = {"value": b"as it was READ", "size": b"another size altogether"}.get(change, value)
    pipeline.write(forged(value, at, *headers))
    pipeline.write(
        forged(
            changed,
            at,
            *(headers if change != "headers" else [("a", b"2")]),
            key=b"other" if change == "key" else b"k",
        )
    )
    report = retry(pipeline.log, rejected.find(pipeline.log))
    assert len(report.retried) == 1
    assert "not of the record it names, news.raw.v1/0/0, which is still kept" in report.refused[0].why
    again = last(pipeline, "raw")
    assert (again.value, again.timestamp_ms, again.headers[:-1]) == (value, 7, tuple(headers))


@pytest.mark.parametrize("event", ["purge", "tick", "carried"])
@pytest.mark.parametrize("structured", [False, True])
@pytest.mark.parametrize("kept", [False, True])
def test_nothing_that_tells_a_stage_something_is_published_by_a_retry(
    pipeline: SmallPipeline, event: str, structured: bool, kept: bool
) -> None:
    """A letter that somebody else wrote, of a record that is no longer kept, or that they wrote there too."""
    kind = f"newswire.{event}.v1"
    if structured:
        value = orjson.dumps({"specversion": "1.0", "type": kind, "data": {}})
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    else:
        value, headers = b"{}", [("ce_type", kind.encode())]
    at = ("news.raw.v1", 0, 5)
    if kept:
        at = pipeline.write(Outgoing("news.raw.v1", 0, b"k", value, 0, tuple(headers)))
    pipeline.write(forged(value, at, *headers))
    report = retry(pipeline.log, rejected.find(pipeline.log))
    assert report.retried == []
    assert "it tells a stage something and is no news" in report.refused[0].why


def test_letters_are_taken_in_lots_and_topics_are_asked_for_once(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.rejected_retry._LOT_LETTERS", 3)
    monkeypatch.setattr("newswire.rejected_retry._APART", 2)
    for number in (0, 1, 2, 9, 10, 20, 21):
        while pipeline.log.end_offsets("news.raw.v1").get(0, 0) < number:
            pipeline.write(Outgoing("news.raw.v1", 0, b"other", b"between", 0))
        at = pipeline.write(Outgoing("news.raw.v1", 0, b"k", b"%d" % number, 0))
        pipeline.write(forged(b"%d" % number, at))
    taken = 0
    asked: list[int] = []
    topics = pipeline.log.topics

    def counted() -> dict[str, int]:
        asked.append(taken)
        return topics()

    monkeypatch.setattr(pipeline.log, "topics", counted)

    def letters() -> Iterator[rejected.DeadLetter]:
        nonlocal taken
        for letter in rejected.find(pipeline.log):
            taken += 1
            yield letter

    done = rejected_retry.retry(pipeline.log, letters())
    next(done)
    assert taken == 3
    assert len(list(done)) == 6
    assert asked == [0]
    values = [record.value for record in wire.everything(pipeline.log, "raw")[-7:]]
    assert values == [b"0", b"1", b"2", b"9", b"10", b"20", b"21"]
    assert len(retry(pipeline.log, rejected.find(pipeline.log)).refused) == 7


def test_a_cut_original_is_fetched_from_where_it_stands(pipeline: SmallPipeline) -> None:
    big = b"x" * (15 * MIB)
    pipeline.write(Outgoing("news.normalized.v1", 0, b"k", big, 0, (("ce_rawref", b"news.raw.v1/0/0"),)))
    pipeline.run()
    [letter] = rejected.find(pipeline.log)
    assert letter.letter.original.truncated
    assert len(letter.value or b"") < len(big)
    assert len(retry(pipeline.log, [letter]).retried) == 1
    assert last(pipeline, "normalized").value == big

    class Forgetful(MemoryLog):
        def first_offsets(self, topic: str) -> dict[int, int]:
            return {0: 1, 1: 1}

    pipeline.log.__class__ = Forgetful
    [refused] = retry(pipeline.log, [letter], force=True).refused
    assert "news.normalized.v1/0/0, is no longer kept" in refused.why


def test_a_header_that_names_no_raw_record_stops_no_stage(pipeline: SmallPipeline) -> None:
    pipeline.write(Outgoing("news.unique.v1", 0, b"k", b"{}", 0, (("ce_rawref", b"\xff"),)))
    pipeline.run("enrich")
    [letter] = rejected.find(pipeline.log)
    assert letter.letter.raw is None
    assert ledger(pipeline.log).notes == ("1 dead letters of enrich, which name no raw record",)
