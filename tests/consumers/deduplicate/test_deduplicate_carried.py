"""A copy is told of behind its original, and again when it is a copy of that no longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from consumers import packing
from consumers.deduplicate import carried
from newswire.event import Emit
from schemas.ids import article_id
from schemas.purge.model import Purge

HOUR = timedelta(hours=1)
FERRY = """The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.
Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.
The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
Mara Lindqvist, who speaks for the port, hopes that two pilots from Saltby will begin their work there in early summer."""
CHOIR = """A choir of fishermen from the outer islands will open the summer festival with songs that have not been heard in public since
the middle of the last century, the organisers have announced, and tickets go on sale in the first week of April at the old theatre.
The songs were found in a notebook in the attic of a school that was closed four years ago, and a composer has set them for four voices."""
OWN = """The council of Lindum adopted a budget for the schools of the town after nine hours of debate that began in the afternoon, and
treasurer Hanne Vik called it a compromise that nobody likes. Three schools will have new roofs, and a gym stays closed until autumn."""


def of(name: str) -> str:
    return article_id(url=f"https://news.example/{name}")


def told(partition: Any) -> list[tuple[str, str, str | None]]:
    """Return original, copy and outlet of what the last record made the stage tell."""
    return [
        (emit.data.original_id, emit.data.article_id, emit.data.carrier and emit.data.carrier.source.name)
        for emit in partition.told
    ]


def purge(partition: Any, **named: Any) -> list[Emit]:
    data = {"purge_id": "0b6d8a526f0e", "at": partition.now, "reason": "x", "requested_by": "y"} | named
    return list(partition.put("purge", Purge.model_validate(data).to_data(), partition.now))


def test_a_copy_is_told_under_the_key_of_its_original(partition):
    partition.send("herald", FERRY)
    assert told(partition) == []
    at = partition.now - 2 * HOUR
    (copy,) = partition.send(
        "post", FERRY, after=HOUR, source="post", agency="NVK", published_at=at, published_precision="minute"
    )
    (emit,) = partition.told
    assert (emit.event, emit.key, emit.language) == ("carried", of("herald"), "en")
    carrier = emit.data.carrier
    assert (emit.data.original_id, emit.data.article_id) == (of("herald"), of("post"))
    assert (carrier.source.name, carrier.verdict, carrier.agency) == ("post", copy.data.verdict, "NVK")
    assert (carrier.published_at, carrier.published_precision) == (at, "minute")
    assert carrier.captured_at == partition.now
    assert emit.data.lineage == copy.data.lineage
    assert b"pilots" not in partition.log().split(b'["carried"')[-1], "nothing of the text"
    assert partition.emitted[-2:] == [copy, emit], "behind the copy itself, in one transaction"


def test_what_is_no_copy_of_another_article_is_not_told(partition):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    for name, source in (("herald", "herald"), ("post", "post")):
        partition.send(name, FERRY, after=HOUR, source=source)  # once more the same
        assert told(partition) == []
    partition.send("herald", FERRY + "\nMore.")
    assert told(partition) == []
    partition.send("herald", FERRY, status="canceled")
    assert told(partition) == []


def test_a_copy_that_becomes_an_article_of_its_own_is_none_any_more(partition):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    (own,) = partition.send("post", OWN, after=HOUR, source="post")
    assert own.data.revision.split_from == of("herald")
    assert told(partition) == [(of("herald"), of("post"), None)]


def test_a_copy_of_another_article_is_none_of_the_former(partition):
    partition.send("herald", FERRY)
    partition.send("radio", CHOIR, source="radio")
    partition.send("post", FERRY, source="post")
    partition.send("post", CHOIR, after=HOUR, source="post")
    assert told(partition) == [(of("radio"), of("post"), "post"), (of("herald"), of("post"), None)]


def test_a_copy_that_is_withdrawn_is_none_any_more(partition):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    partition.send("post", FERRY, after=HOUR, source="post", status="canceled")
    assert told(partition) == [(of("herald"), of("post"), None)]


@pytest.mark.parametrize(
    "named",
    [
        {"kind": "publisher", "name": "Post"},
        {"kind": "article", "name": of("post")},
        {"kind": "url", "name": "https://news.example/post", "article_ids": (of("post"),)},
    ],
    ids=["publisher", "article", "url"],
)
def test_a_purged_copy_is_none_any_more(partition, named):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    (gone,) = purge(partition, **named)
    assert (gone.event, gone.key, gone.data) == ("duplicate", of("post"), None)
    assert told(partition) == [(of("herald"), of("post"), None)]
    assert "post" not in partition.log().decode().split('["carried"')[-1], "nothing of who it was"


def test_of_a_purged_original_nothing_is_told(partition):
    """Its withdrawal says all: who read it knows that nobody carries it any more."""
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    purge(partition, kind="publisher", name="herald")
    assert told(partition) == []


@pytest.mark.parametrize("by_tick", [False, True])
def test_copies_that_waited_are_told_in_the_order_in_which_they_came(partition, by_tick):
    partition.send("herald", FERRY)
    until: datetime = partition.now + 5 * HOUR
    partition.send("post", FERRY, after=HOUR, source="post", embargo=until)
    partition.send("post", OWN, after=HOUR, source="post", embargo=until)
    assert told(partition) == []
    if by_tick:
        partition.tick(after=5 * HOUR)
    else:
        partition.send("radio", CHOIR, after=5 * HOUR)
    assert told(partition) == [(of("herald"), of("post"), "post"), (of("herald"), of("post"), None)]
    names = [emit.event for emit in partition.emitted][-5 - (not by_tick) :][:5]
    assert names == ["duplicate", "carried", "unique", "carried", "held"]


def test_a_purged_copy_that_waits_as_well_is_told_once(partition):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    partition.send("post", OWN, after=HOUR, source="post", embargo=partition.now + 9 * HOUR)
    purge(partition, kind="publisher", name="post")
    assert told(partition) == [(of("herald"), of("post"), None)]


def test_what_is_in_another_language_goes_to_its_primary_one(partition):
    """Where a tick ends an embargo, no capture says to which partition: the article is looked for by `en`, never by `en-GB`."""
    until = partition.now + HOUR
    partition.send("herald", FERRY, language="en-GB", embargo=until)
    partition.send("post", FERRY, language="en-GB", source="post", embargo=until)
    emits = partition.tick(after=2 * HOUR)
    assert {emit.language for emit in (*emits, *partition.told) if emit.event != "held"} == {"en"}
    assert len(partition.told) == 1


def test_originals_of_what_is_no_copy_are_nothing(partition):
    partition.send("herald", FERRY)
    partition.send("post", FERRY, source="post")
    known = carried.originals((of("herald"), of("post"), of("nobody")), partition.state)
    assert known == {of("herald"): b"", of("post"): packing.raw(of("herald"))}
