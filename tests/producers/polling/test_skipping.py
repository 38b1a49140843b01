"""`skipHours` and `skipDays`: a poll that would fall into them is put off to their end, unless they name nearly everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom, item, newsroom, rss
from web_server import page

from producers.fetch.schedule import DAY, HOUR, MINUTE
from producers.polling.skipping import LONGEST, put_off


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


pytestmark = pytest.mark.long
NIGHT = range(6)
WEEKEND = (5, 6)


@pytest.mark.parametrize(
    ("due", "hours", "days", "expected"),
    [
        ("2026-11-26T02:30", (), (), "2026-11-26T02:30"),
        ("2026-11-26T02:30", NIGHT, (), "2026-11-26T06:00"),
        ("2026-11-26T06:00", NIGHT, (), "2026-11-26T06:00"),
        ("2026-11-26T23:30", (22, 23, 0, 1), (), "2026-11-27T02:00"),
        ("2026-11-27T23:59", (), WEEKEND, "2026-11-27T23:59"),
        ("2026-11-28T09:10", (), WEEKEND, "2026-11-30T00:00"),
        ("2026-11-28T09:10", NIGHT, WEEKEND, "2026-11-30T06:00"),
        # All of it, or all but a day: a mistake, or one that we do not follow.
        ("2026-11-26T02:30", range(24), (), "2026-11-26T02:30"),
        ("2026-11-26T02:30", (), range(7), "2026-11-26T02:30"),
        ("2026-11-26T02:30", (), range(3), "2026-11-26T02:30"),
        ("2026-11-23T02:30", (), range(6), "2026-11-23T02:30"),
    ],
)
def test_when_a_poll_is_put_off_to(due: str, hours: range, days: tuple[int, ...], expected: str) -> None:
    assert put_off(at(due), hours, days, lambda: 0.0) == at(expected)


@given(
    due=st.floats(min_value=0, max_value=4e9),
    hours=st.frozensets(st.integers(0, 23)),
    days=st.frozensets(st.integers(0, 6)),
    chance=st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_never_before_never_much_later_and_never_in_what_is_skipped(
    due: float, hours: frozenset[int], days: frozenset[int], chance: float
) -> None:
    then = put_off(due, hours, days, lambda: chance)
    assert due <= then <= due + LONGEST + 10 * MINUTE
    moment = datetime.fromtimestamp(then, UTC)
    if then > due:
        assert moment.hour not in hours
        assert moment.weekday() not in days


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def with_night(room: Newsroom) -> str:
    """Return channel elements that skip the four hours from two hours on."""
    hour = int(room.clock.now() // HOUR) % 24
    return "<skipHours>" + "".join(f"<hour>{(hour + n) % 24}</hour>" for n in range(2, 6)) + "</skipHours>"


@pytest.mark.parametrize("fails", [False, True])
def test_a_feed_is_not_asked_in_the_hours_that_it_names(room: Newsroom, fails: bool) -> None:
    body = rss(item(1, room.page(1)), extra=with_night(room))
    room.web.pages["/herald.xml"] = page(200, body, Content_Type="application/rss+xml")
    source = room.source("herald", least=HOUR)
    begins = (room.clock.now() // HOUR + 2) * HOUR
    asked = []
    for _ in range(3 * 48):
        before = room.asked("/herald.xml")
        room.poll(source)
        if room.asked("/herald.xml") > before:
            asked.append(room.clock.now())
        if fails:
            room.web.pages["/herald.xml"] = page(503)
        room.later(10 * MINUTE)
    assert len(asked) > 3
    within = [time for time in asked if begins <= time and (time - begins) % DAY < 4 * HOUR]
    assert within == []
