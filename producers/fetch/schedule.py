"""When an address is asked next. Pure: state and what was seen go in, the new state comes out; time and chance are arguments.

All times are seconds on whatever clock the caller uses, as long as it is one clock that survives restarts (Unix time).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from producers.fetch.failures import Failure, FailureClass

MINUTE: Final = 60.0
HOUR: Final = 3600.0
DAY: Final = 86400.0

Chance = Callable[[], float]
"""Returns a number in [0, 1): `random.random`, or what a test says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Bounds of the schedule, in seconds."""

    first: float = 30 * MINUTE
    """Interval of an address that nothing is known of."""
    least: float = 5 * MINUTE
    """No address is asked more often than this."""
    most: float = DAY
    """An address that works is asked at least this often, whatever it says of itself."""
    hint_most: float = 6 * HOUR
    """What ttl, updatePeriod and freshness may ask for at most: servers send a year to everybody."""
    soft_base: float = 5 * MINUTE
    """Wait after the first soft failure; doubles with each."""
    soft_most: float = 6 * HOUR
    """Most of that."""
    hard_base: float = HOUR
    """Wait after the first hard failure; doubles with each."""
    hard_most: float = 2 * DAY
    """Most of that."""
    retry_after_most: float = 7 * DAY
    """A longer Retry-After is taken for a mistake, and obeyed for so long."""
    faster: float = 0.5
    """What the interval is multiplied with after a poll that found much."""
    slower: float = 1.5
    """What it is multiplied with after a poll that found nothing."""
    wanted_new: float = 2.0
    """New items that a poll should find: more, and the interval shrinks in proportion; fewer, and it grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one poll showed."""

    new: int = 0
    """Items that were not known before."""
    failure: Failure | None = None
    """Why there was no content; None for an answer, also 304."""
    fresh: float | None = None
    """Seconds of freshness by HTTP (`fresh_seconds`)."""
    ttl: float | None = None
    """Seconds by the feed's `ttl`."""
    update_period: float | None = None
    """Seconds between updates by `sy:updatePeriod` and `sy:updateFrequency`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is remembered of an address between polls."""

    interval: float
    """Seconds between polls as learnt from the yield; failures leave it alone."""
    due: float = 0.0
    """When to ask next. Meaningless where `retired`."""
    failures: int = 0
    """Failures in a row."""
    retired: bool = False
    """Never to be asked again (410)."""
    last_new: float | None = None
    """When a poll last found something: by this a source that went quiet is told."""


def begin(pace: Pace, now: float, chance: Chance) -> Plan:
    """Return the plan of an address that was never asked. Due within the first interval, so that many do not come at once."""
    return Plan(interval=pace.first, due=now + chance() * min(pace.first, pace.least))


def after(plan: Plan, seen: Seen, pace: Pace, now: float, chance: Chance) -> Plan:
    """Return the plan after a poll that ended `now`.

    Failures back off exponentially, with a quarter of jitter on top; Retry-After is a lower bound, never cut by jitter. Success
    adapts the interval to what the poll found, bounded below by what the publisher asks for.
    """
    if plan.retired:
        return plan
    if seen.failure is not None:
        return _after_failure(plan, seen.failure, pace, now, chance)
    interval = _adapted(plan.interval, seen.new, pace)
    asked = max(
        (
            min(hint, pace.hint_most)
            for hint in (seen.fresh, seen.ttl, seen.update_period)
            if hint is not None and hint > 0
        ),
        default=0.0,
    )
    wait = max(interval, asked)
    return Plan(
        interval=interval,
        due=now + _jittered(wait, chance),
        last_new=now if seen.new else plan.last_new,
    )


def _after_failure(plan: Plan, failure: Failure, pace: Pace, now: float, chance: Chance) -> Plan:
    if failure.kind is FailureClass.DEFERRED:
        wait = min(max(failure.retry_after or 0.0, 1.0), pace.retry_after_most)
        return replace(plan, due=now + _jittered(wait, chance))
    failures = plan.failures + 1
    if failure.kind is FailureClass.GONE:
        return replace(plan, failures=failures, retired=True)
    hard = failure.kind is FailureClass.HARD
    base, most = (pace.hard_base, pace.hard_most) if hard else (pace.soft_base, pace.soft_most)
    wait = min(base * 2.0 ** min(failures - 1, 32), most)
    wait = max(wait, pace.least, min(failure.retry_after or 0.0, pace.retry_after_most))
    return replace(plan, failures=failures, due=now + _jittered(wait, chance))


def _adapted(interval: float, new: int, pace: Pace) -> float:
    factor = pace.slower if new <= 0 else pace.wanted_new / new
    return min(max(interval * min(max(factor, pace.faster), pace.slower), pace.least), pace.most)


def _jittered(wait: float, chance: Chance) -> float:
    """Up to a quarter longer, never shorter: what was asked for is kept, and those that failed together come apart."""
    return wait * (1.0 + chance() / 4)
