"""Purges through all four real stages, on the log in memory: what is taken out, what is told, what may not come again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from purged_wire import CAPTURED, MARK, capture, text
from seeded import copied, run_stage_on
from wire import everything as every_record
from wire import publish

from newswire import topology
from newswire.decision import decision
from newswire.envelope import is_control, is_purge
from newswire.ledger import ledger
from newswire.log.contract import Log, Record
from newswire.log.memory import MemoryLog
from newswire.purging.asking import asked
from newswire.purging.concerned import find
from newswire.purging.proof import remaining
from newswire.purging.writing import word_for, write
from newswire.stage.runner import load_handler
from newswire.state.memory import MemoryState
from newswire.trace import trace
from schemas.purge.model import Purge

LATER = CAPTURED + timedelta(hours=1)


def everything(log: Log, event: str) -> list[Record]:
    return [record for record in every_record(log, event) if not is_control(record)]


def payloads(log: Log, event: str) -> list[dict[str, Any]]:
    return [orjson.loads(record.value or b"null") for record in everything(log, event)]


class Wire:
    """The pipeline, a step at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log: MemoryLog = copied([], partitions=2)

    def capture(self, url: str, body: str, **more: Any) -> None:
        publish(self.log, capture(self.log, url, body, **more))

    def purge(self, *, at: datetime = CAPTURED + timedelta(minutes=30), **named: Any) -> Purge:
        purge = asked(reason=named.pop("reason", "by letter"), requested_by="legal", now=at, **named)
        ids = () if purge.kind == "publisher" else tuple(sorted(find(self.log, purge).articles))
        purge = purge.model_copy(update={"article_ids": ids})
        write(self.log, purge)
        return purge

    def run(self, *stages: str) -> None:
        for stage in stages or [stage.name for stage in topology.STAGES]:
            run_stage_on(self.log, stage, self.folder)

    def last(self, event: str) -> dict[str, bytes | None]:
        """Return the last value of each key: what a compacted topic keeps."""
        return {(r.key or b"").decode(): r.value for r in everything(self.log, event)}

    def state(self, stage: str) -> dict[str, bytes]:
        name = topology.changelog(stage)
        latest = {(r.partition, (r.key or b"").decode()): r.value for r in everything(self.log, name)}
        return {f"{p}/{key}": value for (p, key), value in latest.items() if value is not None}

    def letters(self, reason: str) -> list[dict[str, Any]]:
        return [letter for letter in payloads(self.log, "rejected") if letter["reason"] == reason]

    def assert_nothing_kept(self, *words: str) -> None:
        """Assert that no state and no compacted topic holds any of the words, and that the ledger balances."""
        places = {stage.name: self.state(stage.name) for stage in topology.STAGES if stage.stateful}
        places |= {event: self.last(event) for event in ("story", "held")}  # type: ignore[dict-item]
        for place, values in places.items():
            for key, value in values.items():
                if "/purge" not in key:
                    for word in words:
                        assert word.encode() not in (value or b""), f"{word} is still in {place} under {key}"
        assert ledger(self.log).balanced


@pytest.fixture
def wire(tmp_path: Path) -> Wire:
    return Wire(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        {"publisher": "  The  HERALD "},
        {"url": "http://WWW.herald.example:80/a?utm_source=x#top"},
        {"article": None},
    ],
    ids=["publisher", "url", "id"],
)
def test_published_articles_go(wire: Wire, name: dict[str, Any]) -> None:
    wire.capture("https://www.herald.example/a", text(1), source="the herald")
    wire.capture("https://post.example/b", text(2), source="post", headline="Something else altogether")
    wire.run()
    articles = {found["url"]: found["article_id"] for found in payloads(wire.log, "article")}
    gone = articles["https://herald.example/a"]
    purge = wire.purge(**({"article": gone} if "article" in name else name))
    wire.run()

    told = next(
        found for found in payloads(wire.log, "article") if found["revision"]["change"] == "withdrawn"
    )
    assert told["article_id"] == gone
    assert told["revision"]["number"] == 2
    assert told["revision"]["purge"] == purge.mark.to_data()
    assert "url" not in told
    assert told["sections"] == []
    assert MARK not in orjson.dumps(told).decode()
    wire.assert_nothing_kept(MARK, text(1)[:30], "www.herald.example")
    assert remaining(wire.log, purge) == 0
    stories = [orjson.loads(value) for value in wire.last("story").values() if value is not None]
    assert [member["article_id"] for story in stories for member in story["members"]] == [
        articles["https://post.example/b"]
    ]
    book = ledger(wire.log)
    assert (book.total.entered, book.total.published, book.total.withdrawn) == (2, 1, 1)
    [way] = trace(wire.log, gone).ways
    words = " | ".join(step.decision for step in way.steps)
    assert "by letter" in words
    assert purge.purge_id in words
    assert MARK not in words
    assert text(1)[:20] not in words


def test_what_is_purged_stays_out_until_it_is_lifted(wire: Wire) -> None:
    wire.capture("https://herald.example/a", text(1))
    wire.run()
    wire.purge(publisher="herald")
    wire.run()
    wire.capture("https://herald.example/a", text(1), at=LATER)
    wire.capture("https://herald.example/new", text(3), at=LATER)
    wire.capture("https://herald.example/bad", "", at=LATER)
    wire.run()
    letters = wire.letters("purged")
    assert len(letters) == 3
    assert all(letter["verdict"] == "drop" and "value" not in letter["original"] for letter in letters)
    assert all(letter["stage"] == "normalize" for letter in letters)
    assert text(3)[:30] not in orjson.dumps(letters).decode()
    book = ledger(wire.log)
    assert book.balanced
    assert (book.total.withdrawn, book.total.rejected, book.total.published) == (1, 3, 0)

    wire.purge(publisher="Herald", lift=True, at=LATER)
    wire.run()
    wire.capture("https://herald.example/a", text(1), at=LATER + timedelta(hours=1))
    wire.run()
    back = payloads(wire.log, "article")[-1]
    assert (back["revision"]["number"], back["revision"]["change"]) == (3, "revised")
    assert ledger(wire.log).balanced


def test_opt_out_before_the_first_article(wire: Wire) -> None:
    wire.purge(publisher="herald")
    wire.capture("https://herald.example/a", text(1), at=LATER)
    wire.run()
    assert [letter["source"] for letter in wire.letters("purged")] == ["herald"]
    assert not payloads(wire.log, "normalized")
    assert ledger(wire.log).total.rejected == 1


@pytest.mark.parametrize(
    "done", [(), ("normalize",), ("normalize", "deduplicate"), ("normalize", "deduplicate", "enrich")]
)
@pytest.mark.parametrize("allow_later", [False, True])
def test_what_is_on_its_way_goes_too(wire: Wire, done: tuple[str, ...], allow_later: bool) -> None:
    wire.capture("https://herald.example/a", text(1))
    wire.run(*done) if done else None
    purge = wire.purge(publisher="herald", refuse_later=not allow_later)
    wire.run()
    wire.run()
    wire.assert_nothing_kept(MARK, text(1)[:30])
    assert remaining(wire.log, purge) == 0
    shown = {found["article_id"]: found["revision"]["change"] for found in payloads(wire.log, "article")}
    assert set(shown.values()) <= {"withdrawn"}
    wire.capture("https://herald.example/a", text(1), at=LATER)
    wire.run()
    last = [found["revision"]["change"] for found in payloads(wire.log, "article")][-1:]
    assert (last in (["new"], ["revised"])) is allow_later
    assert ledger(wire.log).balanced


def test_held_articles_go_without_having_been_published(wire: Wire) -> None:
    until = {"status": "usable", "embargoed_until": CAPTURED + timedelta(days=2)}
    wire.capture("https://herald.example/a", text(1), rights=until)
    wire.capture("https://herald.example/a", text(2), rights=until, at=CAPTURED + timedelta(minutes=1))
    wire.run()
    assert ledger(wire.log).total.held == 2
    wire.purge(publisher="herald")
    wire.run()
    assert list(wire.last("held").values()) == [None]
    wire.assert_nothing_kept(MARK, text(1)[:30], text(2)[:30])
    assert ledger(wire.log).total.withdrawn == 2
    assert {found["revision"]["change"] for found in payloads(wire.log, "article")} == {"withdrawn"}


def test_copies_of_what_was_purged_may_be_published(wire: Wire) -> None:
    body = text(1)
    wire.capture("https://herald.example/a", body)
    wire.run()
    wire.capture("https://post.example/a", body, source="post", headline=f"{MARK} the same")
    wire.run()
    [copy] = payloads(wire.log, "duplicate")
    assert copy["original"]["source"]["name"] == "herald"
    wire.purge(publisher="herald")
    wire.run()
    wire.capture("https://post.example/a", body, source="post", headline=f"{MARK} the same", at=LATER)
    wire.run()
    wire.capture("https://third.example/a", body, source="third", at=LATER + timedelta(minutes=1))
    wire.run()
    published = payloads(wire.log, "article")[-1]
    assert (published["source"]["name"], published["revision"]["change"]) == ("post", "new")
    copies = sorted(found["source"]["name"] for found in payloads(wire.log, "duplicate"))
    assert copies == ["post", "third"]
    assert ledger(wire.log).balanced


def test_a_purged_copy_is_told_by_a_tombstone(wire: Wire) -> None:
    body = text(1)
    wire.capture("https://herald.example/a", body)
    wire.run()
    wire.capture("https://post.example/a", body, source="post", headline="The same")
    wire.run()
    wire.purge(publisher="post")
    wire.run()
    assert list(wire.last("duplicate").values()) == [None]
    assert not [
        found for found in payloads(wire.log, "article") if found["revision"]["change"] == "withdrawn"
    ]
    assert ledger(wire.log).balanced


def test_a_story_is_told_again_without_the_member(wire: Wire) -> None:
    body = text(1)
    wire.capture("https://herald.example/a", body + " " + text(5, 60), headline=f"{MARK} fire at the harbour")
    wire.capture(
        "https://post.example/a",
        body[:200] + " " + text(1)[200:] + " " + text(6, 160),
        source="post",
        headline="Fire at the harbour of Upper Marl",
    )
    wire.run()
    purge = wire.purge(publisher="herald")
    wire.run()
    stories = [orjson.loads(value) for value in wire.last("story").values() if value is not None]
    assert all(member["source"] != "herald" for story in stories for member in story["members"])
    wire.assert_nothing_kept(MARK)
    assert remaining(wire.log, purge) == 0


def test_stories_that_the_stage_has_forgotten_are_deleted(wire: Wire) -> None:
    wire.capture("https://herald.example/a", text(1))
    wire.run()
    [(story, value)] = wire.last("story").items()
    partition = next(r.partition for r in everything(wire.log, "article"))
    # Weeks later: the stages have forgotten, the topic has not.
    for days in range(1, 50):
        at = CAPTURED + timedelta(days=days)
        wire.capture(
            f"https://post.example/{days}", text(100 + days), source="post", at=at, headline=f"Day {days}"
        )
        wire.run()
    last = orjson.loads(wire.last("story")[story] or b"")
    assert (last["change"], last["members"]) == ("closed", orjson.loads(value or b"")["members"])
    purge = asked(
        publisher="herald", reason="by letter", requested_by="legal", now=CAPTURED + timedelta(days=60)
    )
    write(wire.log, purge, {partition: {story}})
    wire.run()
    assert wire.last("story")[story] is None
    assert sum(value is not None for value in wire.last("story").values()) > 1


def test_a_purge_again_tells_nothing_again(wire: Wire) -> None:
    wire.capture("https://herald.example/a", text(1))
    wire.run()
    wire.purge(publisher="herald")
    wire.run()
    before = len(everything(wire.log, "unique"))
    wire.purge(publisher="herald")
    wire.run()
    assert len(everything(wire.log, "unique")) == before


def test_a_replay_brings_nothing_back(wire: Wire, tmp_path: Path) -> None:
    wire.capture("https://herald.example/a", text(1))
    wire.run("normalize")
    wire.purge(publisher="herald")
    wire.capture("https://herald.example/a", text(2), at=LATER)
    wire.run()
    again = Wire(tmp_path / "again")
    beside = [
        record
        for event in ("normalized", "article")
        for record in every_record(wire.log, event)
        if is_purge(record)
    ]
    again.log = copied(every_record(wire.log, "raw") + beside, partitions=2)
    again.run()
    assert {found["revision"]["change"] for found in payloads(again.log, "article")} <= {"withdrawn"}
    again.assert_nothing_kept(MARK)


def test_words_lead_to_their_partitions() -> None:
    for partitions in (1, 3, 50):
        assert [
            topology.partition_for(word_for(p, partitions), partitions) for p in range(partitions)
        ] == list(range(partitions))


def test_decisions_say_that_something_was_purged() -> None:
    assert decision("duplicate", None, {}) == "purged"


@pytest.mark.parametrize("stage", [stage.name for stage in topology.STAGES if stage.stateful])
def test_every_stage_with_state_says_what_it_remembers(stage: str) -> None:
    purge = asked(publisher="herald", reason="by letter", requested_by="legal")
    assert list(load_handler(stage).remembers(purge, MemoryState())) == []  # type: ignore[attr-defined]
