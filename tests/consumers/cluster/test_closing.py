"""Stories whose window has passed are closed: by ticks or by what comes next, few at a time, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from story_partition import HOUR, START, Partition, only

from consumers.cluster import Cluster
from consumers.cluster.rules import Rules

MINUTE = timedelta(minutes=1)
FERRY = (
    "Ferry Solveig runs aground off Tarn",
    "The ferry Solveig ran aground off the island of Tarn with 212 people on board. Captain Ines Okoro told them to put on life jackets.",
)
FERRY_AGAIN = (
    "Passengers of grounded ferry brought to Tarn",
    "All 212 passengers of the ferry Solveig, which ran aground off Tarn, are on the island. Captain Ines Okoro stayed on board.",
)
FERRY_THIRD = (
    "Coast guard asks why Solveig left its course",
    "The ferry Solveig was two miles off its course when it ran aground off Tarn. Captain Ines Okoro has to explain; 212 people are safe.",
)
BUDGET = (
    "Council of Lindum adopts budget",
    "The council of Lindum adopted a budget for the schools of the town, after nine hours.",
)


@pytest.fixture
def partition() -> Partition:
    return Partition()


def unlike(number: int) -> tuple[str, str]:
    """Return an article that is like no other."""
    word = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
    return f"{word}um and {word}or", f"The {word}ix met the {word}et."


def test_a_tick_closes_a_story_that_takes_no_more_articles(partition):
    first = only(partition.send("herald", FERRY, agency="AP"))
    grown = only(partition.send("tribune", FERRY_AGAIN, after=HOUR))
    assert partition.tick(after=71 * HOUR) == []
    closed = only(partition.tick(after=HOUR))
    assert (closed.story_id, closed.change, closed.closed_because) == (first.story_id, "closed", "window")
    assert (closed.version, closed.article_id, closed.other_story_id) == (3, grown.article_id, None)
    whole = {"members", "headline", "source_count", "syndication", "keywords", "entities", "timeline"}
    assert closed.model_dump(include=whole) == grown.model_dump(include=whole)
    assert closed.lineage.was_derived_from == closed.lineage.was_generated_by[-1].used
    assert [partition.tick(after=HOUR) for _ in range(200)] == [
        []
    ] * 200  # once, and also when it is forgotten


def test_without_ticks_the_next_article_closes_it_and_begins_its_own(partition):
    first = only(partition.send("herald", FERRY))
    late, closed = (emit.data for emit in partition.send("tribune", FERRY_AGAIN, after=73 * HOUR))
    assert (late.change, late.story_id != first.story_id) == ("created", True)
    assert (closed.change, closed.story_id, closed.closed_because) == ("closed", first.story_id, "window")


def test_a_revision_opens_a_closed_story_again(partition):
    first = only(partition.send("herald", FERRY))
    partition.send("tribune", FERRY_AGAIN)
    partition.tick(after=73 * HOUR)
    partition.forget_views()
    updated = only(partition.send("herald", FERRY, revision=2, change="revised", after=HOUR))
    assert (updated.story_id, updated.change, updated.version) == (first.story_id, "updated", 4)
    late = partition.send("radio", FERRY_THIRD, after=60 * HOUR, published_at=START + HOUR)
    assert only(late).change == "grown"
    closed = only(partition.tick(after=73 * HOUR))
    assert (closed.change, closed.version, len(closed.members)) == ("closed", 6, 3)


def test_a_revision_that_comes_with_the_end_of_the_window_keeps_the_story_open(partition):
    partition.send("herald", FERRY)
    assert (
        only(partition.send("herald", FERRY, revision=2, change="revised", after=73 * HOUR)).change
        == "updated"
    )


def test_a_withdrawal_from_a_closed_story_is_told_and_closes_it_again(partition):
    partition.send("herald", FERRY)
    partition.send("tribune", FERRY_AGAIN)
    partition.tick(after=73 * HOUR)
    told = [
        emit.data for emit in partition.send("herald", FERRY, revision=2, change="withdrawn", sections=())
    ]
    assert [(story.change, story.closed_because, story.version) for story in told] == [
        ("shrunk", None, 4),
        ("closed", "window", 5),
    ]
    empty = only(partition.send("tribune", FERRY_AGAIN, revision=2, change="withdrawn", sections=()))
    assert (empty.change, empty.closed_because, empty.members) == ("closed", "empty", ())
    assert partition.tick(after=HOUR) == []


def test_a_purge_reaches_a_closed_story(partition):
    partition.send("herald", FERRY)
    partition.send("tribune", FERRY_AGAIN)
    partition.tick(after=73 * HOUR)
    shrunk, closed = partition.purge(kind="publisher", name="herald")
    assert (shrunk.data.change, closed.data.change) == ("shrunk", "closed")
    (deleted,) = partition.purge(kind="publisher", name="tribune")
    assert deleted.data is None
    assert not [key for key in partition.state.data if key[0] in "atx"]


def test_a_story_without_members_is_not_closed_twice(partition):
    partition.send("herald", FERRY)
    closed = only(partition.send("herald", FERRY, revision=2, change="withdrawn", sections=()))
    assert (closed.change, closed.closed_because) == ("closed", "empty")
    assert partition.tick(after=73 * HOUR) == []


def test_few_are_closed_with_one_record_however_many_are_due(partition):
    most = Rules().most_closed
    begun = [only(partition.send(f"n{n}", unlike(n), after=MINUTE)).story_id for n in range(2 * most + 5)]
    closed = []
    for left in (most, most, 5, 0):
        partition.forget_views()
        told = [emit.data for emit in partition.tick(after=300 * HOUR if not closed else MINUTE)]
        assert [story.change for story in told] == ["closed"] * left
        closed += [story.story_id for story in told]
    # Those in which nothing happened for longest came first; within ten minutes, in order of their ids.
    assert sorted(closed) == sorted(begun)
    step = {id_: (START.minute + 60 + number + 1) // 10 for number, id_ in enumerate(begun)}
    assert closed == sorted(begun, key=lambda id_: (step[id_], id_))
    for _ in range(70):
        assert partition.tick(after=HOUR) == []
    assert not [key for key in partition.state.data if key[0] in "atx"]


def test_fewer_are_closed_where_they_are_large(monkeypatch):
    monkeypatch.setattr(Cluster, "rules", replace(Rules(), most_members=6))
    partition = Partition()
    texts = (FERRY, FERRY_AGAIN, FERRY_THIRD)
    for number in range(12):
        partition.send(f"f{number}", texts[number % 3])
    partition.send("budget", BUDGET)
    assert len(partition.tick(after=73 * HOUR)) == 1
    assert len(partition.tick()) == 1


def test_closings_say_nothing_of_the_article_that_brought_the_time(partition):
    partition.send("herald", FERRY)
    _, closed = partition.send("council", BUDGET, after=73 * HOUR, headline="Council of Lindum")
    assert b"Lindum" not in closed.data.model_dump_json().encode()
    assert closed.language == ""
