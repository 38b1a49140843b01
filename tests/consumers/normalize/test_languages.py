"""The language of an article's partition is remembered as long as deduplicate remembers the article, and no longer."""

from __future__ import annotations

import pytest

from consumers.normalize.languages import KEY, of_partition, of_source
from newswire.state.memory import MemoryState
from schemas.core.source import Source
from schemas.ids import article_id

DAY = 24 * 60 * 60 * 1000
NOW = 20_500 * DAY
HERALD = Source(name="herald", kind="feeds", publisher="The Herald")
IDS = [article_id(source="herald", guid=str(number)) for number in range(300)]


@pytest.fixture
def state() -> MemoryState:
    return MemoryState()


def known(state: MemoryState) -> int:
    return sum(key.startswith(KEY) for key in state.data)


def test_the_first_language_holds(state: MemoryState) -> None:
    assert of_partition(state, IDS[0], "en", HERALD, NOW) == "en"
    assert of_partition(state, IDS[0], "de", HERALD, NOW + DAY) == "en"
    assert of_source("the herald", state) == [f"{KEY}{IDS[0]}"]


def test_what_is_not_seen_is_forgotten_and_what_is_seen_is_not(state: MemoryState) -> None:
    for each in IDS:
        of_partition(state, each, "en", HERALD, NOW)
    for day in range(1, 80):
        for hour in range(24):
            assert of_partition(state, IDS[0], "de", HERALD, NOW + day * DAY + hour * DAY // 24) == "en"
        if day == 44:
            assert known(state) == len(IDS)
    assert known(state) == 1


def test_a_long_silence_costs_one_round(state: MemoryState) -> None:
    for each in IDS:
        of_partition(state, each, "en", HERALD, NOW)
    of_partition(state, IDS[0], "de", HERALD, NOW + 4_000 * DAY)
    assert known(state) == 1


def test_what_an_earlier_version_wrote_has_its_time_from_now_on(state: MemoryState) -> None:
    for each in IDS:
        state.put(f"{KEY}{each}", b"fr\x1fherald")
    assert of_partition(state, IDS[0], "de", HERALD, NOW) == "fr"
    of_partition(state, IDS[0], "de", HERALD, NOW + 15 * DAY)
    assert known(state) == len(IDS)
    assert state.data[f"{KEY}{IDS[1]}"] == b"fr@20515\x1fherald"
