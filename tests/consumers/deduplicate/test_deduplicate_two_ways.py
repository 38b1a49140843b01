"""One agency's item by two ways: the file on the wire, the agency's website, and two formats of the wire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from schemas.ids import article_id

HOUR = timedelta(hours=1)
HEADLINE = "Harbour of Port Ellery closes two piers"
TEXT = """The harbour authority of Port Ellery closed two of its five piers on Monday after divers found cracks in the concrete
pillars that carry them, an official said at a news conference in the town hall.
Repairs will take at least eight weeks and cost about 3.4 million crowns, said Mara Lindqvist, who heads the authority."""
MORE = (
    TEXT
    + "\nThe town council will meet on Wednesday evening to decide on a loan for the repairs, the mayor said later."
)


def item(uri: str, version: int = 1, kind: str = "newsml-g2", **fields: Any) -> dict[str, Any]:
    return {
        "wire": {"format": kind, "uri": uri, "version": str(version)},
        "guid": uri,
        "article_id": article_id(source="norvik", guid=uri),
        "source": "norvik",
        "url": None,
        "agency": "Norvik",
        "headline": HEADLINE,
    } | fields


WIRE = item("urn:newsml:norvik:1")
ANPA = item("norvik/a0123/20260302", kind="iptc7901", headline=HEADLINE.upper())
SITE = {"source": "norvik-site", "headline": HEADLINE, "agency": "Norvik"}
WAYS = {"wire": WIRE, "anpa": ANPA, "site": SITE}


def only(emits: list[Any]) -> Any:
    (emit,) = emits
    return emit.data


@pytest.mark.parametrize("second", ["anpa", "site"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_second_is_a_copy_whatever_came_first(partition, second, turned):
    ways = [WAYS["wire"], WAYS[second]]
    if turned:
        ways.reverse()
    first = only(partition.send("piers", TEXT, **ways[0]))
    copy = only(partition.send("piers", TEXT, after=HOUR, **ways[1]))
    assert first.revision.change == "new"
    assert copy.verdict == ("near" if second == "anpa" else "exact"), "of another headline it is no exact one"
    assert (copy.original.article_id, copy.agency) == (first.article_id, "Norvik")
    assert only(partition.send("piers", TEXT, after=HOUR, **ways[1])).original.article_id == copy.article_id


def test_versions_of_either_way_stay_versions_of_theirs(partition):
    first = only(partition.send("piers", TEXT, **WIRE))
    partition.send("piers", TEXT, **ANPA)
    update = {**ANPA, "wire": ANPA["wire"] | {"version": "2"}}
    longer = only(partition.send("piers", MORE, **update))
    assert (longer.original.article_id, longer.original.revision) == (first.article_id, 1), (
        "not lost: on the copies"
    )
    newer = only(partition.send("piers", MORE, **item("urn:newsml:norvik:1", 2)))
    assert (newer.article_id, newer.revision.number, newer.revision.relation) == (
        first.article_id,
        2,
        "append",
    )
    late = only(partition.send("piers", TEXT, **ANPA))
    assert late.evidence.rule == "older-version"


@pytest.mark.parametrize("way", ["anpa", "site"])
def test_the_kill_of_an_original_leaves_its_copies_unpublished(partition, way):
    first = only(partition.send("piers", TEXT, **WIRE))
    partition.send("piers", TEXT, **WAYS[way])
    kill = only(partition.send("piers", status="canceled", **item("urn:newsml:norvik:1", 2)))
    assert (kill.article_id, kill.revision.change) == (first.article_id, "withdrawn")
    assert only(partition.send("piers", TEXT, after=HOUR, **WAYS[way])).verdict == "exact"


@pytest.mark.parametrize("way", ["anpa", "site"])
def test_the_kill_of_a_copy_names_the_article_that_carries_its_text(partition, way):
    first = only(partition.send("piers", TEXT, **WAYS[way]))
    assert only(partition.send("piers", TEXT, **WIRE)).original.article_id == first.article_id
    kill = only(partition.send("piers", status="canceled", **item("urn:newsml:norvik:1", 2), after=HOUR))
    assert (kill.revision.change, kill.article_id) == ("withdrawn", WIRE["article_id"])
    assert [(each.article_id, each.says, each.known_by) for each in kill.notice_of] == [
        (first.article_id, "retracted", "copy")
    ]
    newer = {**WAYS[way]} if way == "site" else {**ANPA, "wire": ANPA["wire"] | {"version": "2"}}
    revised = only(partition.send("piers", MORE, after=HOUR, **newer))
    assert [(each.article_id, each.says) for each in revised.noticed_by] == [(kill.article_id, "retracted")]


def test_the_text_of_a_killed_item_does_not_come_back_under_another_id(partition):
    partition.send("piers", TEXT, **WIRE)
    partition.send("piers", status="canceled", **item("urn:newsml:norvik:1", 2))
    again = item("urn:newsml:norvik:99")
    assert partition.send("piers", TEXT, after=HOUR, **again) == []
    assert [reason for _, reason in partition.refused] == ["withdrawn"]
    other = only(partition.send("piers", TEXT, after=HOUR, **SITE))
    assert other.revision.change == "new", "what another source publishes is its own"


def test_what_a_publisher_moved_by_withdrawing_it_may_come_back(partition):
    partition.send("piers", TEXT, headline=HEADLINE)
    partition.send("piers", status="canceled", headline=HEADLINE)
    assert only(partition.send("moved", TEXT, headline=HEADLINE)).revision.change == "new"


def test_killed_texts_are_forgotten_with_the_kill(partition):
    partition.send("piers", TEXT, **WIRE)
    partition.send("piers", status="canceled", **item("urn:newsml:norvik:1", 2))
    assert [key for key in partition.state.data if key.startswith("r")]
    for _ in range(380):
        partition.tick(after=24 * HOUR)
    for _ in range(140):
        partition.tick(after=HOUR)
    assert not [key for key in partition.state.data if key[0] in "dr"]
    assert only(partition.send("piers", TEXT, **item("urn:newsml:norvik:99"))).revision.change == "new"
