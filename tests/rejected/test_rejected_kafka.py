"""Dead letters on a real broker: hostile bytes go in, and come out of show, export and retry as they were."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import forked
import orjson
import pytest
import wire
from running import environment
from small_pipeline import SmallPipeline
from waiting import until

from newswire import rejected
from newswire.ledger import ledger
from newswire.log.contract import Outgoing, Record
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(500)]

# A record of 1970 would be deleted by its topic's retention while the test runs.
NOW_MS = int(time.time() * 1000)
HOSTILE = b"\x00\xff\xfe{not json}\r\n\x1b[31m../../etc/passwd\x80"
KEY = b"../\x00\xff\nkey"
HEADERS = (
    ("x-line\nbreak: 1\r\n", b"a\r\nb\x00\xff"),
    ("ce_id", b"\xc3\x28\n"),
    ("", b""),
    ("ce_id", b"a second one"),
)


@pytest.fixture
def pipeline(tmp_path: Path, kafka_log: KafkaLog) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path / "stages", kafka_log)
    yield made
    made.close()


@pytest.fixture
def newswire(kafka_log: KafkaLog, tmp_path: Path):
    """Return what runs the command line on this test's topics."""
    env = environment(kafka_log, tmp_path / "state")

    def run(*arguments: str | Path, status: int = 0) -> subprocess.CompletedProcess[bytes]:
        done = forked.run(arguments, env, timeout=200)
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


def run_until(pipeline: SmallPipeline, letters: int) -> list[rejected.DeadLetter]:
    """Let the stages run until there are so many dead letters: a group takes a moment to deal out its partitions."""
    found: list[rejected.DeadLetter] = []

    def look() -> bool:
        found[:] = rejected.find(pipeline.log)
        return len(found) >= letters

    until(look, f"{letters} dead letters", meanwhile=pipeline.run)
    assert len(found) == letters
    return found


def bytes_of(record: Record) -> tuple[object, ...]:
    return record.key, record.value, record.headers


def test_hostile_bytes_come_back_unchanged(pipeline: SmallPipeline, newswire, tmp_path: Path) -> None:
    pipeline.write(Outgoing("news.raw.v1", 1, KEY, HOSTILE, 5, HEADERS))
    pipeline.write(Outgoing("news.raw.v1", 0, None, None, 5, HEADERS))
    pipeline.publish("b", "unenrichable", source="../\x00planet")
    letters = run_until(pipeline, 3)
    [broken] = [letter for letter in letters if letter.letter.reason == "not-json"]
    [original] = [record for record in wire.everything(pipeline.log, "raw") if record.value == HOSTILE]

    shown = newswire("rejected", "show", "--original", broken.name)
    assert shown.stdout == HOSTILE
    listed = [json.loads(line) for line in newswire("rejected", "list", "--json").stdout.splitlines()]
    assert {entry["letter"] for entry in listed} == {letter.name for letter in letters}
    table = newswire("rejected", "list").stdout
    assert b"\x1b" not in table
    assert b"\x00" not in table

    folder = tmp_path / "out"
    newswire("rejected", "export", folder)
    index = [json.loads(line) for line in (folder / "index.jsonl").read_bytes().splitlines()]
    assert {entry["letter"] for entry in index} == {letter.name for letter in letters}
    named = {entry["file"] for entry in index if entry["file"]}
    assert named | {"index.jsonl"} == {path.name for path in folder.iterdir()}
    for entry in index:
        partition, offset = entry["letter"].split("/")[1:]
        assert entry["file"] in (None, f"{partition}-{int(offset):012d}.bin")
        if entry["file"]:
            content = (folder / entry["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entry["sha256"] == entry["exported_sha256"]
            assert entry["intact"] is True
        assert not entry["truncated"]
    [entry] = [entry for entry in index if entry["letter"] == broken.name]
    assert (folder / entry["file"]).read_bytes() == HOSTILE
    assert base64.b64decode(entry["key"]) == KEY
    assert tuple((h["name"], base64.b64decode(h["value"])) for h in entry["headers"]) == HEADERS
    assert (entry["reason"], entry["stage"], entry["source"]) == ("not-json", "normalize", None)
    assert datetime.fromisoformat(entry["refused_at"]).tzinfo is not None
    assert b"is not empty" in newswire("rejected", "export", folder, status=2).stderr

    newswire("rejected", "retry", "--reason", "not-json")
    run_until(pipeline, 4)
    again = [record for record in wire.everything(pipeline.log, "raw") if record.value == HOSTILE]
    assert len(again) == 2
    assert (again[1].partition, again[1].key, again[1].value) == (original.partition, KEY, HOSTILE)
    assert again[1].headers == (*HEADERS, ("ce_retryof", broken.name.encode()))
    total = ledger(pipeline.log).total
    assert (total.entered, total.rejected) == (4, 4)
    assert total.balanced


def test_filters_select_by_reason_stage_source_and_time(pipeline: SmallPipeline, newswire) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    pipeline.publish("a", "reject")
    pipeline.publish("b", "unenrichable", source="planet")
    pipeline.write(Outgoing("news.raw.v1", 0, b"k", HOSTILE, 5))
    run_until(pipeline, 3)
    later = datetime.now(UTC) + timedelta(minutes=1)

    def reasons(*given: str) -> list[str]:
        out = newswire("rejected", "export", *given).stdout.splitlines()
        return sorted(json.loads(line)["reason"] for line in out)

    assert reasons() == ["not-json", "told-to", "told-to"]
    assert reasons("--reason", "not-json") == ["not-json"]
    assert reasons("--stage", "enrich", "--source", "planet") == ["told-to"]
    assert reasons("--until", began.isoformat()) == []
    assert reasons("--since", began.isoformat(), "--until", later.isoformat()) == reasons()
    assert reasons("--since", later.isoformat()) == []


def test_a_retry_behind_the_raw_topic_keeps_its_bytes_and_is_counted(
    pipeline: SmallPipeline, newswire
) -> None:
    """A hostile header on a good event: the retry carries it on, goes through the pipeline, and the ledger counts it as retried."""
    pipeline.publish("a", "unenrichable")
    run_until(pipeline, 1)
    [made] = wire.everything(pipeline.log, "unique")
    pipeline.write(
        Outgoing(
            made.topic, made.partition, KEY, made.value, made.timestamp_ms, (*made.headers, *HEADERS[:1])
        )
    )
    run_until(pipeline, 2)
    before = wire.everything(pipeline.log, "unique")
    pipeline.enrich.mended = True
    letters = list(rejected.find(pipeline.log))
    newswire("rejected", "retry", "--stage", "enrich", "--until", "2999-01-01")
    after = wire.everything(pipeline.log, "unique")[len(before) :]
    assert sorted(map(bytes_of, after), key=str) == sorted(
        ((of.key, of.value, (*of.headers, ("ce_retryof", of.name.encode()))) for of in letters), key=str
    )
    until(
        lambda: len(wire.everything(pipeline.log, "article")) >= 2,
        "the article again",
        meanwhile=pipeline.run,
    )
    total = ledger(pipeline.log).total
    assert (total.entered, total.published, total.retried, total.rejected) == (1, 1, 1, 0)


def test_what_is_cut_is_fetched_whole_or_marked(kafka_log: KafkaLog, newswire, tmp_path: Path) -> None:
    """An original too large for its letter: exported whole while the record is kept, and marked where only the beginning is."""
    wire.make_topics(kafka_log)
    big, beginning = HOSTILE * 200, (HOSTILE * 200)[:1000]
    letter = {
        "stage": "deduplicate",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "schema",
        "detail": "is no article",
        "input": {"topic": "news.normalized.v1", "partition": 0, "offset": 0},
        "original": {
            "value": base64.b64encode(beginning).decode(),
            "size": len(big),
            "sha256": hashlib.sha256(big).hexdigest(),
            "truncated": True,
        },
    }
    gone = letter | {"input": {"topic": "news.normalized.v1", "partition": 1, "offset": 7}}
    forged = letter | {
        "input": None,
        "original": letter["original"] | {"value": base64.b64encode(HOSTILE).decode(), "truncated": False},
    }
    no_base64 = letter | {"original": {"value": "§§§", "size": 3}}
    wire.publish(
        kafka_log,
        Outgoing("news.normalized.v1", 0, b"k", big, NOW_MS),
        *(
            Outgoing("news.rejected.v1", 0, b"k", orjson.dumps(data), NOW_MS)
            for data in (letter, gone, forged, no_base64)
        ),
    )
    assert newswire("rejected", "show", "--original", "0/0").stdout == big
    shown = newswire("rejected", "show", "--original", "0/1", status=3)
    assert shown.stdout == beginning
    assert (
        b"the letter holds 1,000, and the record itself, news.normalized.v1/1/7, is no longer kept"
        in shown.stderr
    )
    done = newswire("rejected", "export", tmp_path / "out", status=3)
    assert b"do not have the SHA-256" in done.stderr
    index = [json.loads(line) for line in (tmp_path / "out" / "index.jsonl").read_bytes().splitlines()]
    whole, cut, changed = index
    assert (tmp_path / "out" / whole["file"]).read_bytes() == big
    assert (whole["truncated"], whole["intact"]) == (False, True)
    assert (tmp_path / "out" / cut["file"]).read_bytes() == beginning
    assert (cut["truncated"], cut["intact"]) == (True, None)
    assert (changed["truncated"], changed["intact"]) == (False, False)
    assert b"3 retried" not in newswire("rejected", "retry", "--all", status=3).stderr


def test_what_cannot_be_done_as_asked_is_said(kafka_log: KafkaLog, newswire, tmp_path: Path) -> None:
    """Names, filters and folders that are wrong; each with what there is instead, and what was done all the same."""
    wire.make_topics(kafka_log)
    letter = {
        "stage": "normalize",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "not-json",
        "detail": "is no JSON",
        "input": {"topic": "news.raw.v1", "partition": 0, "offset": 0},
        "original": {"value": base64.b64encode(HOSTILE).decode(), "size": len(HOSTILE)},
    }
    too_large = {
        "stage": "files",
        "rule_version": "1",
        "verdict": "reject",
        "reason": "too-large",
        "detail": "in/a.txt: larger than 8 MiB",
        "original": {"value": base64.b64encode(b"begins").decode(), "size": 9_000_000, "truncated": True},
    }
    wire.publish(
        kafka_log,
        Outgoing("news.raw.v1", 0, None, HOSTILE, 0),
        *(Outgoing("news.rejected.v1", 0, b"k", orjson.dumps(data), NOW_MS) for data in (letter, too_large)),
    )
    topic = kafka_log.connection.namespace + "news.rejected.v1"
    shown = newswire("rejected", "show", f"{topic}/0/1", "--original", status=3)
    assert shown.stdout == b"begins"
    assert b"there never was a record of it: the whole is only where files read it, in/a.txt" in shown.stderr

    listed = newswire("rejected", "list", "--json", "--reason", "typo")
    assert listed.stdout == b""
    assert b"0 dead letters" in listed.stderr
    assert b"no dead letter has the reason 'typo'; there are: not-json, too-large" in listed.stderr
    nothing = newswire("rejected", "retry", "--reason", "typo").stderr
    assert b"0 retried, 0 not" in nothing
    assert b"there are: not-json, too-large" in nothing
    (tmp_path / "file").touch()
    assert b"cannot be written" in newswire("rejected", "export", tmp_path / "file", status=2).stderr

    # One that is misspelt: nothing is done. One that is not there: the others are.
    misspelt = newswire("rejected", "retry", "0/0", "news.raw.v1/0/1", status=2).stderr
    assert f"'news.raw.v1/0/1' is no dead letter: those are on {topic}" in misspelt.decode()
    assert len(wire.everything(kafka_log, "raw")) == 1
    done = newswire("rejected", "retry", "0/0", "0/77", status=3)
    assert done.stdout.startswith(b"0/0 -> news.raw.v1/0/"), done.stderr.decode()
    assert b"0/77 not retried: there is no dead letter" in done.stderr
    assert b"1 retried, 1 not" in done.stderr
    assert [record.value for record in wire.everything(kafka_log, "raw")] == [HOSTILE, HOSTILE]
