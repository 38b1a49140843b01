"""Hours and days in which a publisher asks not to be asked: `skipHours` and `skipDays` of RSS. Pure: time and chance are arguments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from producers.fetch.schedule import DAY, HOUR, MINUTE, Chance

LONGEST: Final = 3 * DAY
"""Seconds that a poll is put off at most for it: a weekend and a holiday. What names more, all hours or all days, is a mistake."""
_SPREAD: Final = 10 * MINUTE
"""Those that were put off to the same full hour do not come all at once."""


def put_off(due: float, hours: Collection[int], days: Collection[int], chance: Chance) -> float:
    """Return when to ask where an address would be due at `due` (Unix time): then, or in the first minutes after what is to be skipped.

    `hours` are of the day, 0 to 23; `days` of the week, 0 is Monday; both in UTC, as RSS means them.
    """
    if not (hours or days):
        return due
    at = due
    while _skipped(at, hours, days):
        at = (at // HOUR + 1) * HOUR
        if at - due > LONGEST:
            return due
    return at if at == due else at + chance() * _SPREAD


def _skipped(at: float, hours: Collection[int], days: Collection[int]) -> bool:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.hour in hours or moment.weekday() in days
