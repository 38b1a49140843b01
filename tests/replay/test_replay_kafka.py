"""Replay by the command line on a real broker, with the real code: nothing live changes, the swap is once, kills stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import forked
import pytest
import wire
from running import environment
from small_pipeline import SmallPipeline
from waiting import until

from newswire.envelope import REPLAY_OF
from newswire.ledger import ledger
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
LIVE = ("raw", "normalized", "unique", "article", "rejected")
TEXT = "A plain English sentence, with enough words to be read."


def run_until(pipeline: SmallPipeline, articles: int) -> None:
    until(
        lambda: len(wire.everything(pipeline.log, "article")) >= articles,
        f"{articles} articles",
        meanwhile=lambda: pipeline.run("normalize", "deduplicate", "enrich"),
    )


def test_a_replay_is_compared_and_swapped_in(kafka_log: KafkaLog, tmp_path: Path) -> None:
    """The live articles were made by code that found nothing in them (`TinyEnrich`); today's code, `Enrich`, finds a country."""
    env = environment(kafka_log, tmp_path / "state")

    def newswire(*arguments: str, status: int = 0) -> list[dict]:
        done = forked.run(arguments, env, timeout=200)
        assert done.returncode == status, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]

    pipeline = SmallPipeline(tmp_path / "stages", kafka_log)
    try:
        pipeline.publish("a", TEXT)
        pipeline.publish(
            "b", "The harbour was closed for a day, after fog had come in from the sea in the night."
        )
        run_until(pipeline, 2)
        until = max(record.timestamp_ms for record in wire.everything(kafka_log, "unique")) + 1
        pipeline.publish("b", "It was withdrawn.", status="canceled")  # after the range that is replayed
        run_until(pipeline, 3)
    finally:
        pipeline.close()
    before = {event: wire.everything(kafka_log, event) for event in LIVE}

    asked = datetime.fromtimestamp(until / 1000, UTC).isoformat()
    [report] = newswire("replay", "enrich", "--name", "better", "--until", asked, "--json")
    articles = report["events"][0]
    assert (articles["event"], articles["only_live"], articles["only_side"]) == ("article", 0, 0)
    assert articles["changed"] + articles["same"] == 3
    assert articles["fields"]["countries"] == 1
    assert {event: wire.everything(kafka_log, event) for event in LIVE} == before
    [listed] = newswire("replay", "list", "--json")
    assert (listed["name"], listed["stages"], listed["done"]) == ("better", ["enrich"], True)

    [done] = newswire("replay", "swap", "better", "--json")
    assert (done["written"], done["before"]) == (1, 0)
    [again] = newswire("replay", "swap", "better", "--json")
    assert (again["written"], again["before"]) == (0, 1)
    after = wire.everything(kafka_log, "article")
    [swapped] = [record for record in after if any(name == REPLAY_OF for name, _ in record.headers)]
    assert json.loads(swapped.value or b"")["guid"] == "a"
    assert json.loads(swapped.value or b"")["countries"] == [{"code": "GB", "mentions": 1}]
    assert len({dict(record.headers)["ce_id"] for record in after}) == len(after) == 4
    states = [
        data["revision"]["change"] for data in wire.payloads(kafka_log, "article") if data["guid"] == "b"
    ]
    assert states == ["new", "withdrawn"]
    book = ledger(kafka_log)
    assert book.balanced
    assert (book.total.entered, book.total.published, book.total.withdrawn) == (3, 2, 1)

    newswire("replay", "drop", "better")
    newswire("replay", "drop", "better", status=2)
    assert newswire("replay", "list", "--json") == []
