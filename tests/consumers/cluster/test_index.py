"""The packed index answers as a plain one would, whatever was dropped and however often it was packed anew."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers import packing
from consumers.cluster.index import Index
from consumers.cluster.vector import Kind, Vector, kinds_in, weights_in

WEIGHTS = st.dictionaries(st.integers(0, 40), st.integers(1, 63), min_size=1, max_size=8)
CHANGES = st.lists(st.tuples(st.integers(0, 30), WEIGHTS, st.booleans()), max_size=120)


def vector(weights: Mapping[int, int]) -> Vector:
    keys = sorted(weights)
    return Vector(np.array(keys, np.uint32), np.array([weights[key] for key in keys], np.uint8))


def cosine(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    product = sum(weight * other.get(key, 0) for key, weight in one.items())
    return (
        product / math.sqrt(sum(w * w for w in one.values())) / math.sqrt(sum(w * w for w in other.values()))
    )


@given(CHANGES, WEIGHTS)
@settings(max_examples=60, deadline=None)
def test_nearest_is_what_comparing_with_all_finds(changes, asked):
    index, plain, times = Index(8), dict[str, dict[int, int]](), dict[str, int]()
    for time, (number, weights, stays) in enumerate(changes):
        name = f"a{number:02d}"
        if name in index:
            index.members([name])
            index.drop(name)
            del plain[name]
        if stays:
            index.add(name, vector(weights), time)
            plain[name], times[name] = weights, time
    assert len(index) == len(plain)
    assert {key: index.count(key) for key in asked} == {
        key: sum(key in weights for weights in plain.values()) for key in asked
    }
    some = sorted(plain)[:3]
    if some:  # the same members side by side, however often they are asked for
        first, again = index.members(some), index.members(some)
        assert first is again
        assert first.terms.tolist() == sorted({key for name in some for key in plain[name]})
        for name, row in zip(some, first.weights, strict=True):
            assert dict(zip(first.terms.tolist(), row.tolist(), strict=True)) == {
                key: plain[name].get(key, 0) for key in first.terms.tolist()
            }
        assert index.times(some) == [times[name] for name in some]
    near = {name: cosine(asked, weights) for name, weights in plain.items() if asked.keys() & weights.keys()}
    found = index.nearest(vector(asked), 1000, 1000)
    assert dict(found) == pytest.approx(near)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))


def test_frequent_terms_propose_nothing_but_count():
    index = Index(8)
    for number in range(10):
        index.add(f"a{number}", vector({1: 10, 100 + number: 10}), 0)
    assert index.nearest(vector({1: 10}), 9, 100) == []
    ((name, similar),) = index.nearest(vector({1: 10, 103: 10}), 9, 100)
    assert (name, similar) == ("a3", pytest.approx(1))


def test_the_candidates_kept_are_the_best_then_the_smaller_ids():
    index = Index(8)
    for number in (3, 1, 2, 0):
        index.add(f"a{number}", vector({1: 10, 2: 5} if number else {1: 10}), 0)
    assert [name for name, _ in index.nearest(vector({1: 20, 2: 5}), 100, 2)] == ["a1", "a2"]


def test_vectors_survive_packing():
    made = Vector.of(
        {9: 4.0, 2**24 - 1: 1.0, 5: 2.0, 7: 0.001},
        {9: Kind.NAME, 5: Kind.NUMBER, 2**24 - 1: Kind.WORD, 7: Kind.WORD},
        3,
    )
    read = Vector.unpack(packing.Reader(made.pack()))
    assert read.keys.tolist() == made.keys.tolist() == [5, 9, 2**24 - 1]
    assert weights_in(read.codes).tolist() == [32, 63, 16]
    assert kinds_in(read.codes).tolist() == [Kind.NUMBER, Kind.NAME, Kind.WORD]
    assert len(made.pack()) == 14  # how many, 10 bytes of keys, a weight and kind each
