"""Whatever is thrown at the real pipeline: each thing a dead letter or a documented repair, and no stage stops."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from running import environment, settled, stages
from wire import bare, everything, make_topics, payloads, publish, raw, raw_record

from newswire.log.kafka import KafkaLog

pytestmark = pytest.mark.broker

STORY = "The council of Upper Marl met on Thursday and put the new bridge off once more. Nobody was surprised by it."


def body(text: str) -> bytes:
    return orjson.dumps(
        {**raw("g").to_data(), "guid": "repaired", "body": text, "item": {"headline": "Bridge put off"}}
    )


def test_rubbish_on_the_raw_topic(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    repaired = body(STORY + "\x00 Controls\x07 and \u202edirections\u202c are taken out.")
    valid = orjson.loads(repaired)
    rubbish = {
        "not JSON": b"<rss/>",
        "not UTF-8": b"\xff\xfe\x00\x01",
        "half a surrogate pair": repaired.replace(b"Upper Marl", rb"Upper \ud83d Marl"),
        "wrong schema": orjson.dumps({"title": "an article of another system", "content": STORY}),
        "a field is missing": orjson.dumps({k: v for k, v in valid.items() if k != "captured_at"}),
        "a field is of another type": orjson.dumps({**valid, "body": 7}),
        "too deep": b"[" * 100_000 + b"]" * 100_000,
        "no value": b"",
        "a tombstone": None,
        "nothing to read": orjson.dumps({**valid, "body": "", "guid": "empty"}),
        "a body that is no base64": orjson.dumps(
            {**valid, "body_encoding": "base64", "body": "§§§", "guid": "bad64"}
        ),
        "an unknown media type": orjson.dumps({**valid, "media_type": "video/mp4", "guid": "video"}),
    }
    publish(kafka_log, *(bare(value, key=name.encode()) for name, value in rubbish.items()))
    publish(kafka_log, bare(repaired), raw_record(kafka_log, "good", STORY + " Good."))
    with stages(kafka_log, tmp_path) as supervisor:
        started = supervisor.pids()
        book = settled(kafka_log, supervisor)
        assert supervisor.pids() == started, "a stage has ended"
    assert book.balanced
    assert (book.total.entered, book.total.rejected) == (len(rubbish) + 2, len(rubbish) + 1)
    letters = {
        base64.b64decode(found["original"]["key"]).decode(): found
        for found in payloads(kafka_log, "rejected")
    }
    assert {name: letters[name]["reason"] for name in rubbish} == {
        "not JSON": "not-json",
        "not UTF-8": "not-json",
        "half a surrogate pair": "not-json",
        "wrong schema": "schema",
        "a field is missing": "schema",
        "a field is of another type": "schema",
        "too deep": "not-json",
        "no value": "empty-value",
        "a tombstone": "empty-value",
        "nothing to read": "empty-body",
        "a body that is no base64": "undecodable",
        "an unknown media type": "unsupported-media-type",
    }
    for name, value in rubbish.items():
        kept = letters[name]["original"].get("value")
        assert (None if kept is None else base64.b64decode(kept)) == value, name
    (article,) = payloads(kafka_log, "article")
    assert article["guid"] == "repaired"
    text = orjson.dumps(article).decode()
    assert "\\u0000" not in text
    assert "\u202e" not in article["headline"]


def test_a_20_mb_file_is_a_dead_letter_and_the_others_go_through(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "1-huge.txt").write_text("A headline\n\n" + "word " * 4_000_000)
    (folder / "2-fine.txt").write_text(f"Bridge put off again\n\n{STORY}\n")
    done = subprocess.run(
        [sys.executable, "-m", "newswire", "produce", "files", str(folder)],
        env=environment(kafka_log, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "1-huge.txt" in done.stderr
    assert "too-large" in done.stderr
    assert [orjson.loads(line)["status"] for line in done.stdout.splitlines()] == ["unreadable", "published"]
    (letter,) = payloads(kafka_log, "rejected")
    assert (letter["reason"], letter["original"]["truncated"]) == ("too-large", True)
    assert letter["original"]["size"] == (folder / "1-huge.txt").stat().st_size
    assert len(everything(kafka_log, "raw")) == 1
