"""What is remembered of an article is read as it was written, in few bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers import packing
from consumers.deduplicate import fields, headlines
from consumers.deduplicate.facts import CONTEXT_BITS, Facts
from consumers.deduplicate.record import MOST_FORMER, Known, Status
from consumers.deduplicate.sketch import KEY_BITS, MOST_KEYS, Sketch
from schemas.normalized.model import Normalized

PAIRS = st.lists(st.tuples(st.integers(0, (1 << CONTEXT_BITS) - 1), st.integers(0, 255)), max_size=9)
SKETCHES = st.builds(
    Sketch,
    st.integers(0, 100_000),
    st.integers(0, 0xFFFF),
    st.sets(st.integers(0, (1 << KEY_BITS) - 1), max_size=MOST_KEYS).map(lambda keys: tuple(sorted(keys))),
)
FACTS = st.builds(Facts, PAIRS.map(sorted).map(tuple), PAIRS.map(sorted).map(tuple))
TIMES = st.integers(0, 2**42)
HEADLINES = st.text(st.characters(exclude_categories=["Cs"])).map(headlines.cut)


@st.composite
def known(draw, capture):
    """Anything that may be remembered."""
    status = draw(st.sampled_from(Status))
    first_seen_ms, revision = draw(TIMES), draw(st.integers(0, 300))
    said = {
        "paywalled": draw(st.sampled_from([None, False, True])),
        "keywords": draw(st.sampled_from([(), ("a",)])),
    }
    compared = {}
    if status is Status.PUBLISHED:
        compared = {
            "words_hash": draw(st.binary(min_size=3, max_size=3)),
            "fields": fields.hashes_of(Normalized.from_data(capture("x", "Words.", **said))),
            "sketch": draw(SKETCHES),
            "facts": draw(FACTS),
            "headline": draw(HEADLINES),
            "published_ms": draw(st.none() | TIMES.map(lambda ms: ms // 1000 * 1000)),
            "place": draw(st.binary(min_size=7, max_size=7)),
            "posts": draw(st.binary(max_size=3)) * 8,
        }
    elif status is Status.COPY:
        compared = {"copy_of": draw(st.binary(min_size=16, max_size=16))}
    return Known(
        article_id="x",
        status=status,
        revision=revision,
        first_seen_ms=first_seen_ms,
        captured_ms=draw(TIMES),
        seen_step=draw(st.integers(0, 10**8)),
        origin=draw(st.integers(0, 10**5)),
        partition=draw(st.integers(0, 300)),
        offset=draw(st.integers(0, 2**62)),
        content_hash=draw(st.binary(min_size=32, max_size=32))[: 32 if revision else 8],
        former=tuple(draw(st.lists(st.binary(min_size=4, max_size=4), max_size=MOST_FORMER))),
        order=draw(st.none() | st.tuples(st.lists(st.integers(0, 10**18), max_size=6).map(tuple), TIMES)),
        **compared,
    )


@given(data=st.data())
def test_round_trip(data, capture):
    one = data.draw(known(capture))
    value = one.pack()
    assert Known.unpack("x", value) == one
    assert Known.peek(value) == (one.status, one.seen_step)
    assert Known.origin_in(value) == one.origin
    assert Known.copy_in(value) == one.copy_of


@given(HEADLINES)
def test_a_headline_is_read_as_it_was_written(headline):
    packed = headlines.pack(headline)
    data = packing.Reader(packed + b"rest")
    assert (headlines.take(data), data.rest()) == (headline, b"rest")
    assert len(packed) <= len(headline.encode()) + 1


@pytest.mark.parametrize(
    ("headline", "size"),
    [
        ("Minister resigns over the price of bread i", 23),
        ("Zwei Männer nach Brand in der Altstadt vor…", 28),
        ("Паром уйдёт раньше: п…", 42),
    ],
)
def test_headlines_in_few_bytes(headline, size):
    assert len(headlines.pack(headline)) == size


def test_headlines_that_were_written_are_read_on():
    assert (
        headlines.pack("The ferries to Ellery: “24 dead”").hex()
        == "29dd6691ab8001456ca672798cf8323420a96164f9"
    )
    assert headlines.pack("Grūdų kaina kyla…").hex() == "254772ffc5ab64ffc5b3206b6190096b79baf5"
