"""How many requests a sender may make: a bucket that fills at its rate and holds two seconds of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from producers.push.senders import Sender

_BURST_SECONDS: Final = 2.0


class Rates:
    """The bucket of each sender. Used by one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, sender: Sender) -> float:
        """Return 0 where a request may be made now, and count it; otherwise the seconds until it may."""
        now, holds = self._clock(), max(sender.rate * _BURST_SECONDS, 1.0)
        level, since = self._levels.get(sender.name, (holds, now))
        level = min(holds, level + (now - since) * sender.rate)
        if level < 1:
            self._levels[sender.name] = (level, now)
            return (1 - level) / sender.rate
        self._levels[sender.name] = (level - 1, now)
        return 0.0
