"""The ledger: every raw record has exactly one fate, or is on its way, whoever looks and whenever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import wire
from small_pipeline import SmallPipeline

from newswire.ledger import UNKNOWN_SOURCE, Account, ledger
from newswire.log.contract import Log, Outgoing, Record
from newswire.log.memory import MemoryLog

LATER = wire.CAPTURED + timedelta(hours=1)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def figures(account: Account) -> dict[str, Any]:
    """Return what is not zero."""
    return {
        name: value
        for name in Account.__dataclass_fields__
        if name != "source" and (value := getattr(account, name))
    }


def test_every_fate_is_counted_by_source(pipeline: SmallPipeline) -> None:
    pipeline.publish("a")
    pipeline.publish("a", "Another plain sentence.")
    pipeline.publish("a", "Another plain sentence.")
    pipeline.publish("a", status="canceled")
    pipeline.publish("b", "reject", source="planet")
    pipeline.publish("c", "drop", source="planet")
    pipeline.publish("d", embargoed_until=LATER, source="planet")
    pipeline.publish("e", "alone", source="planet")
    pipeline.write(wire.bare(b"not json"))
    pipeline.run()
    pipeline.publish("f", source="planet")

    found = ledger(pipeline.log)

    assert [account.source for account in found.accounts] == [UNKNOWN_SOURCE, "herald", "planet"]
    unknown, herald, planet = found.accounts
    assert figures(unknown) == {"entered": 1, "rejected": 1}
    assert figures(herald) == {"entered": 4, "published": 1, "revised": 1, "withdrawn": 1, "duplicate": 1}
    assert figures(planet) == {"entered": 5, "published": 1, "rejected": 2, "held": 1, "in_flight": 1}
    assert found.total.entered == 10
    assert found.waiting == {"normalize": 1}
    assert found.reasons == {"told-to": 2, "not-json": 1}
    assert found.notes == ("1 dead letters of cluster, whose articles were published all the same",)
    assert found.balanced
    assert figures(ledger(pipeline.log, "herald").total) == figures(herald)


@pytest.mark.parametrize("ran", [(), ("normalize",), ("normalize", "deduplicate")])
def test_what_is_on_its_way_waits_at_the_next_stage(pipeline: SmallPipeline, ran: tuple[str, ...]) -> None:
    pipeline.publish("a")
    if ran:
        pipeline.run(*ran)
    found = ledger(pipeline.log)
    assert figures(found.total) == {"entered": 1, "in_flight": 1}
    assert list(found.waiting) == [("normalize", "deduplicate", "enrich")[len(ran)]]


def test_an_embargo_is_held_until_it_ends(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", embargoed_until=LATER)
    pipeline.publish("a", "It grew while it waited.", embargoed_until=LATER)
    pipeline.run()
    assert figures(ledger(pipeline.log).total) == {"entered": 2, "held": 2}
    pipeline.tick(LATER)
    pipeline.run("deduplicate")
    assert figures(ledger(pipeline.log).total) == {"entered": 2, "in_flight": 2}
    pipeline.run()
    assert figures(ledger(pipeline.log).total) == {"entered": 2, "published": 1, "revised": 1}


def test_compaction_of_the_held_topic_loses_nobody(pipeline: SmallPipeline) -> None:
    first = pipeline.publish("a", embargoed_until=LATER)
    pipeline.publish("a", "It grew while it waited.", embargoed_until=LATER)
    pipeline.run()

    class Compacted(Reading):
        def seen(self, record: Record) -> bool:
            raw = "/".join(map(str, first)).encode()
            return record.topic != "news.held.v1" or ("ce_rawref", raw) not in record.headers

    assert figures(ledger(Compacted(pipeline.log)).total) == {"entered": 2, "held": 2}


def test_what_a_source_could_not_read_went_in_too(pipeline: SmallPipeline) -> None:
    letter = orjson.dumps(
        {
            "stage": "files",
            "rule_version": "1",
            "verdict": "reject",
            "reason": "too-large",
            "detail": "big.txt: is big",
            "source": "herald",
            "original": {"size": 9},
        }
    )
    pipeline.write(Outgoing("news.rejected.v1", 0, b"big.txt", letter, 1_706_745_600_000))
    found = ledger(pipeline.log)
    assert figures(found.total) == {"entered": 1, "rejected": 1}
    assert found.accounts[0].source == "herald"
    assert found.reasons == {"too-large": 1}


def test_what_is_gone_is_lost(pipeline: SmallPipeline) -> None:
    gone = pipeline.publish("a")
    pipeline.publish("b")
    pipeline.run()

    class Without(Reading):
        def seen(self, record: Record) -> bool:
            raw = "/".join(map(str, gone)).encode()
            return record.topic != "news.articles.v1" or ("ce_rawref", raw) not in record.headers

    found = ledger(Without(pipeline.log))
    assert figures(found.total) == {"entered": 2, "published": 1, "lost": 1}
    assert [(ref.topic, ref.partition, ref.offset) for ref in found.lost] == [gone]
    assert not found.balanced


def test_what_came_out_again_is_counted_twice(pipeline: SmallPipeline) -> None:
    again = pipeline.publish("a")
    pipeline.run()
    [article] = wire.everything(pipeline.log, "article")
    pipeline.write(
        Outgoing(article.topic, 1, article.key, article.value, article.timestamp_ms, article.headers)
    )
    found = ledger(pipeline.log)
    assert figures(found.total) == {"entered": 1, "published": 1, "twice": 1}
    assert [(ref.topic, ref.partition, ref.offset) for ref in found.twice] == [again]
    assert not found.balanced


def test_sources_are_read_from_structured_events_too(pipeline: SmallPipeline) -> None:
    inner = orjson.loads(wire.raw_record(pipeline.log, "a").value or b"")
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "newswire.raw.v1", "data": inner}
    mode = (("content-type", b"application/cloudevents+json"),)
    pipeline.write(wire.bare(orjson.dumps(event), headers=mode))
    assert [account.source for account in ledger(pipeline.log).accounts] == ["herald"]


def test_records_on_the_topic_that_are_no_dead_letters_are_noted(pipeline: SmallPipeline) -> None:
    pipeline.write(Outgoing("news.rejected.v1", 0, b"k", b"not json", 0))
    found = ledger(pipeline.log)
    assert found.total.entered == 0
    assert found.notes == ("1 dead letters of nobody: records on the topic that are none",)


def test_nothing_counts_before_anything_came_in(pipeline: SmallPipeline) -> None:
    found = ledger(pipeline.log)
    assert found.accounts == ()
    assert found.balanced


@pytest.mark.parametrize("at", range(40))
def test_nobody_is_lost_while_the_pipeline_runs(pipeline: SmallPipeline, at: int) -> None:
    """Between the `at`-th look at the log and the next one, everything moves on as far as it can."""
    for name in ("a", "b", "c"):
        pipeline.publish(name)
    pipeline.publish("h", embargoed_until=LATER)
    pipeline.run("normalize")
    pipeline.publish("d")
    pipeline.run("normalize", "deduplicate")
    pipeline.publish("e", "reject")
    moves = [
        lambda: pipeline.run("enrich"),
        lambda: (pipeline.tick(LATER), pipeline.run("deduplicate", "enrich")),
        pipeline.run,
    ]

    class Moving(Reading):
        looks = 0

        def looked(self) -> None:
            self.looks += 1
            if self.looks >= at and moves and (self.looks - at) % 2 == 0:
                moves.pop(0)()

    found = ledger(Moving(pipeline.log))
    assert found.balanced, found
    assert found.total.entered == 6


class Reading:
    """A log that is only read: `seen` hides records, `looked` is called before each question."""

    def __init__(self, log: Log) -> None:
        assert isinstance(log, MemoryLog)
        self._log = log

    def seen(self, record: Record) -> bool:
        return True

    def looked(self) -> None:
        pass

    def first_offsets(self, topic: str) -> dict[int, int]:
        self.looked()
        return self._log.first_offsets(topic)

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        self.looked()
        return self._log.end_offsets(topic, committed=committed)

    def group_offsets(self, group: str, topic: str) -> Mapping[int, int]:
        self.looked()
        return self._log.group_offsets(group, topic)

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        self.looked()
        return (record for record in self._log.read(topic, partition, start, end) if self.seen(record))
