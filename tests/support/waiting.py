"""Waiting for something, with a bound: the one way of the tests to do it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
PATIENCE: Final = 120.0
"""Seconds. A bound that is never met costs nothing, so it is that of the busiest machine; a test that may wait longer than its own timeout
is no shorter for it."""
_FIRST_PAUSE: Final = 0.01
_LONGEST_PAUSE: Final = 0.25
_GROWTH: Final = 1.3


def until(
    condition: Callable[[], T | None],
    what: str = "what was waited for",
    seconds: float = PATIENCE,
    *,
    meanwhile: Callable[[], object] = lambda: None,
) -> T:
    """Return what a condition gives, as soon as that is true; AssertionError says what has not come within `seconds`.

    It looks again and again, at first often: asking Kafka a hundred times a second would make a busy machine busier. `meanwhile` is done
    before each look.
    """
    last, pause = time.monotonic() + seconds, _FIRST_PAUSE
    while True:
        meanwhile()
        found = condition()
        if found:
            return found
        assert time.monotonic() < last, f"{what} has not come within {seconds:g} s"
        time.sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
