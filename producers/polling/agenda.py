"""What is to be done at which time, the earliest first; of the same time in the order in which it was put there."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

from producers.fetch.gate import Clock

Deed = Callable[[], None]


class Agenda:
    """Used by one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Deed]] = []
        self._order = itertools.count()

    def at(self, due: float, deed: Deed) -> None:
        """Put something there for a Unix time."""
        heapq.heappush(self._heap, (due, next(self._order), deed))

    @property
    def is_due(self) -> bool:
        """Whether something is to be done now."""
        return bool(self._heap) and self._heap[0][0] <= self._clock.now()

    @property
    def next_due(self) -> float | None:
        """When the earliest is to be done, Unix time; None when there is nothing."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> Deed:
        """Return the earliest, and take it off."""
        return heapq.heappop(self._heap)[2]
