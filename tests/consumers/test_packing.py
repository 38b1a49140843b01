"""What is packed is read back, in few bytes."""

from __future__ import annotations

import random
import statistics

from hypothesis import given
from hypothesis import strategies as st

from consumers import packing


@given(st.integers(min_value=0, max_value=2**70), st.integers(-(2**70), 2**70), st.text(), st.binary())
def test_round_trip(number, signed, text, rest):
    packed = packing.number(number) + packing.signed(signed) + packing.text(text, 10_000) + rest
    data = packing.Reader(packed)
    assert (data.number(), data.signed(), data.text(), data.rest()) == (number, signed, text, rest)


@given(st.sets(st.integers(0, 2**24 - 1), max_size=60), st.binary(max_size=3))
def test_ascending_numbers_as_an_array(numbers, rest):
    data = packing.Reader(packing.ascending(sorted(numbers), 2**24) + rest)
    assert data.ascending_array(len(numbers), 2**24).tolist() == sorted(numbers)
    assert data.rest() == rest


@given(st.lists(st.lists(st.integers(0, 2**14 - 1), max_size=60).map(sorted), max_size=4))
def test_rows_of_rising_numbers(rows):
    packed = b"\x07" + packing.rising([(row, 2**14) for row in rows])
    data = packing.Reader(packed)
    assert data.take(1) == b"\x07"
    assert data.rising([(len(row), 2**14) for row in rows]) == rows
    assert data.at_end()


def test_rising_numbers_take_what_chance_needs():
    rng = random.Random(1)
    samples = [sorted(rng.sample(range(2**22), 28)) for _ in range(200)]
    sizes = [len(packing.rising([(sample, 2**22)])) for sample in samples]
    assert statistics.fmean(sizes) < 66.5, "the least is 64.8, and half a byte goes to the end"
    assert max(sizes) < 28 * 3


def test_sizes():
    assert [len(packing.number(n)) for n in (0, 127, 128, 16_383, 16_384)] == [1, 1, 2, 2, 3]
    assert [len(packing.signed(n)) for n in (-64, 63, 64)] == [1, 1, 2]


def test_a_cut_text_ends_with_a_whole_character():
    assert packing.Reader(packing.text("aéé", 4)).text() == "aé"


@given(st.uuids())
def test_short_ids(identifier):
    short = packing.short(str(identifier))
    assert len(short) == 22
    assert packing.long(short) == str(identifier)
