"""The turns of hosts for threads: waits until a host may be asked, or says that it takes too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from producers.fetch.errors import Deferred
from producers.fetch.turns import Turns

_TIDY_EVERY = 1000  # turns


class Clock(Protocol):
    """The time, and the passing of it."""

    def now(self) -> float:
        """Return Unix time in seconds."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        ...


class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        """Return Unix time in seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        time.sleep(seconds)


class Gate:
    """Deals out turns to threads. Every host is asked as often as `Turns` says, whoever asks."""

    def __init__(self, turns: Turns, clock: Clock, most_wait: float) -> None:
        self._turns = turns
        self._clock = clock
        self._most_wait = most_wait
        self._changed = threading.Condition()
        self._dealt = 0

    @contextmanager
    def turn(self, host: str, crawl_delay: float | None = None) -> Iterator[None]:
        """Hold a turn of the host. Raises Deferred when one is not to be had within the longest wait."""
        self._take(host, crawl_delay)
        try:
            yield
        finally:
            with self._changed:
                self._turns.end(host)
                self._changed.notify_all()

    def leave_alone(self, host: str, seconds: float) -> None:
        """Note that the host wants a pause."""
        with self._changed:
            self._turns.leave_alone(host, self._clock.now(), seconds)

    def alone(self) -> dict[str, float]:
        """Return the hosts that are left alone now, each with the time at which that ends."""
        with self._changed:
            return self._turns.alone(self._clock.now())

    def trouble(self, host: str, address: str, seconds: float) -> bool:
        """Note that an address wants a pause; return whether the host gets one with it."""
        with self._changed:
            return self._turns.trouble(host, address, self._clock.now(), seconds)

    def _take(self, host: str, crawl_delay: float | None) -> None:
        last = self._clock.now() + self._most_wait
        while True:
            with self._changed:
                now = self._clock.now()
                wait = self._turns.ask(host, now, crawl_delay)
                if wait is None:
                    self._dealt += 1
                    if self._dealt % _TIDY_EVERY == 0:
                        self._turns.forget_idle(now)
                    return
                seconds = wait.seconds
                if seconds is None:
                    if now >= last or not self._changed.wait(last - now):
                        raise Deferred(host, self._most_wait)
                    continue
            if now + seconds > last:
                raise Deferred(host, seconds)
            self._clock.sleep(seconds)
