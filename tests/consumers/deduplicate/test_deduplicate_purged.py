"""A purged article stays out, also under another address or id."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schemas.ids import article_id
from schemas.purge.model import Purge

HOUR = timedelta(hours=1)
TEXT = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired."""
EDITED = TEXT.replace("Monday", "Tuesday") + "\nThe council will talk about it on Thursday at seven."
HEADLINE = "Norvik Lines to cut the morning ferry to the outer islands"
OTHER = "A choir of fishermen from the outer islands will open the summer festival, the organisers have announced."


def moved(url):
    return {"url": url, "article_id": article_id(url=url)}


def purge(partition, url, *, number=1, **fields):
    partition.now += HOUR
    named = Purge(
        purge_id=f"{number:012}", at=partition.now, kind="url", name=url,
        article_ids=(article_id(url=url),), reason="by letter", requested_by="legal", **fields,
    )  # fmt: skip
    return partition.put("purge", named.to_data(), partition.now)


def refused(partition):
    return [reason for _, reason in partition.refused]


FERRY = "https://www.news.example/2026/ferry-cut-4711003"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ({"guid": "n-17"}, {"guid": "n-17", "text": EDITED, "headline": "Ferry cut", **moved("https://news.example/b")}),
        ({}, {"text": TEXT, **moved("https://news.example/b")}),
        ({}, {"text": EDITED, **moved("https://edition.news.example/2026/ferry-cut-4711003")}),
        ({}, {"text": EDITED, **moved("https://news.example/2026/islanders-angry-4711003")}),
        ({}, {"text": EDITED, "headline": HEADLINE.replace(" ", "  ") + "!", **moved("https://news.example/x-4711003")}),
    ],
    ids=["guid", "content", "host", "slug", "headline-edited-a-little"],
)  # fmt: skip
@pytest.mark.parametrize("old", [False, True])
def test_a_purged_article_does_not_come_back_under_another_address(partition, first, again, old):
    partition.send("x", TEXT, headline=HEADLINE, **moved(FERRY), **first)
    if old:
        partition.tick(after=200 * HOUR)
    purge(partition, FERRY)
    partition.forget_views()
    fields = {"headline": HEADLINE} | again
    assert partition.send("x", fields.pop("text"), **fields, after=HOUR) == []
    assert refused(partition) == ["purged"]


@pytest.mark.parametrize(
    "again",
    [
        {"text": OTHER, "headline": "A choir sings", "guid": "n-18", **moved("https://news.example/b")},
        {"text": TEXT, "source": "other", "guid": "n-17", **moved("https://other.example/2026/ferry-cut-4711003")},
        {"text": OTHER, "headline": HEADLINE, **moved("https://news.example/b")},
        {"text": OTHER, "headline": "A choir sings", **moved("https://news.example/choir-4711003")},
    ],
    ids=["another-article", "another-source", "the-headline-alone", "the-number-alone"],
)  # fmt: skip
def test_what_is_another_article_is_published(partition, again):
    partition.send("x", TEXT, headline=HEADLINE, guid="n-17", **moved(FERRY))
    purge(partition, FERRY)
    fields = {"headline": HEADLINE} | again
    (emit,) = partition.send("x", fields.pop("text"), **fields, after=HOUR)
    assert emit.data.revision.change == "new"


@pytest.mark.parametrize("others", [1, 12])
def test_a_guid_that_all_items_have_is_no_sign(partition, others):
    partition.send("x", TEXT, headline=HEADLINE, guid="0", **moved(FERRY))
    for number in range(others):
        partition.send(f"n-{number}", f"Nothing but {number}.", headline=f"Another one, {number}", guid="0")
    purge(partition, FERRY)
    (emit,) = partition.send("y", OTHER, headline="And another", guid="0", after=HOUR)
    assert emit.data.revision.change == "new"


def test_one_that_waited_stays_out_too(partition):
    partition.send(
        "x", TEXT, headline=HEADLINE, embargo=partition.now + 9 * HOUR, guid="n-17", **moved(FERRY)
    )
    purge(partition, FERRY)
    assert partition.send("y", EDITED, headline="Ferry cut", guid="n-17", after=HOUR) == []
    assert refused(partition) == ["purged"]


def test_a_copy_of_the_same_source_does_not_come_back_for_it(partition):
    partition.send("x", TEXT, headline=HEADLINE, **moved(FERRY))
    assert partition.send("y", TEXT, headline=HEADLINE)[0].data.verdict == "exact"
    purge(partition, FERRY)
    assert partition.send("y", TEXT, headline=HEADLINE, after=HOUR) == []


def test_what_is_lifted_may_come_back(partition):
    partition.send("x", TEXT, headline=HEADLINE, guid="n-17", **moved(FERRY))
    purge(partition, FERRY)
    purge(partition, FERRY, number=2, refuse_later=False, lift=True)
    (emit,) = partition.send("y", EDITED, headline=HEADLINE, guid="n-17", after=HOUR)
    assert emit.data.revision.change == "new"


def test_what_may_come_later_may_come_under_another_address(partition):
    partition.send("x", TEXT, headline=HEADLINE, guid="n-17", **moved(FERRY))
    purge(partition, FERRY, refuse_later=False)
    before = partition.send("y", TEXT, headline=HEADLINE, guid="n-17", at=partition.now - HOUR)
    assert (before, refused(partition)) == ([], ["purged"]), "it was on its way"
    assert partition.send("y", TEXT, headline=HEADLINE, guid="n-17", after=HOUR)


def test_no_word_and_no_sketch_is_left(partition):
    partition.send("x", TEXT, headline=HEADLINE, guid="n-17", **moved(FERRY))
    purge(partition, FERRY)
    left = {key: value for key, value in partition.state.data.items() if key[0] == "r"}
    assert sorted(map(len, left.values())) == [16] * 4
    assert all(len(key) == 12 for key in left)
