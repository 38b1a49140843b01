"""Five outlets with one agency text, through all real stages: one story, five outlets, one source; and out again."""

from __future__ import annotations

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import forked
import orjson
import pytest
from purged_wire import CAPTURED, capture, text
from running import environment, settled, stages, until
from seeded import copied, run_stage_on
from wire import everything, make_topics, publish

from newswire import topology
from newswire.envelope import is_carried, is_control
from newswire.ledger import ledger
from newswire.log.contract import Log, Outgoing
from newswire.log.kafka import KafkaLog
from newswire.log.memory import MemoryLog
from newswire.purging.asking import asked
from newswire.purging.carrying import stories
from newswire.purging.concerned import find
from newswire.purging.proof import remaining
from newswire.purging.writing import write
from newswire.replay.compare import compare
from newswire.replay.run import run as replay
from newswire.replay.selection import Selection
from newswire.stage.runner import load_handler
from newswire.trace import trace

OUTLETS = ("Herald", "Post", "Globe", "Radio", "Tribune")
BODY = "UPPER MARL (AP) - " + text(1).capitalize()
HEADLINE = "Fire in Upper Marl"


def copy_in(
    log: Log, outlet: str, *, at: datetime = CAPTURED, body: str = BODY, headline: str = HEADLINE
) -> Outgoing:
    return capture(log, f"https://{outlet}.example/a".lower(), body, source=outlet, at=at, headline=headline)


def last_stories(log: Log) -> list[dict[str, Any]]:
    found = {record.key: record.value for record in everything(log, "story") if not is_control(record)}
    return [orjson.loads(value) for value in found.values() if value is not None]


def assert_five_outlets_and_one_source(log: Log) -> None:
    (story,) = [story for story in last_stories(log) if story["headline"] == HEADLINE]
    assert len(story["members"]) == story["source_count"] == story["independent_source_count"] == 1
    assert story["outlet_count"] == 5
    (shared,) = story["syndication"]
    assert shared["agency"] == "AP"
    assert (sorted(shared["outlets"]), shared["copy_count"]) == (sorted(OUTLETS), 4)
    book = ledger(log)
    assert book.balanced
    assert (book.total.published, book.total.duplicate, book.total.rejected) == (1, 4, 0)


class Wire:
    """The pipeline in memory, a round of all stages at a time."""

    def __init__(self, folder: Path, partitions: int = 3) -> None:
        self.folder = folder
        self.log: MemoryLog = copied([], partitions=partitions)

    def take(self, *records: Outgoing) -> None:
        if records:
            publish(self.log, *records)
        for stage in topology.STAGES:
            run_stage_on(self.log, stage.name, self.folder)

    def only_story(self) -> dict[str, Any]:
        (story,) = last_stories(self.log)
        return story


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path)


@pytest.mark.parametrize("at_once", [False, True])
def test_five_outlets_are_one_source(wire: Wire, at_once: bool) -> None:
    copies = [
        copy_in(wire.log, outlet, at=CAPTURED + timedelta(minutes=number))
        for number, outlet in enumerate(OUTLETS)
    ]
    for some in [copies] if at_once else [[copy] for copy in copies]:
        wire.take(*some)
    assert_five_outlets_and_one_source(wire.log)
    for event in ("unique", "article"):
        told = [record for record in everything(wire.log, event) if is_carried(record)]
        (article,) = [record for record in everything(wire.log, event) if not is_control(record)]
        assert len(told) == 4
        assert {(record.partition, record.key) for record in told} == {(article.partition, article.key)}
        assert min(record.offset for record in told) > article.offset


def test_a_copy_is_traced_into_the_story(wire: Wire) -> None:
    wire.take(copy_in(wire.log, "Herald"))
    wire.take(copy_in(wire.log, "Post", at=CAPTURED + timedelta(minutes=5)))
    (way,) = trace(wire.log, "https://post.example/a").ways
    assert [step.event for step in way.steps] == ["raw", "normalized", "duplicate", "story"]
    assert "more outlets carry it than before, 2 have it" in way.steps[-1].decision
    assert way.waiting_at is None


def test_a_purged_outlet_leaves_the_story_and_the_proof_knows(wire: Wire) -> None:
    for number, outlet in enumerate(OUTLETS[:3]):
        wire.take(copy_in(wire.log, outlet, at=CAPTURED + timedelta(minutes=number)))
    purge = asked(publisher="post", reason="x", requested_by="y", now=CAPTURED + timedelta(hours=1))
    what = find(wire.log, purge)
    assert remaining(wire.log, purge) == 3, "the language, the copy, and who carries it"
    (holding,) = [found for found in stories(wire.log, what).values() if found]
    assert holding == {wire.only_story()["story_id"]}
    write(wire.log, purge, stories(wire.log, what))
    wire.take()
    assert remaining(wire.log, purge) == 0
    assert stories(wire.log, what) == {}
    story = wire.only_story()
    assert (story["outlet_count"], story["syndication"][0]["outlets"]) == (2, ["Herald", "Globe"])
    told = [record for record in everything(wire.log, "article") if is_carried(record)]
    assert [what.holds("article", record) for record in told] == [True, False, False], (
        "the copy; another; its end"
    )
    assert ledger(wire.log).balanced


def test_a_copy_that_tells_something_else_is_a_story_of_its_own(wire: Wire) -> None:
    wire.take(copy_in(wire.log, "Herald"))
    wire.take(copy_in(wire.log, "Post", at=CAPTURED + timedelta(minutes=5)))
    later = CAPTURED + timedelta(minutes=9)
    wire.take(copy_in(wire.log, "Post", at=later, body=text(77), headline="Choir sings at last"))
    first, second = sorted(last_stories(wire.log), key=lambda story: story["members"][0]["source"])
    assert (first["members"][0]["source"], first["outlet_count"], first["carriers_change"]) == (
        "Herald",
        1,
        "fewer",
    )
    assert (second["members"][0]["source"], second["outlet_count"]) == ("Post", 1)


def test_what_cannot_be_read_of_a_copy_is_a_dead_letter_and_no_fate(wire: Wire) -> None:
    for number, outlet in enumerate(OUTLETS[:2]):
        wire.take(copy_in(wire.log, outlet, at=CAPTURED + timedelta(minutes=number)))
    for event in ("unique", "article"):
        (told,) = [record for record in everything(wire.log, event) if is_carried(record)]
        broken = Outgoing(
            told.topic, told.partition, told.key, b'{"original_id": 1}', told.timestamp_ms, told.headers
        )
        astray = Outgoing("news.raw.v1", 0, told.key, told.value, told.timestamp_ms, told.headers)
        wire.take(broken, astray)
    letters = [orjson.loads(record.value or b"") for record in everything(wire.log, "rejected")]
    assert sorted((letter["stage"], letter["reason"]) for letter in letters) == [
        ("cluster", "schema"),
        ("enrich", "schema"),
        ("normalize", "wrong-type"),
        ("normalize", "wrong-type"),
    ]
    assert wire.only_story()["outlet_count"] == 2
    book = ledger(wire.log)
    assert book.balanced
    assert (book.total.published, book.total.duplicate, book.total.rejected) == (1, 1, 0)


@pytest.mark.parametrize("names", [["deduplicate", "enrich", "cluster"], ["enrich", "cluster"], ["cluster"]])
def test_a_replay_counts_the_same_outlets(wire: Wire, names: list[str]) -> None:
    for number, outlet in enumerate(OUTLETS):
        wire.take(copy_in(wire.log, outlet, at=CAPTURED + timedelta(minutes=number)))
    plan = replay(wire.log, "again", names, Selection(), load=load_handler)
    told = {diff.event: diff for diff in compare(wire.log, plan).events}
    story = told["story"]
    assert (story.same, story.changed, story.only_live, story.only_side) == (5, 0, 0, 0)


@pytest.mark.broker
@pytest.mark.timeout(300)
def test_five_outlets_are_one_source_whatever_is_killed(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log, partitions=2)
    with stages(kafka_log, tmp_path) as supervisor:
        publish(kafka_log, copy_in(kafka_log, OUTLETS[0]))
        settled(kafka_log, supervisor)
        for number, outlet in enumerate(OUTLETS[1:], start=1):
            name = ("deduplicate", "enrich", "cluster", "cluster")[number - 1]
            pid = until(lambda name=name: supervisor.pids().get(name), supervisor)
            publish(kafka_log, copy_in(kafka_log, outlet, at=CAPTURED + timedelta(minutes=number)))
            os.kill(pid, signal.SIGKILL)
            until(lambda name=name, pid=pid: supervisor.pids().get(name, pid) != pid or None, supervisor)
        settled(kafka_log, supervisor)
        until(
            lambda: any(story["outlet_count"] == 5 for story in last_stories(kafka_log)) or None, supervisor
        )
        assert_five_outlets_and_one_source(kafka_log)
        assert max(story["version"] for story in last_stories(kafka_log)) == 5, "each outlet was told once"

        asked_for = ("purge", "--publisher", "post", "--reason", "by letter", "--json")
        done = forked.run(asked_for, environment(kafka_log, tmp_path), timeout=120)
        assert done.returncode == 0, done.stderr.decode()
        (story,) = last_stories(kafka_log)
        assert (story["outlet_count"], "Post" in str(story)) == (4, False)
        found = {where["place"]: where["found"] for where in orjson.loads(done.stdout)["found"]}
        # The copy was told of on both topics, and so was that it is none any more, which says nothing of whom.
        assert (found["news.unique.v1"], found["news.articles.v1"], found["news.stories.v1"]) == (1, 1, 0)
