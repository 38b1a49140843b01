"""Passing failures: a partition whose record cannot be handled now waits, longer each time, and not for ever."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from newswire.log.contract import Record

ATTEMPTS: Final = 6
"""Tries of one record before it becomes a dead letter."""
LONGEST_SECONDS: Final = 60.0


@dataclass
class _Waiting:
    offset: int
    attempts: int
    until: float


class Retries:
    """Which partitions wait, and until when. `now` is a monotonic clock in seconds, given by the caller."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Waiting] = {}

    def attempts(self, record: Record) -> int:
        """Return how often this record has been tried before."""
        waiting = self._waiting.get(record.partition)
        return waiting.attempts if waiting is not None and waiting.offset == record.offset else 0

    def wait(self, record: Record, after: float, now: float) -> float | None:
        """Note a failed try; return the delay in seconds, or None when it was the last one.

        The delay doubles with each try from `after` on, with full jitter above `after`, so that many stages that wait for the same thing
        do not come back at the same moment.
        """
        attempts = self.attempts(record) + 1
        if attempts >= ATTEMPTS:
            self._waiting.pop(record.partition, None)
            return None
        spread = min(after * 2 ** (attempts - 1), LONGEST_SECONDS)
        delay = after + random.uniform(0, max(0.0, spread - after))  # noqa: S311 - spreads load, keeps no secret
        self._waiting[record.partition] = _Waiting(record.offset, attempts, now + delay)
        return delay

    def due(self, now: float) -> list[int]:
        """Return the partitions whose wait is over."""
        return [partition for partition, waiting in self._waiting.items() if waiting.until <= now]

    def forget(self, partition: int) -> None:
        """Forget a partition: its record was handled."""
        self._waiting.pop(partition, None)

    def started(self, partition: int) -> None:
        """Note that a partition is read again, without forgetting how often its record was tried."""
        if partition in self._waiting:
            self._waiting[partition].until = float("inf")
