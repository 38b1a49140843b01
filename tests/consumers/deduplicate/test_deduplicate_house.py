"""What all articles of a small house end with makes none of them a copy of another."""

from __future__ import annotations

import random

import pytest

IMPRINT = """The Ellery Post is published by Norvik Media, 12 Harbour Street, Saltby, and registered under number 40117.
Readers can write to the editor at the desk in Ellery or call 555019 from Monday to Friday between 9 and 17.
If you liked this report, support independent journalism in Ellery with a subscription from 5 crowns a month.
All rights reserved; no part of this text may be copied or passed on without the written consent of Norvik Media."""
SYLLABLES = [
    first + second for first in "bdfgklmnprstv" for second in ("a", "e", "i", "o", "u", "an", "er", "on")
]


def prose(seed: int, words: int) -> str:
    """Return made words, as many sentences as it takes: no two texts have a passage in common."""
    rng = random.Random(seed)
    made = ["".join(rng.choices(SYLLABLES, k=rng.randrange(1, 4))) for _ in range(words)]
    return " ".join(
        word.capitalize() if place % 12 == 0 else word + "." * (place % 12 == 11)
        for place, word in enumerate(made)
    )


def only(emits):
    (emit,) = emits
    return emit.data


def sent(partition, number, words, *, source="post", imprint=IMPRINT, lead=""):
    text = f"{lead}{prose(number, words)}\n{imprint}"
    return only(
        partition.send(f"{source}-{number}-{len(text)}", text, headline=f"Headline {number}", source=source)
    )


@pytest.mark.parametrize("words", [45, 80, 150])
def test_the_articles_of_a_house_are_no_copies_for_their_imprint(partition, words):
    told = [sent(partition, number, words + number % 5) for number in range(8)]
    assert [data.revision.change for data in told] == ["new"] * 8


def test_once_several_are_known_one_with_little_beside_it_is_told_apart_too(partition):
    for number in range(4):
        sent(partition, number, 120)
    assert sent(partition, 9, 55).revision.change == "new"


@pytest.mark.parametrize("words", [60, 150])
def test_copies_of_them_are_still_found(partition, words):
    originals = [sent(partition, number, words) for number in range(6)]
    for number, original in enumerate(originals):
        elsewhere = sent(partition, number, words, source="other", imprint="", lead="From the coast. ")
        assert elsewhere.original.article_id == original.article_id
        again = sent(partition, number, words, lead="From our own desk, with more of it later. ")
        assert again.original.article_id == original.article_id


def test_a_text_that_goes_on_and_an_excerpt_are_copies_of_the_same_source(partition):
    first = only(partition.send("a", prose(1, 200)))
    longer = only(partition.send("b", prose(1, 200) + "\n" + prose(2, 150)))
    assert (longer.verdict, longer.original.article_id) == ("extends", first.article_id)
    excerpt = only(partition.send("c", " ".join(prose(1, 200).split()[60:140])))
    assert (excerpt.verdict, excerpt.original.article_id) == ("excerpt", first.article_id)


def test_under_an_address_of_the_same_article_it_is_that_one_rewritten(partition):
    first = only(partition.send("ferry-4711003", f"{prose(1, 80)}\n{IMPRINT}"))
    again = only(partition.send("pilots-4711003", f"{prose(2, 80)}\n{IMPRINT}", headline="Another"))
    assert (again.article_id, again.revision.known_by) == (first.article_id, "address")


def test_what_another_source_shares_is_compared_whole(partition):
    first = only(partition.send("a", prose(1, 60) + "\n" + prose(2, 100), source="one"))
    other = only(partition.send("b", prose(3, 60) + "\n" + prose(2, 100), source="two"))
    assert (other.verdict, other.original.article_id) == ("near", first.article_id)
