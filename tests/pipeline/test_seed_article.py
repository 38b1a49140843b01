"""The given live blog, from file to article event: what the first issue of this project asked to see."""

from __future__ import annotations

from typing import Any

import pytest
from seeded import SEEDS, seeded_log
from wire import payloads

SEED = SEEDS / "000_408d526261db11a3.txt"


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    log = seeded_log(tmp_path_factory.mktemp("state"), [SEED])
    (found,) = payloads(log, "article")
    return found


def test_the_seed_is_unchanged() -> None:
    assert len(SEED.read_bytes()) == 2451
    assert SEED.read_text(encoding="utf-8").startswith(" date 2024-02-01 Plans in place")


def test_head(article: dict[str, Any]) -> None:
    assert article["kind"] == "live_blog"
    assert article["headline"] == (
        "Plans in place for US strikes against Iran-backed militias after deaths of three American servicemen"
    )
    assert article["published_at"].startswith("2024-02-01T00:00:00")
    assert article["published_precision"] == "day"
    assert article["summary"] == (
        "‘We will have a multi-tiered response,’ Defence Secretary Lloyd Austin says as he returns to Pentagon"
    )
    assert article["language"] == "en"


def test_two_sections_in_order(article: dict[str, Any]) -> None:
    first, second = article["sections"]
    assert first.get("heading") is None
    assert [paragraph[:20] for paragraph in first["paragraphs"]] == [
        "US officials have sa",
        "“We will have a mult",
        "The goal is to push ",
        "This comes after the",
        "White National Secur",
        "“Most of the drones ",
    ]
    assert second["heading"] == (
        "US approves plans to directly target Iranian forces in response to attack that killed three soldiers"
    )
    assert len(second["paragraphs"]) == 4
    text = SEED.read_text(encoding="utf-8")
    for section in (first, second):
        for paragraph in section["paragraphs"]:
            assert paragraph in text


def test_every_direct_quote_has_its_speaker(article: dict[str, Any]) -> None:
    found = [(quote["text"][:24], quote.get("speaker")) for quote in article["quotes"]]
    assert found == [
        ("We will have a multi-tie", "Lloyd Austin"),
        ("We will have a multi-tie", "Lloyd Austin"),
        ("We have the ability to r", "Lloyd Austin"),
        ("We believe that the atta", "John Kirby"),
        ("Most of the drones in th", "Lloyd Austin"),
    ]
    assert article["quotes"][0]["location"]["path"] == "/summary"


def test_mr_austin_is_folded_into_lloyd_austin(article: dict[str, Any]) -> None:
    people = {entity["name"]: entity for entity in article["entities"] if entity["type"] == "person"}
    assert set(people) == {"Lloyd Austin", "John Kirby"}
    assert "Mr Austin" in people["Lloyd Austin"]["aliases"]


def test_dates_are_resolved_against_the_publication_date(article: dict[str, Any]) -> None:
    dates = {(found["text"].removeprefix("on "), found["start"], found["end"]) for found in article["dates"]}
    assert dates == {
        ("Thursday", "2024-02-01", "2024-02-01"),
        ("Wednesday", "2024-01-31", "2024-01-31"),
        ("Sunday", "2024-01-28", "2024-01-28"),
        ("last weekend", "2024-01-27", "2024-01-28"),
    }


def test_countries(article: dict[str, Any]) -> None:
    codes = {country["code"] for country in article["countries"]}
    assert {"US", "IR", "IQ", "SY", "YE", "JO", "IL"} <= codes
    assert codes <= {"US", "IR", "IQ", "SY", "YE", "JO", "IL", "PS"}


def test_every_location_points_at_its_words(article: dict[str, Any]) -> None:
    def at(location: dict[str, Any]) -> str:
        value: Any = article
        for part in location["path"].split("/")[1:]:
            value = value[int(part)] if isinstance(value, list) else value[part]
        return str(value[location["start"] : location["end"]])

    named = [*article["quotes"], *article["dates"]]
    named += [mention for entity in article["entities"] for mention in entity["mentions"]]
    assert len(named) > 20
    for found in named:
        assert at(found["location"]) == found["text"]
