"""A replay changes nothing before it is swapped in, knows the right history, and brings nothing back that was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import wire
from small_pipeline import SmallPipeline, TinyCluster, TinyEnrich

from consumers.deduplicate import Deduplicate
from newswire.envelope import REPLAY_OF
from newswire.errors import BrokerError, Reject, UsageError
from newswire.event import Emit, Event, Handler
from newswire.ledger import ledger
from newswire.log.contract import Record
from newswire.log.memory import MemoryWriter
from newswire.replay import control, names
from newswire.replay.compare import EventDiff, compare
from newswire.replay.control import Plan
from newswire.replay.run import run
from newswire.replay.selection import Selection
from newswire.replay.swap import Swapped, swap
from newswire.state.contract import State
from newswire.topology import topic
from schemas.ids import article_id

LIVE = tuple(
    topic(event).name
    for event in ("raw", "normalized", "unique", "duplicate", "held", "article", "story", "rejected")
)


class Wordier(TinyEnrich):
    """Today's code: counts one word more where the text says `longer`, and no longer takes `now-bad`."""

    mended = True

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        for emit in super().handle(event, state):
            text = str(emit.data)
            if "now-bad" in text:
                raise Reject("told-to", "today's code says so")
            more = emit.data.model_copy(update={"word_count": emit.data.word_count + 1})
            yield Emit(emit.event, emit.key, more if "longer" in text else emit.data, emit.language)


HANDLERS: dict[str, Handler] = {
    "normalize": wire.TinyNormalize(),
    "deduplicate": Deduplicate(),
    "enrich": Wordier(),
    "cluster": TinyCluster(),
}


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def replayed(pipeline: SmallPipeline, *stages: str, name: str = "try", **selection: Any) -> Plan:
    return run(pipeline.log, name, stages, Selection(**selection), load=HANDLERS.__getitem__)


def diffs(pipeline: SmallPipeline, plan: Plan) -> dict[str, EventDiff]:
    return {diff.event: diff for diff in compare(pipeline.log, plan).events}


def counts(diff: EventDiff) -> tuple[int, int, int, int]:
    return diff.same, diff.changed, diff.only_live, diff.only_side


def swapped(pipeline: SmallPipeline, plan: Plan) -> Swapped:
    report = compare(pipeline.log, plan)
    return swap(pipeline.log, replace(plan, compared=report.live_ends))


def everywhere(pipeline: SmallPipeline) -> dict[str, list[Record]]:
    return {name: wire.everything(pipeline.log, name) for name in LIVE}


def articles(pipeline: SmallPipeline, guid: str) -> list[dict[str, Any]]:
    return [data for data in wire.payloads(pipeline.log, "article") if data["guid"] == guid]


ARTICLES = {
    "a": "One plain sentence.",
    "b": "A longer sentence than before.",
    "c": "unenrichable text",
    "d": "now-bad words",
}


def test_a_replay_touches_only_side_topics_and_tells_what_changed(pipeline: SmallPipeline) -> None:
    for guid, body in ARTICLES.items():
        pipeline.publish(guid, body)
    pipeline.run()
    before = everywhere(pipeline)
    offsets = pipeline.log.group_offsets("newswire.enrich", "news.unique.v1")

    plan = replayed(pipeline, "enrich")

    assert everywhere(pipeline) == before
    assert pipeline.log.group_offsets("newswire.enrich", "news.unique.v1") == offsets
    found = diffs(pipeline, plan)
    assert counts(found["article"]) == (1, 1, 1, 1)
    assert found["article"].fields == {"word_count": 1}
    [example] = found["article"].examples
    assert (example.key, example.field) == (article_id(source="herald", guid="b"), "word_count")
    assert (example.before, example.after) == ("5", "6")
    assert counts(found["rejected"]) == (0, 0, 1, 1)
    assert everywhere(pipeline) == before
    assert [name for name, _ in control.every(pipeline.log)] == ["try"]


def test_a_swap_writes_the_changed_once_and_the_ledger_balances(pipeline: SmallPipeline) -> None:
    for guid, body in (
        ("a", "One plain sentence."),
        ("b", "A longer sentence than before."),
        ("c", "unenrichable text"),
    ):
        pipeline.publish(guid, body)
    pipeline.run()
    plan = replayed(pipeline, "enrich")
    written = swapped(pipeline, plan)
    assert (written.written, written.same) == (2, 1)
    was, now = articles(pipeline, "b")
    assert now == was | {"word_count": was["word_count"] + 1, "lineage": now["lineage"]}
    records = wire.everything(pipeline.log, "article")
    ids = [dict(record.headers)["ce_id"] for record in records]
    assert len(set(ids)) == len(ids) == 4
    marks = [dict(record.headers).get(REPLAY_OF) for record in records]
    assert sorted(mark.split(b"/")[0] for mark in marks if mark) == [b"replay-try.news.articles.v1"] * 2
    pipeline.run()
    book = ledger(pipeline.log)
    assert book.balanced
    assert (book.total.entered, book.total.published, book.total.rejected, book.total.retried) == (3, 3, 0, 1)
    assert [data["version"] for data in wire.payloads(pipeline.log, "story")] == [1, 1, 1, 1]

    again = swapped(pipeline, plan)
    assert (again.written, again.before) == (0, 2)
    assert len(wire.everything(pipeline.log, "article")) == 4


def test_an_interrupted_swap_goes_on_where_it_stopped(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.replay.swap._BATCH", 1)
    for number in range(6):
        pipeline.publish(f"g{number}", f"A longer sentence about number {number}.")
    pipeline.run()
    plan = replayed(pipeline, "enrich")
    real, left = MemoryWriter.write, 3

    def failing(self, outputs):
        nonlocal left
        if any(out.topic == "news.articles.v1" for out in outputs):
            left -= 1
            if left < 0:
                raise BrokerError("the broker is gone")
        return real(self, outputs)

    monkeypatch.setattr(MemoryWriter, "write", failing)
    with pytest.raises(BrokerError):
        swapped(pipeline, plan)
    monkeypatch.setattr(MemoryWriter, "write", real)
    done = swapped(pipeline, plan)
    assert (done.written, done.before) == (3, 3)
    marks = [
        dict(r.headers)[REPLAY_OF]
        for r in wire.everything(pipeline.log, "article")
        if REPLAY_OF in dict(r.headers)
    ]
    assert len(marks) == len(set(marks)) == 6


@pytest.mark.parametrize(
    "selected", [{"until_ms": True}, {"source": "herald"}, {"article_id": True}, {"offsets": True}]
)
def test_what_is_withdrawn_later_does_not_come_back(
    pipeline: SmallPipeline, selected: dict[str, Any]
) -> None:
    """Whatever is selected, and however early: the withdrawal is part of the replay, and a swap leaves the article alone."""
    pipeline.publish("a", "A longer sentence than before.")
    pipeline.publish("b", "Another longer sentence of other words.")
    pipeline.run()
    uniques = wire.everything(pipeline.log, "unique")
    late = max(record.timestamp_ms for record in uniques) + 1
    pipeline.publish("a", "A longer sentence than before.", status="canceled", later_ms=3_600_000)
    pipeline.run()
    given: dict[str, Any] = dict(selected)
    if "until_ms" in given:
        given["until_ms"] = late
        assert max(record.timestamp_ms for record in wire.everything(pipeline.log, "unique")) > late
    if "article_id" in given:
        given["article_id"] = article_id(source="herald", guid="a")
    if "offsets" in given:
        given["offsets"] = {0: 0, 1: 0}
    plan = replayed(pipeline, "enrich", **given)
    aside = wire.payloads(pipeline.log, names.side("try", "news.articles.v1"))
    assert [data["revision"]["change"] for data in aside if data["guid"] == "a"] == ["new", "withdrawn"]
    swapped(pipeline, plan)
    assert [data["revision"]["change"] for data in articles(pipeline, "a")] == ["new", "withdrawn"]


def test_a_withdrawal_after_the_replay_wins(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "A longer sentence than before.")
    pipeline.run()
    plan = replayed(pipeline, "enrich")
    report = compare(pipeline.log, plan)
    pipeline.publish("a", "A longer sentence than before.", status="canceled")
    pipeline.run()
    done = swap(pipeline.log, replace(plan, compared=report.live_ends))
    assert (done.written, done.withdrawn) == (0, 1)
    assert articles(pipeline, "a")[-1]["revision"]["change"] == "withdrawn"


def test_a_withdrawal_in_the_middle_of_a_swap_stands_last(
    pipeline: SmallPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.publish("a", "A longer sentence than before.")
    pipeline.run()
    plan = replayed(pipeline, "enrich")
    real, killed = MemoryWriter.write, False

    def racing(self, outputs):
        nonlocal killed
        if not killed and any(out.topic == "news.articles.v1" for out in outputs):
            killed = True
            pipeline.publish("a", "A longer sentence than before.", status="canceled")
            pipeline.run()
        return real(self, outputs)

    monkeypatch.setattr(MemoryWriter, "write", racing)
    assert swapped(pipeline, plan).written == 1
    changes = [data["revision"]["change"] for data in articles(pipeline, "a")]
    assert changes == ["new", "withdrawn", "new", "withdrawn"]
    assert ledger(pipeline.log).balanced
    swapped(pipeline, plan)
    assert len(articles(pipeline, "a")) == 4


def test_news_since_the_diff_and_earlier_revisions_are_not_written_over(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "A longer sentence than before.")
    pipeline.publish("b", "Another longer sentence of other words entirely.")
    pipeline.run()
    plan = replayed(pipeline, "enrich")
    report = compare(pipeline.log, plan)
    pipeline.publish("a", "A longer sentence than ever before, and news.")
    pipeline.run()
    done = swap(pipeline.log, replace(plan, compared=report.live_ends))
    assert (done.written, done.moved) == (1, 1)
    assert articles(pipeline, "a")[-1]["revision"]["number"] == 2
    later = replayed(
        pipeline, "enrich", name="again", offsets={0: 0}, article_id=article_id(source="herald", guid="a")
    )
    assert counts(diffs(pipeline, later)["article"]) == (0, 2, 0, 0)
    swapped(pipeline, later)
    assert [data["revision"]["number"] for data in articles(pipeline, "a")] == [1, 2, 2]


def test_a_stage_with_state_decides_with_its_history(pipeline: SmallPipeline) -> None:
    """Only the last capture is selected: it is a revision of what came before, as on the live topic, not a new article."""
    pipeline.publish("a", "One plain sentence that is long enough.")
    pipeline.publish("b", "Something else altogether, about the weather.")
    pipeline.publish("a", "One plain sentence that is long enough, and more.")
    pipeline.run()
    [last] = [r for r in wire.everything(pipeline.log, "normalized") if b"and more" in (r.value or b"")]
    plan = replayed(
        pipeline,
        "deduplicate",
        offsets={0: last.offset, 1: last.offset},
        article_id=article_id(source="herald", guid="a"),
    )
    assert counts(diffs(pipeline, plan)["unique"]) == (1, 0, 0, 0)
    aside = wire.everything(pipeline.log, names.side("try", "news.unique.v1"))
    assert len(aside) == 3
    assert sum(names.CONTEXT in dict(record.headers) for record in aside) == 2
    with pytest.raises(UsageError, match="deduplicate keeps state"):
        swapped(pipeline, plan)


def test_stages_in_a_row_make_the_same_again(pipeline: SmallPipeline) -> None:
    pipeline.publish("a", "One plain sentence.")
    pipeline.publish("a", "One plain sentence, changed.")
    pipeline.publish("b", "reject")
    pipeline.publish("c", "retry")
    pipeline.publish("d", "A kill follows on this one.")
    pipeline.publish("d", "A kill follows on this one.", status="canceled")
    pipeline.run()
    HANDLERS["enrich"], mine = pipeline.enrich, HANDLERS["enrich"]
    try:
        plan = replayed(pipeline, "normalize", "deduplicate", "enrich")
    finally:
        HANDLERS["enrich"] = mine
    found = diffs(pipeline, plan)
    assert counts(found["article"]) == (4, 0, 0, 0)
    assert counts(found["rejected"])[1:] == (0, 0, 0)
    assert len(wire.everything(pipeline.log, names.side("try", "newswire.deduplicate.changelog"))) > 0


def test_what_cannot_be_done_is_said(pipeline: SmallPipeline) -> None:
    pipeline.publish("a")
    pipeline.run()
    with pytest.raises(UsageError, match="does not read what normalize writes"):
        replayed(pipeline, "normalize", "enrich")
    with pytest.raises(UsageError, match="cannot be a replay's name"):
        replayed(pipeline, "enrich", name="../x")
    with pytest.raises(UsageError, match="no capture of"):
        replayed(pipeline, "enrich", article_id="99413a37-cb38-56d3-9167-d2c29f0733b4")
    plan = replayed(pipeline, "enrich")
    with pytest.raises(UsageError, match="already"):
        replayed(pipeline, "enrich")
    with pytest.raises(UsageError, match="no diff report"):
        swap(pipeline.log, plan)
    with pytest.raises(UsageError, match="there is no replay none"):
        control.get(pipeline.log, "none")
