"""Stories merge and split; series stay apart; who tells a story and who carries it; what it names; and in what order it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from story_partition import BUDGET, FERRY, FERRY_AGAIN, FERRY_THIRD, HOUR, START, Partition, only

from consumers.cluster.memory import Memory
from newswire.errors import StateFormatError

OTHER_FERRY = (
    "Ferry Aurelie runs aground off Corvo",
    """The ferry Aurelie ran aground off the island of Corvo late on Friday with 97 people on board, the coast guard said. Captain Paulo
    Reis told passengers to put on life jackets. Nobody was hurt.""",
)


@pytest.fixture
def partition() -> Partition:
    return Partition()


def entity(name: str, kind: str, mentions: int = 1) -> dict[str, Any]:
    where = {"path": "/headline", "start": 0, "end": len(name)}
    return {"name": name, "type": kind, "mentions": [{"text": name, "location": where}] * mentions}


def test_same_kind_of_event_at_another_place_is_another_story(partition):
    first = only(partition.send("herald", FERRY))
    assert only(partition.send("tribune", FERRY_AGAIN)).story_id == first.story_id
    assert only(partition.send("radio", OTHER_FERRY)).story_id != first.story_id


def test_an_article_that_makes_two_stories_one_merges_them(partition, monkeypatch):
    monkeypatch.setattr("consumers.cluster.placing.choose", lambda *_: [])  # each begins a story of its own
    monkeypatch.setattr("consumers.cluster.handler.same_event", lambda *_: None)
    first = only(partition.send("herald", FERRY))
    second = only(partition.send("tribune", FERRY_AGAIN, after=HOUR))
    monkeypatch.undo()
    merged, closed = (emit.data for emit in partition.send("radio", FERRY_THIRD, after=HOUR))
    assert (merged.change, merged.story_id, merged.other_story_id) == (
        "merged",
        first.story_id,
        second.story_id,
    )
    assert {member.source for member in merged.members} == {"herald", "tribune", "radio"}
    assert merged.source_count == 3
    assert (closed.change, closed.story_id, closed.other_story_id) == (
        "closed",
        second.story_id,
        first.story_id,
    )
    assert (closed.members, closed.headline, closed.timeline, closed.entities, closed.keywords) == (
        (),
        "",
        (),
        (),
        (),
    )
    partition.forget_views()
    again = only(partition.send("herald", FERRY, revision=2, change="revised"))
    assert (again.story_id, len(again.members)) == (first.story_id, 3)


def test_a_revision_about_something_else_splits_the_story(partition):
    first = only(partition.send("herald", FERRY))
    partition.send("tribune", FERRY_AGAIN)
    split, created = (emit.data for emit in partition.send("herald", BUDGET, revision=2, change="revised"))
    assert (split.change, split.story_id, split.other_story_id) == ("split", first.story_id, created.story_id)
    assert [member.source for member in split.members] == ["tribune"]
    assert (created.change, created.other_story_id) == ("created", first.story_id)
    assert [(member.source, member.revision) for member in created.members] == [("herald", 2)]
    assert only(partition.send("radio", FERRY_THIRD)).story_id == first.story_id


@pytest.mark.parametrize("kind", ["article", "live_blog"])
def test_a_series_is_a_story_each_day_and_stays_apart(partition, kind):
    monday = (
        "Morning briefing",
        "Good morning. What you need to know today, and what to read with your coffee.",
    )
    first = only(partition.send("monday", monday, source={"name": "herald", "kind": "feeds"}, kind=kind))
    second = only(
        partition.send(
            "tuesday", monday, after=24 * HOUR, source={"name": "herald", "kind": "feeds"}, kind=kind
        )
    )
    assert (second.change, second.story_id != first.story_id) == ("created", True)
    for emit in partition.send(
        "wednesday", monday, after=24 * HOUR, source={"name": "herald", "kind": "feeds"}, kind=kind
    ):
        assert emit.data.change == "created"


def test_keywords_are_written_as_names_are_and_not_as_datelines(partition):
    body = "SANTA BRIGA (AP) — The town of Santa Briga was cut off by NATO when an earthquake shook it, said its mayor Tomas Ulloa."
    story = only(partition.send("herald", ("Town is cut off by earthquake", body)))
    assert {"Santa", "Briga", "NATO"} <= set(story.keywords)


def test_headlines_of_one_event_are_one_story(partition):
    headlines = (
        "Ferry Solveig runs aground off Tarn with 212 on board",
        "Solveig ferry aground near Tarn, passengers evacuated",
        "212 rescued after ferry Solveig hits rocks off Tarn",
        "Tarn: coast guard rescues passengers of ferry Solveig",
        "Captain of ferry Solveig questioned after grounding off Tarn",
        "What we know about the grounding of the Solveig ferry off Tarn",
    )
    for number, headline in enumerate(headlines):
        last = partition.send(f"n{number}", (headline, ""), after=timedelta(minutes=10), sections=())[0].data
    assert len(last.members) == 6


@pytest.mark.parametrize("name", ["AP", "The Associated Press"])
def test_texts_of_one_agency_are_one_source(partition, name):
    partition.send("herald", FERRY, agency="AP")
    partition.send("tribune", FERRY_AGAIN, agency="ap", published_at=START - HOUR)
    story = only(
        partition.send("ap-wire", FERRY_THIRD, source={"name": "wires", "kind": "wires", "publisher": name})
    )
    assert (story.source_count, story.independent_source_count) == (3, 1)
    (carried,) = story.syndication
    assert (carried.agency, carried.outlets, carried.article_count) == ("ap", ("tribune", "herald"), 2)
    assert carried.earliest_at == START - HOUR
    assert carried.article_id == story.members[1].article_id
    story = only(partition.send("radio", FERRY_THIRD))
    assert (story.source_count, story.independent_source_count) == (4, 2)


def test_the_timeline_is_in_order_of_time_however_late_an_article_arrives(partition):
    partition.send("herald", FERRY, published_at=START - HOUR)
    partition.send("tribune", FERRY_AGAIN, after=HOUR)
    story = only(partition.send("late", FERRY_THIRD, published_at=START - 3 * HOUR))
    assert [(moment.source, moment.basis) for moment in story.timeline] == [
        ("late", "published"),
        ("herald", "published"),
        ("tribune", "captured"),
    ]
    assert story.headline == FERRY_THIRD[0]
    assert [member.source for member in story.members] == ["herald", "tribune", "late"]


def test_a_timeline_is_bounded(partition):
    for number in range(60):
        story = only(partition.send(f"n{number}", FERRY, after=timedelta(minutes=1)))
    assert len(story.timeline) == 50
    assert (story.timeline[0].source, story.timeline[1].source, story.timeline[-1].source) == (
        "n0",
        "n11",
        "n59",
    )


def test_entities_are_those_that_several_articles_name(partition):
    story = only(
        partition.send("herald", FERRY, entities=(entity("Tarn", "place"), entity("Ines Okoro", "person", 2)))
    )
    assert [(e.name, e.article_count) for e in story.entities] == [("Ines Okoro", 1), ("Tarn", 1)]
    story = only(
        partition.send("tribune", FERRY_AGAIN, entities=(entity("Tarn", "place"), entity("Solveig", "work")))
    )
    assert [(e.name, e.type, e.article_count) for e in story.entities] == [("Tarn", "place", 2)]
    story = only(partition.send("radio", FERRY_THIRD, entities=(entity("Ines Okoro", "person"),)))
    assert {(e.name, e.article_count) for e in story.entities} == {("Ines Okoro", 2), ("Tarn", 2)}


def test_a_purge_takes_what_only_the_purged_article_named_and_carried(partition):
    first = only(partition.send("herald", FERRY, agency="AP", entities=(entity("Ines Okoro", "person"),)))
    partition.send("tribune", FERRY_AGAIN, entities=(entity("Tarn", "place"),))
    (emit,) = partition.purge(kind="publisher", name="herald", article_ids=(first.article_id,))
    story = emit.data
    assert (story.change, story.source_count, story.independent_source_count) == ("shrunk", 1, 1)
    assert story.syndication == ()
    assert [moment.source for moment in story.timeline] == ["tribune"]
    assert [e.name for e in story.entities] == ["Tarn"]
    left = orjson.dumps(story.to_data()) + b"".join(
        value for key, value in partition.state.data.items() if key.startswith("t")
    )
    for word in (FERRY[0], "AP", "runs"):
        assert word.encode() not in left


def test_the_index_is_packed_and_forgets(partition):
    for number in range(400):
        partition.send(
            f"n{number}", (f"Headline {number} of Town{number}", f"Body{number} word{number}."), after=HOUR
        )
    memory: Memory = partition.state.view(partition.handler._build)
    assert len(memory.index) == 72
    assert len(memory.index._times) < 250
    assert len(memory._members) < 7 * 24 + 40


def test_state_of_another_format_is_refused_with_what_to_do(partition):
    partition.send("herald", FERRY)
    key = next(key for key in partition.state.data if key.startswith("a"))
    partition.state.put(key, b"\x01" + partition.state.data[key][1:])
    partition.forget_views()
    with pytest.raises(StateFormatError, match="format 1, this code reads 3: start the stage with"):
        partition.send("tribune", FERRY_AGAIN)
