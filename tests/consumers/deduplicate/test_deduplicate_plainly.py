"""What is done quickly gives what the plain way gives: words, shingles that two texts share, facts that are kept, who holds a key."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from hashlib import blake2b

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consumers import packing
from consumers.deduplicate import facts, postings, words
from consumers.deduplicate.sketch import Comparison, Shingles, Sketch
from consumers.deduplicate.words import Block

PIECES = st.sampled_from(
    ["1 000", "12 500 000,5",
     "Minister", "said", "said.", "Über", "1,200", "3:0", "e.g.", "(AP)", "J.", "(K).", "St.", "–", "!", "5.3bn", "U.S.",
     "x" * 40, "警察说。", "नेता।", "ไทย",
     "don't", "e\u0301te", "İzmir", "ﬁne", "ＡＢ１２", " ", "\u00a0", "\u2028", "\x1f", "\u200d", ":", "a:b", "”", "2026:", "…", "\ud800"]
)  # fmt: skip
TEXTS = st.lists(
    st.builds(lambda pieces, by: by.join(pieces), st.lists(PIECES, max_size=12), st.sampled_from(" \n")),
    min_size=1,
)


def plainly(texts):
    """Return (hash, kind) of each word, one token after the other, and the words before each text."""
    found, before = [], []
    for text in texts:
        before.append(len(found))
        starts = True
        capitals = text.isupper()
        joined = words._joined(text)
        word, ended = "", 0  # the token before, and where it ended
        for match in words._TOKEN.finditer(joined):
            token, before_this, after = (
                match.group(),
                word if match.start() == ended else "",
                joined[match.end() :],
            )
            first, word, ended = token[0], token, match.end()
            alone = words._TOKEN.findall(joined[: match.end()].split()[-1]) == [before_this, "."]
            initial = alone and len(before_this) == 1 and before_this.isupper()
            if token == "." and (initial or before_this in words._TITLES) and not after[:1].strip():
                continue
            if not first.isdigit() and not first.isalpha() and unicodedata.category(first)[0] == "P":
                starts = True
                continue
            folded = words.folded(token).encode("utf-8", "surrogatepass")
            value = int.from_bytes(blake2b(folded, digest_size=8).digest(), "little") >> 2
            kind = 2 if first.isdigit() else int(first.isupper() and not starts and not capitals)
            found.append((value, kind))
            starts = False
    return found, before


@given(TEXTS)
@settings(deadline=None)
def test_words(texts):
    read = words.read([Block("/x", text) for text in texts])
    found, before = plainly(texts)
    assert list(zip(read.hashes.tolist(), read.kinds.tolist(), strict=True)) == found
    assert list(read.firsts) == before
    assert [len(words.spans(text)) for text in texts] == [
        end - first for first, end in zip(before, [*before[1:], len(found)], strict=True)
    ]


def test_white_space_ends_every_token():
    for character in map(chr, range(0x110000)):
        if character.isspace():
            assert words._TOKEN.findall(f"a{character}b.{character}1") == ["a", "b", ".", "1"]


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=60),
    st.sets(st.integers(0, 7), max_size=8),
    st.integers(0, 8),
    st.sets(st.integers(0, 7)),
    st.sampled_from([0, 1, 0xFFF0]),
)
def test_what_two_texts_share(arrived, stored, limit, ignored, further):
    distinct = np.array(sorted({height << 48 | key for key, height in arrived}), np.uint64)
    found = Comparison(Shingles(distinct, distinct), ignored, limit + further).overlap(
        Sketch(99, limit, tuple(sorted(stored)))
    )
    here = {key for key, height in arrived if height <= limit} - ignored
    there = stored - ignored
    assert found == (len(here & there), len(there), len(here))


@given(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=60))
def test_which_facts_are_kept(pairs):
    found = sorted((whole, value, whole * 4 + value) for whole, value in pairs)
    kind = facts._Kind(found)
    often = Counter(whole for whole, _, _ in found)
    telling = [(whole, value) for whole, value, _ in found if often[whole] == 1][: facts.MOST]
    listed = [(both, facts._mark(both)) for whole, _, both in found if often[whole] > 1]
    assert kind.sample() == tuple(sorted([*telling, *listed[: facts.MOST - len(telling)]]))
    same, _, stored = kind.compare(kind.sample())
    assert same == stored == min(facts.MOST, len(found)), "a text has all of its own facts"


PLAIN_FACTS = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 12))


@given(st.lists(PLAIN_FACTS, max_size=12), st.lists(PLAIN_FACTS, max_size=9), st.booleans())
def test_facts_are_compared_as_one_would_by_hand(mine, theirs, listed):
    kind = facts._Kind(mine)
    stored = tuple(
        (both, facts._mark(both)) if listed else (context, value) for context, value, both in theirs
    )
    same = other = 0
    for context, value in stored:
        options = {mine_value for mine_context, mine_value, _ in mine if mine_context == context}
        if value in options:
            same += 1
        elif value == facts._mark(context):
            same += any(both == context for _, _, both in mine)
        elif options:
            other += 1
    assert kind.compare(stored) == (same, other, len(stored))


def test_of_very_many_facts_those_that_would_be_stored_first_are_looked_at(monkeypatch):
    monkeypatch.setattr(facts, "MOST_FOUND", 5)
    every = [(context, context % 7, 0) for context in range(40, 0, -2)]
    assert facts._Kind(every).compare(((10, 3), (12, 5), (8, 1))) == (2, 0, 3), "2, 4, 6, 8 and 10"


@given(st.sets(st.integers(0, (1 << 22) - 1), max_size=60))
def test_ascending_numbers(numbers):
    packed = packing.ascending(sorted(numbers), 1 << 22)
    assert packing.Reader(packed).ascending(len(numbers), 1 << 22) == sorted(numbers)


def test_who_holds_a_key(monkeypatch):
    monkeypatch.setattr(postings, "MOST_RECENT", 300)
    monkeypatch.setattr(postings, "_LONGEST", 2_000)
    monkeypatch.setattr(postings, "_CHUNK", 500)
    rng = np.random.default_rng(5)
    index, held = postings.Postings(), defaultdict(list)
    alive = np.zeros(700, bool)
    often = rng.integers(
        0, 1 << 22, 6
    ).tolist()  # some keys with hundreds of slots, beside others of their buckets
    asked = np.array(sorted({*often, *(key ^ 1 for key in often)}), np.intp)

    def check():
        slots, boilerplate = index.find(asked, alive, 9)
        living = {key: [slot for slot in held[key] if alive[slot]] for key in asked.tolist()}
        assert {asked[place] for place in boilerplate} == {key for key, its in living.items() if len(its) > 9}
        assert sorted(slots.tolist()) == sorted(
            slot for its in living.values() for slot in its if len(its) <= 9
        )

    for slot in range(1, 600):
        keys = {*rng.integers(0, 1 << 22, 20).tolist(), *(key for key in often if rng.random() < 0.5)}
        keys |= {key ^ 1 for key in often if rng.random() < 0.02}
        for key in keys:
            held[key].append(slot)
        alive[slot] = True
        alive[rng.integers(0, 600)] = False
        index.add(slot, keys)
        if slot % 20 == 0:
            check()
    numbers = np.zeros(700, np.uint32)
    numbers[alive] = np.arange(1, np.count_nonzero(alive) + 1)
    index.keep(numbers)
    held = defaultdict(
        list, {key: [int(numbers[s]) for s in slots if numbers[s]] for key, slots in held.items()}
    )
    alive = np.arange(700) > 0
    check()
