"""Waiting for a condition, with a bound."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(condition: Callable[[], object], what: str = "what was waited for", seconds: float = 30) -> None:
    """Look again and again; AssertionError says what has not come."""
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, f"{what} has not come within {seconds} s"
        time.sleep(0.01)
