"""A country is one term by whatever word it is named, and a capitalised headline does not hide names."""

from __future__ import annotations

import pytest
from story_partition import Partition, only

from consumers.cluster.countries import country_of
from consumers.cluster.memory import Memory
from consumers.cluster.reading import read
from consumers.cluster.rules import Rules
from consumers.cluster.terms import term_of, weigh
from consumers.cluster.vector import Kind, kinds_in, term_key
from newswire.state.memory import MemoryState


def headline(text):
    return (text, "")


@pytest.fixture
def partition() -> Partition:
    return Partition()


@pytest.mark.parametrize("word", ["Norway", "Norwegian", "Norwegians", "NORWEGIAN"])
def test_a_country_and_its_people_are_one_term(word):
    assert country_of(word, "en") == ("c:NO", True)
    assert term_of(word, "en") == "c:NO"


@pytest.mark.parametrize("word", ["Oslo", "OSLO"])
def test_a_capital_is_of_its_country_and_stays_a_place(word):
    assert country_of(word, "en") == ("c:NO", False)
    assert term_of(word, "en") == "oslo"


@pytest.mark.parametrize(
    ("word", "language"),
    [("turkey", "en"), ("Kremlin", "en"), ("Kalvo", "en"), ("Norwegen", "de"), ("7", "en")],
)
def test_what_names_no_country(word, language):
    assert country_of(word, language) == ("", False)


def test_a_place_names_its_country_but_nobody_wrote_it(partition):
    terms = weigh(partition.article("herald", headline("Ferry aground off Oslo"), sections=()), Rules())
    assert terms.kinds["c:NO"] is terms.kinds["oslo"] is Kind.NAME
    assert terms.weights["c:NO"] == terms.weights["oslo"]
    assert "c:NO" not in terms.written
    assert terms.written["oslo"] == "Oslo"


def test_headlines_that_name_a_country_by_other_words_are_one_story(partition):
    first = only(partition.send("herald", headline("Norwegian fishermen block ports"), sections=()))
    second = only(partition.send("tribune", headline("Ports in Norway shut by boats"), sections=()))
    assert second.story_id == first.story_id
    assert second.keywords == ("Norway", "ports")
    third = only(partition.send("radio", headline("Fishermen leave ports of Norway"), sections=()))
    assert third.story_id == first.story_id
    assert third.keywords[0] == "Norway"


def test_a_capital_with_a_date_for_a_headline_tells_of_no_event(partition):
    first = only(partition.send("herald", headline("Oslo, Monday"), sections=()))
    second = only(partition.send("tribune", headline("Monday, Oslo"), sections=()))
    assert second.story_id != first.story_id


def test_in_a_headline_in_capitals_what_is_no_common_word_is_a_name(partition):
    state = MemoryState()
    article = partition.article(
        "herald", headline("Teskilo President Meets Ulvarn Workers Again"), sections=()
    )
    vector = read(article, Memory.build(Rules(), state)).vector
    kinds = dict(zip(vector.keys.tolist(), kinds_in(vector.codes).tolist(), strict=True))

    def kind(word):
        return kinds[term_key("en", term_of(word, "en"))]

    assert kind("Teskilo") == kind("Ulvarn") == Kind.NAME
    assert kind("President") == Kind.WORD
