"""The schedule and the turns of hosts, as laws over all histories."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.fetch.errors import Broken, Exceeded, Refused
from producers.fetch.failures import Failure, FailureClass, Scope, of_error, of_status
from producers.fetch.schedule import DAY, HOUR, Pace, Plan, Seen, after, begin
from producers.fetch.turns import Courtesy, Turns, Wait

PACE = Pace()
NEVER = lambda: 0.0  # noqa: E731 - no jitter


def seconds(most: float) -> st.SearchStrategy[float]:
    return st.floats(0, most, allow_nan=False)


FAILURES = st.builds(
    Failure,
    st.sampled_from([FailureClass.SOFT, FailureClass.HARD]),
    st.just("x"),
    st.just("x"),
    st.none() | seconds(30 * DAY),
)
SEEN = st.builds(
    Seen,
    new=st.integers(0, 5000),
    failure=st.none() | FAILURES,
    fresh=st.none() | seconds(400 * DAY),
    ttl=st.none() | st.floats(-100, 1e9),
    update_period=st.none() | seconds(400 * DAY),
)


@given(st.lists(SEEN, max_size=40), st.randoms(use_true_random=False))
def test_every_history_keeps_the_bounds(history: list[Seen], chance: random.Random) -> None:
    now = 1000.0
    plan = begin(PACE, now, chance.random)
    assert now <= plan.due <= now + PACE.least
    for seen in history:
        now = plan.due
        plan = after(plan, seen, PACE, now, chance.random)
        wait = plan.due - now
        assert wait >= PACE.least * 0.999
        assert PACE.least <= plan.interval <= PACE.most
        if seen.failure is None:
            assert plan.failures == 0
            assert wait <= max(PACE.most, PACE.hint_most) * 1.25 + 1
            for hint in (seen.fresh, seen.ttl, seen.update_period):
                assert hint is None or wait >= min(hint, PACE.hint_most) * 0.999
        else:
            asked = min(seen.failure.retry_after or 0.0, PACE.retry_after_most)
            assert wait >= asked * 0.999
            assert wait <= max(PACE.hard_most, asked) * 1.25 + 1


@given(st.lists(SEEN, max_size=10))
def test_what_is_gone_is_never_asked_again_whatever_comes(history: list[Seen]) -> None:
    plan = after(Plan(interval=HOUR), Seen(failure=of_status(410, 5)), PACE, 0, NEVER)
    assert plan.retired
    for seen in history:
        assert after(plan, seen, PACE, 10, NEVER) == plan


@given(st.integers(0, 60), st.sampled_from([FailureClass.SOFT, FailureClass.HARD]))
def test_failures_back_off_further_and_further_and_success_forgives(count: int, kind: FailureClass) -> None:
    plan = Plan(interval=HOUR)
    waits = []
    for _ in range(count):
        plan = after(plan, Seen(failure=Failure(kind, "x", "x")), PACE, 0, NEVER)
        waits.append(plan.due)
    assert waits == sorted(waits)
    assert plan.failures == count
    assert plan.interval == HOUR
    assert after(plan, Seen(new=2), PACE, 0, NEVER).due == HOUR


def test_the_first_waits_are_as_documented() -> None:
    soft, hard = Plan(interval=HOUR), Plan(interval=HOUR)
    softs, hards = [], []
    for _ in range(9):
        soft = after(soft, Seen(failure=of_status(500, None)), PACE, 0, NEVER)
        hard = after(hard, Seen(failure=of_status(404, None)), PACE, 0, NEVER)
        softs.append(soft.due / 60)
        hards.append(hard.due / 3600)
    assert softs == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert hards == [1, 2, 4, 8, 16, 32, 48, 48, 48]


def test_the_interval_follows_the_yield() -> None:
    busy = quiet = Plan(interval=PACE.first)
    for _ in range(20):
        busy = after(busy, Seen(new=20), PACE, 0, NEVER)
        quiet = after(quiet, Seen(), PACE, 0, NEVER)
    assert (busy.interval, quiet.interval) == (PACE.least, PACE.most)
    assert after(Plan(interval=HOUR), Seen(new=2), PACE, 0, NEVER).interval == HOUR
    assert after(Plan(interval=HOUR), Seen(new=3), PACE, 0, NEVER).interval == pytest.approx(HOUR * 2 / 3)
    assert after(Plan(interval=HOUR), Seen(new=1), PACE, 0, NEVER).interval == HOUR * 1.5


def test_jitter_takes_those_apart_that_failed_together_and_never_shortens() -> None:
    chance = random.Random(7)
    failure = of_status(503, 3600)
    dues = {after(Plan(interval=HOUR), Seen(failure=failure), PACE, 0, chance.random).due for _ in range(100)}
    assert len(dues) == 100
    assert min(dues) >= 3600
    assert max(dues) <= 3600 * 1.25


def test_when_something_was_last_found_is_remembered() -> None:
    plan = after(Plan(interval=HOUR), Seen(new=1), PACE, 50, NEVER)
    plan = after(plan, Seen(), PACE, 100, NEVER)
    plan = after(plan, Seen(failure=of_status(500, None)), PACE, 200, NEVER)
    assert plan.last_new == 50


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *[(status, "soft") for status in (408, 421, 425, 429, 500, 502, 503, 504, 520, 599)],
        *[
            (status, "hard")
            for status in (400, 401, 402, 403, 404, 405, 406, 414, 451, 501, 505, 511, 300, 305)
        ],
        (410, "gone"),
    ],
)
def test_what_a_status_means(status: int, kind: str) -> None:
    failure = of_status(status, 60)
    assert failure.kind == kind
    assert failure.scope == (Scope.HOST if status == 429 else Scope.FEED)


def test_what_an_error_means() -> None:
    assert of_error(Refused("robots", "")).kind == "hard"
    assert of_error(Exceeded("body-bytes", "")).kind == "hard"
    assert of_error(Exceeded("total-time", "")).kind == "soft"
    assert of_error(Broken("dns", "")).kind == "soft"
    assert of_error(Broken("encoding", "")).kind == "hard"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from("ab")),
        st.tuples(st.just("end"), st.sampled_from("ab")),
        st.tuples(st.just("alone"), st.sampled_from("ab"), seconds(100)),
        st.tuples(st.just("pass"), seconds(40)),
        st.tuples(st.just("forget")),
    ),
    max_size=80,
)


@given(STEPS, st.integers(1, 3), seconds(10), seconds(100))
def test_a_host_is_never_asked_too_often_nor_by_too_many(
    steps, at_once: int, interval: float, delay: float
) -> None:
    turns = Turns(Courtesy(interval=interval, at_once=at_once, crawl_delay_most=30))
    delays = {"a": delay, "b": None}
    now = 0.0
    running = {"a": 0, "b": 0}
    started: dict[str, float] = {}
    alone = {"a": 0.0, "b": 0.0}
    apart = {"a": max(interval, min(delay, 30)), "b": interval}
    for step in steps:
        if step[0] == "ask":
            host = step[1]
            wait = turns.ask(host, now, delays[host])
            free = running[host] < at_once
            due = max(alone[host], started.get(host, float("-inf")) + apart[host])
            if wait is None:
                assert free
                assert now >= due
                running[host] += 1
                started[host] = now
            elif wait.seconds is None:
                assert not free
            else:
                assert wait.seconds > 0
                assert now + wait.seconds <= due + 1e-6
        elif step[0] == "end" and running[step[1]]:
            turns.end(step[1])
            running[step[1]] -= 1
        elif step[0] == "alone":
            turns.leave_alone(step[1], now, step[2])
            alone[step[1]] = max(alone[step[1]], now + step[2])
        elif step[0] == "pass":
            now += step[1]
        elif step[0] == "forget":
            turns.forget_idle(now)


def test_a_wait_that_is_kept_ends_in_a_turn() -> None:
    turns = Turns(Courtesy(interval=2.0))
    assert turns.ask("a", 0) is None
    assert turns.ask("a", 1) == Wait(None)
    turns.end("a")
    assert turns.ask("a", 1) == Wait(1.0)
    assert turns.ask("b", 1) is None
    assert turns.ask("a", 2) is None


def test_one_route_in_trouble_is_not_the_host_in_trouble() -> None:
    turns = Turns()
    assert not turns.trouble("a", "/1", 0, 100)
    assert not turns.trouble("a", "/1", 1, 100)
    assert not turns.trouble("a", "/2", 2, 50)
    assert turns.ask("a", 3) is None
    turns.end("a")
    assert turns.trouble("a", "/3", 10, 200)
    assert turns.ask("a", 10) == Wait(42)  # the shortest of the three
    assert turns.ask("b", 10) is None


def test_troubles_at_different_times_do_not_add_up() -> None:
    turns = Turns()
    assert not any(turns.trouble("a", f"/{n}", n * 100, 50) for n in range(10))


def test_a_turn_that_was_not_taken_cannot_be_given_back() -> None:
    turns = Turns()
    assert turns.ask("a", 0) is None
    turns.end("a")
    with pytest.raises(ValueError, match="no request"):
        turns.end("a")


@given(st.integers(0, 5), st.none() | seconds(30 * DAY))
def test_what_was_not_asked_has_not_failed(failures: int, pause: float | None) -> None:
    plan = Plan(interval=HOUR, failures=failures)
    deferred = Failure(FailureClass.DEFERRED, "host-busy", "x", pause)
    found = after(plan, Seen(failure=deferred), PACE, 100, NEVER)
    assert (found.failures, found.interval, found.retired) == (failures, HOUR, False)
    assert found.due == 100 + min(max(pause or 0, 1), PACE.retry_after_most)
