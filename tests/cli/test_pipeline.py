"""The whole pipeline by the command line: up, produce, and every way to look at what came out."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from waiting import PATIENCE, until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
FERRY = {
    "source": "gazette",
    "url": "https://gazette.example/ferry",
    "headline": "Ferry runs aground off Port Ellory",
    "published": "2024-02-01T10:00:00Z",
    "language": "en",
    "text": "The ferry Maren Skye ran aground on a sandbank off Port Ellory early on Thursday with 214 people aboard.\n\n"
    "Nobody was hurt, the coastguard said, and lifeboats had brought everybody ashore by noon.\n\n"
    "“We heard a long scraping sound and then nothing moved,” said Ines Varga, a passenger from Tolland.",
}


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article, the same again, and a file that is none."""
    folder = tmp_path_factory.mktemp("inbox")
    (folder / "1.json").write_text(json.dumps(FERRY))
    (folder / "2.json").write_text(json.dumps(FERRY))
    (folder / "3.json").write_text('{"headline": "cut o')
    (folder / "4.json").write_text(
        json.dumps({"source": "gazette", "guid": "g4", "headline": "Only a headline"})
    )
    return folder


@pytest.fixture(scope="module")
def up(cli, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """Everything running, with the inbox published and taken."""
    log = tmp_path_factory.mktemp("up") / "up.log"
    with log.open("wb") as stderr:
        process = cli.start("up", stderr=stderr)
        until(lambda: b"up; Ctrl-C" in log.read_bytes() or process.poll() is not None, "up")
        assert process.poll() is None, log.read_text()
        done = cli.run("produce", "files", inbox, status=3)
        receipts = [json.loads(line) for line in done.stdout.splitlines()]
        assert [receipt["status"] for receipt in receipts] == [
            "published",
            "published",
            "unreadable",
            "published",
        ]
        assert b"3.json" in done.stderr
        until(lambda: taken(cli) == 4, "all stages have taken what was published")
        yield process
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 5
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []


def taken(cli) -> int:
    """Return how many records have gone in, 0 while any of them is on its way."""
    total = cli.lines("ledger", "-J")[0]["total"]
    return 0 if total["in_flight"] else total["entered"]


def enveloped(cli) -> dict[str, Any]:
    """Return the one article with its envelope: ticks stand beside it."""
    (article,) = [
        record for record in cli.lines("tail", "news.articles.v1", "-J", "-e") if record["key"] != "tick"
    ]
    return article


def test_a_text_is_found_where_it_stands(up, cli, tmp_path: Path) -> None:
    (passage := tmp_path / "passage.txt").write_text(" ".join(FERRY["text"].split()[:6]))
    (found,) = cli.lines("find", passage, "-J")
    assert (found["headline"], found["source"], found["of_text"]) == (FERRY["headline"], FERRY["source"], 1.0)
    shown = cli.text("find", found["article_id"])
    assert "100%" in shown
    assert FERRY["headline"] in shown
    said = cli.run("find", "-", stdin=b"none of these words stands anywhere", status=1).stderr
    assert b"--least asks for less" in said


def test_the_ledger_balances(up, cli) -> None:
    (found,) = cli.lines("ledger", "-J")
    total = {name: count for name, count in found["total"].items() if count and name != "source"}
    assert found["balanced"]
    assert total == {"entered": 4, "published": 1, "duplicate": 1, "rejected": 2}
    assert "It balances." in cli.text("ledger")
    assert cli.lines("ledger", "-J", "--source", "nobody")[0]["total"]["entered"] == 0


def test_following_an_output_topic(up, cli) -> None:
    (article,) = cli.lines("tail", "articles", "-e")
    assert article["headline"] == FERRY["headline"]
    envelope = enveloped(cli)
    assert list(envelope) == ["topic", "partition", "offset", "tstype", "ts", "headers", "key", "payload"]
    assert json.loads(envelope["payload"]) == article
    assert envelope["key"] == article["article_id"]
    headers = dict(zip(envelope["headers"][::2], envelope["headers"][1::2], strict=True))
    assert headers["ce_type"] == "newswire.article.v1"


def test_where_following_begins(up, cli) -> None:
    assert cli.lines("tail", "articles", "-e", "-o", "end") == []
    assert len(cli.lines("tail", "articles", "-e", "-o", "-5")) == 1
    assert cli.lines("tail", "articles", "-e", "-o", "e@2024-01-01") == []
    partition = enveloped(cli)["partition"]
    assert cli.lines("tail", "articles", "-e", "-p", str(1 - partition)) == []
    assert "no partition 7" in cli.error("tail", "articles", "-p", "7", status=2)
    # A group goes on where it was.
    assert len(cli.lines("tail", "articles", "-e", "-G", "readers")) == 1
    assert cli.lines("tail", "articles", "-e", "-G", "readers") == []


def test_ticks_are_records_but_no_news(up, cli) -> None:
    shown = cli.lines("tail", "normalized", "-e")
    assert not [event for event in shown if "headline" not in event]
    types = [
        dict(zip(r["headers"][::2], r["headers"][1::2], strict=True))["ce_type"]
        for r in cli.lines("tail", "normalized", "-e", "-J")
    ]
    assert "newswire.tick.v1" in types


def test_one_record_s_way(up, cli) -> None:
    ways = cli.lines("trace", FERRY["url"], "-J")
    assert sorted(way["steps"][-1]["event"] for way in ways) == ["duplicate", "story"]
    text = cli.text("trace", FERRY["url"])
    for stage in ("normalize", "deduplicate", "enrich", "cluster"):
        assert stage in text
    assert "nothing on the topics matches" in cli.error("trace", "https://nobody.example/", status=1)


def test_what_was_rejected(up, cli) -> None:
    letters = cli.lines("rejected", "list", "-J")
    assert sorted(letter["reason"] for letter in letters) == ["empty-body", "invalid-json"]
    (mine,) = cli.lines("rejected", "list", "-J", "--stage", "normalize")
    place = mine["letter"].removeprefix("news.rejected.v1/")
    assert "Only a headline" in cli.text("rejected", "show", place)
    original = json.loads(cli.text("rejected", "show", place, "--original"))
    assert original["guid"] == "g4"
    assert "no dead letter" in cli.error("rejected", "show", "0/99999", status=2)


def test_trying_again_what_a_source_could_not_read_is_refused(up, cli) -> None:
    done = cli.run("rejected", "retry", "--reason", "invalid-json", status=3)
    assert b"not retried" in done.stderr


def test_the_topics_and_who_waits(up, cli) -> None:
    rows = {row["topic"]: row for row in cli.lines("topics", "list", "-J")}
    assert rows["news.raw.v1"]["waiting"] == {"normalize": 0}
    assert rows["news.raw.v1"]["partitions"] == 2
    assert rows["newswire.deduplicate.changelog"]["event"] is None
    assert cli.text("topics", "create") == ""


def test_doctor_finds_nothing_wrong(up, cli) -> None:
    findings = {finding["what"]: finding for finding in cli.lines("doctor", "-J")}
    for what in (
        "broker",
        "topics",
        "transactions",
        "run here",
        "normalize",
        "deduplicate",
        "enrich",
        "cluster",
    ):
        assert findings[what]["level"] in ("ok", "warn"), findings[what]
    assert "deduplicate (slot 0)" in findings["run here"]["shown"]


def test_a_slot_is_taken_by_one_process_only(up, cli) -> None:
    stage, clock = (cli.error("run", name, status=7) for name in ("normalize", "clock"))
    assert "normalize runs already on this machine" in stage
    assert "give this process another with --slot" in stage
    assert "clock runs already on this machine" in clock
    assert "--slot" not in clock
