"""Items of a feed that share a guid and have no address are articles of their own, also for those who read them further on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, item, newsroom

from consumers.normalize.assemble import assemble
from consumers.normalize.reading import read
from producers.fetch.schedule import DAY
from schemas.core.lineage import Lineage
from schemas.raw.model import Raw
from schemas.validation import writer


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def ids(found: list[dict[str, Any]]) -> list[str]:
    """Return the article id of each, as normalize makes it."""
    raws = [Raw.from_data(raw) for raw in found]
    return [assemble(raw, read(raw), Lineage.model_construct()).article_id for raw in raws]


def same(number: int, **more: str) -> str:
    return item(number, guid="same", **more)


def test_each_has_an_identity_of_its_own_and_keeps_it(room: Newsroom) -> None:
    source = room.source("herald")
    room.feed("/herald.xml", *map(same, range(5)))
    found = room.poll(source)
    for raw in found:
        writer("raw").check(raw)
        assert raw["references"] == [{"source": "herald", "guid": "same"}]
    assert len(set(ids(found))) == 5
    room.later(DAY)
    assert room.poll(source) == []
    # A change of one is a revision of that one.
    room.later(DAY)
    room.feed(
        "/herald.xml", *(same(n, **({"description": "Corrected."} if n == 3 else {})) for n in range(5))
    )
    [revision] = room.poll(source)
    assert ids([revision]) == ids([found[3]])


def test_one_that_was_published_before_the_guid_was_found_wrong_stays_the_same(room: Newsroom) -> None:
    source = room.source("herald")
    room.feed("/herald.xml", same(0))
    [first] = room.poll(source)
    assert first["guid"] == "same"
    room.later(DAY)
    room.feed("/herald.xml", same(1), same(0))
    [second] = room.poll(source)
    assert ids([second]) != ids([first])
    for number in range(2):
        room.later(DAY)
        room.feed("/herald.xml", same(1), same(0, description=f"Corrected {number}."))
        [revision] = room.poll(source)
        assert ids([revision]) == ids([first])
    room.later(DAY)
    room.feed("/herald.xml", same(1, description="Corrected, too."), same(0, description="Corrected 1."))
    [revision] = room.poll(source)
    assert ids([revision]) == ids([second])


def test_guids_that_differ_only_at_the_end_of_a_long_text_are_two(room: Newsroom) -> None:
    long = "urn:" + "x" * 5_000
    room.feed("/herald.xml", *(item(n, guid=f"{long}{n}") for n in range(3)))
    source = room.source("herald")
    found = room.poll(source)
    assert len(set(ids(found))) == 3
    assert all(len(raw["guid"]) < 1_000 for raw in found)
    room.later(DAY)
    room.feed("/herald.xml", item(1, guid=f"{long}1", title="Corrected"))
    [revision] = room.poll(source)
    assert ids([revision]) == ids([found[1]])


def test_a_guid_that_is_believed_is_the_identity(room: Newsroom) -> None:
    room.feed("/herald.xml", *(item(n) for n in range(3)))
    found = room.poll(room.source("herald"))
    assert [raw["guid"] for raw in found] == [f"report-{n}" for n in range(3)]
    assert not any("references" in raw for raw in found)


def test_notes_of_a_day_without_guid_title_and_address_are_all_published(room: Newsroom) -> None:
    notes = [
        f"<item><pubDate>2026-11-24</pubDate><description>Note {n} of the day. Rain fell in the north all through the night, and the "
        f"rivers rose by a metre; roads were closed in {n} towns, said the police.</description></item>"
        for n in range(4)
    ]
    room.feed("/herald.xml", *notes)
    source = room.source("herald")
    found = room.poll(source)
    assert len(found) == len(set(ids(found))) == 4
    room.later(DAY)
    assert room.poll(source) == []
