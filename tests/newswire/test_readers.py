"""What a look at a reader means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newswire.readers import Reader, State, span, waits

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


def reader(waiting: int, seconds: float | None, members: int, taken: int | None) -> Reader:
    return Reader(
        "newswire.enrich",
        "news.unique.v1",
        "enrich",
        waiting,
        None if seconds is None else NOW - timedelta(seconds=seconds),
        {0: 1},
        {f"newswire.enrich.{n}": "10.0.0.1" for n in range(members)},
        taken,
    )


@pytest.mark.parametrize(
    ("waiting", "seconds", "members", "taken", "state"),
    [
        (0, None, 1, None, "idle"),
        (0, None, 0, None, "idle"),
        (5, 1.0, 0, None, "nobody"),
        (5, 900.0, 1, 12, "works"),
        (5, 900.0, 2, 0, "stands"),
        (5, 3.0, 1, 0, "slow"),
        # In an open transaction: it cannot be read, so nobody knows since when.
        (5, None, 1, 0, "slow"),
    ],
)
def test_the_state_of_a_reader(
    waiting: int, seconds: float | None, members: int, taken: int | None, state: State
) -> None:
    assert reader(waiting, seconds, members, taken).state(NOW) == state


def test_what_waits_is_told_with_since_when() -> None:
    assert waits(reader(1, 41.0, 0, None), NOW) == "1 record waits, since 2024-02-01 11:59:19 UTC (41 s)"
    assert waits(reader(1_500, None, 0, None), NOW) == "1,500 records wait"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1.0, "0 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (200_000, "2 d"), (100_000, "27 h")],
)
def test_spans(seconds: float, shown: str) -> None:
    assert span(seconds) == shown
