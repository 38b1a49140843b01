"""Items of a feed that share an address are articles of their own: none is lost, none passes for a revision of another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, article, item, newsroom
from web_server import page
from wire import everything

from consumers.normalize.assemble import assemble
from consumers.normalize.reading import read
from newswire.log.contract import Log
from producers.fetch.schedule import DAY, HOUR
from schemas.core.lineage import Lineage
from schemas.raw.model import Raw
from schemas.validation import writer


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def guids(found: list[dict[str, Any]]) -> list[str]:
    return sorted(raw["guid"] for raw in found)


def keys(log: Log) -> list[str]:
    """Return the record keys of the raw topic."""

    return [(record.key or b"").decode() for record in everything(log, "raw")]


@pytest.mark.parametrize("fragment", ["", "#entry-{}"])
@pytest.mark.parametrize("articles", ["page", "feed"])
def test_each_is_published_and_the_page_asked_for_once(room: Newsroom, articles: str, fragment: str) -> None:
    link = room.page(1)
    room.feed("/herald.xml", *(item(n, link + fragment.format(n)) for n in range(5)))
    source = room.source("herald", articles=articles)
    first, *others = room.poll(source)
    assert room.counts("herald") == {"new": 5}
    assert room.asked("/news/1") == (articles == "page")
    apart, whole = (others, first) if first.get("url") else ([first, *others], None)
    if whole is None:
        whole = next(raw for raw in apart if raw.get("url"))
        apart.remove(whole)
    assert whole["body"] == (article(1).decode() if articles == "page" else "What happened in case 0.")
    for raw in apart:
        writer("raw").check(raw)
        number = raw["guid"].removeprefix("report-")
        assert "url" not in raw
        assert raw["body"] == f"What happened in case {number}."
        assert raw["references"] == [
            {"source": "herald", "url": link + fragment.format(number), "guid": raw["guid"]}
        ]
    assert guids([whole, *apart]) == [f"report-{n}" for n in range(5)]
    assert len(set(keys(room.log))) == 5
    room.later(DAY)
    assert room.poll(source) == []
    # A change of one is a revision of that one.
    room.later(DAY)
    changed = [
        item(n, link + fragment.format(n), **({"title": "Corrected"} if n == 3 else {})) for n in range(5)
    ]
    room.feed("/herald.xml", *changed)
    [revision] = room.poll(source)
    assert (revision["guid"], "url" in revision) == ("report-3", False)
    assert len(set(keys(room.log))) == 5


@pytest.mark.parametrize("tail", ["?utm_content={}", "?amp=1&utm_content={}", "?ref=rss-{}", "{}#top"])
def test_items_whose_addresses_are_one_in_canonical_form_are_all_published(room: Newsroom, tail: str) -> None:
    link = room.page(1)
    room.feed(
        "/herald.xml", *(item(n, link + tail.format("/" * n if tail[0] == "{" else n)) for n in range(4))
    )
    found = room.poll(room.source("herald", articles="feed"))
    assert room.counts("herald") == {"new": 4}
    assert guids(found) == [f"report-{n}" for n in range(4)]
    assert sum("url" in raw for raw in found) == 1
    assert len(set(keys(room.log))) == 4


def test_one_that_comes_later_is_no_revision_of_the_first(room: Newsroom) -> None:
    link = room.page(1)
    source = room.source("herald")
    room.feed("/herald.xml", item(1, link))
    room.poll(source)
    room.later(DAY)
    room.feed("/herald.xml", item(2, link), item(1, link))
    [second] = room.poll(source)
    assert (second["guid"], "url" in second) == ("report-2", False)
    assert room.counts("herald") == {"new": 1, "known": 1}
    # Also when the first has left the feed meanwhile.
    room.later(DAY)
    room.feed("/herald.xml", item(2, link, title="Corrected"))
    [revision] = room.poll(source)
    assert (revision["guid"], "url" in revision) == ("report-2", False)


def test_one_that_comes_while_the_first_waits_for_its_page(room: Newsroom) -> None:
    room.web.pages["/news/1"] = page(503)
    link = room.web.url("/news/1")
    source = room.source("herald")
    room.feed("/herald.xml", item(1, link))
    assert room.poll(source) == []
    room.later(DAY / 4)
    room.feed("/herald.xml", item(2, link))
    found = room.poll(source)
    room.page(1)
    for _ in range(8):
        room.later(6 * HOUR)
        found += room.poll(source)
    assert guids(found) == ["report-1", "report-2"]


@pytest.mark.parametrize("articles", ["page", "feed"])
def test_several_in_two_sources_are_published_from_both(room: Newsroom, articles: str) -> None:
    link = room.page(1)
    for name in ("herald", "sport"):
        room.feed(f"/{name}.xml", *(item(n, link) for n in range(5)))
    herald, sport = room.source("herald"), room.source("sport", articles=articles)
    found = room.poll(herald, sport)
    assert sorted((raw["source"]["name"], raw["guid"]) for raw in found) == [
        (name, f"report-{n}") for name in ("herald", "sport") for n in range(5)
    ]
    room.later(DAY)
    assert room.poll(herald, sport) == []


def test_which_of_several_another_source_means_is_not_guessed(room: Newsroom) -> None:
    link = room.page(1)
    herald, sport = room.source("herald"), room.source("sport")
    room.feed("/herald.xml", item(1, link), item(2, link))
    room.poll(herald)
    room.feed("/sport.xml", item(3, link))
    [raw] = room.poll(herald, sport)
    assert (raw["source"]["name"], raw["guid"], "url" in raw) == ("sport", "report-3", False)


def test_without_guids_what_identifies_them_stands_in(room: Newsroom) -> None:
    link = room.page(1)
    items = [item(n, f"{link}#{n}").replace(f"<guid>report-{n}</guid>", "") for n in range(3)]
    room.feed("/herald.xml", *items)
    source = room.source("herald")
    found = room.poll(source)
    assert len(found) == len({raw.get("url") or raw["guid"] for raw in found}) == 3
    room.later(DAY)
    assert room.poll(source) == []


def test_guids_that_change_at_every_poll_repeat_nothing_here_either(room: Newsroom) -> None:
    link = room.page(1)
    source = room.source("herald")
    captured = []
    for poll in range(4):
        room.feed("/herald.xml", *(item(n, link, guid=f"{poll}-{n}") for n in range(5)))
        captured.append(len(room.poll(source)))
        room.later(DAY)
    assert captured == [5, 0, 0, 0]


def test_further_on_each_is_an_article_of_its_own(room: Newsroom) -> None:
    link = room.page(1)
    room.feed("/herald.xml", *(item(n, link) for n in range(4)))
    found = [Raw.from_data(raw) for raw in room.poll(room.source("herald", articles="feed"))]
    articles = [assemble(raw, read(raw), Lineage.model_construct()) for raw in found]
    assert len({each.article_id for each in articles}) == 4
