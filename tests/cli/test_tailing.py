"""Where `tail -o` begins and ends."""

from __future__ import annotations

import pytest

from newswire.errors import UsageError
from newswire.log.contract import Outgoing, TopicSpec
from newswire.log.memory import MemoryLog
from newswire.tailing import Place, beginning, ending, place_of

TOPIC = "letters"


@pytest.fixture
def log() -> MemoryLog:
    """Two partitions: ten records at 1000, 2000 … ms, and three at the same times."""
    log = MemoryLog()
    log.create([TopicSpec(TOPIC, 2)])
    log.writer("test").write(
        [
            Outgoing(TOPIC, partition, b"k", str(n).encode(), 1000 * (n + 1))
            for partition, count in ((0, 10), (1, 3))
            for n in range(count)
        ]
    )
    return log


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["beginning"], Place()),
        (["end"], Place(at="end")),
        (["stored"], Place(at="stored")),
        (["7"], Place(offset=7)),
        (["-7"], Place(last=7)),
        (["s@1706788800000"], Place(from_ms=1706788800000)),
        (["s@2024-02-01T12:00:00Z"], Place(from_ms=1706788800000)),
        (["s@2024-02-01T13:00:00+01:00"], Place(from_ms=1706788800000)),
        (["s@2024-02-01", "e@2024-02-02"], Place(from_ms=1706745600000, before_ms=1706832000000)),
        (["e@1", "-2"], Place(last=2, before_ms=1)),
    ],
)
def test_what_is_given(given: list[str], expected: Place) -> None:
    assert place_of(given) == expected


@pytest.mark.parametrize(
    "given", [["middle"], ["--5"], ["s@noon"], ["e@"], ["1", "2"], ["end", "s@1"], ["¼"]]
)
def test_what_says_nothing_is_refused(given: list[str]) -> None:
    with pytest.raises(UsageError):
        place_of(given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("beginning", {0: 0, 1: 0}),
        ("end", {0: 10, 1: 3}),
        ("5", {0: 5, 1: 3}),
        ("-2", {0: 8, 1: 1}),
        ("-4", {0: 6, 1: 0}),
        ("-0", {0: 10, 1: 3}),
        ("s@2001", {0: 2, 1: 2}),
        ("s@99999", {0: 10, 1: 3}),
    ],
)
def test_beginnings(log: MemoryLog, given: str, expected: dict[int, int]) -> None:
    found = beginning(log, TOPIC, place_of([given]))
    # In memory a transaction leaves no marker, so that offsets count records.
    assert found == expected


def test_the_last_are_the_last_that_are_shown(log: MemoryLog) -> None:
    odd = beginning(log, TOPIC, place_of(["-2"]), lambda record: int(record.value or b"") % 2 == 1)
    assert odd == {0: 7, 1: 0}


def test_endings(log: MemoryLog) -> None:
    assert ending(log, TOPIC, place_of(["beginning"])) is None
    assert ending(log, TOPIC, place_of(["e@3000"])) == {0: 2, 1: 2}
