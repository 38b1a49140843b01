"""Time for many threads that costs none: a clock that goes on only when nothing else can, and what moves it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from polite import BEGIN, loopback_names
from web_server import Web

from newswire.keeping import SourceState
from newswire.log.contract import Log
from newswire.source import SourceLoop
from producers.feeds import FeedsSource
from producers.fetch import Client, Courtesy, Identity
from producers.polling import PolledSource, poller


class Killed(BaseException):
    """The process is killed."""


class StandingClock:
    """Threads that sleep wait for `go_to`."""

    def __init__(self, begin: float = BEGIN) -> None:
        self._time = begin
        self._sleepers: list[float] = []
        self._changed = threading.Condition()
        self._over = False

    def now(self) -> float:
        with self._changed:
            return self._time

    def sleep(self, seconds: float) -> None:
        with self._changed:
            until = self._time + seconds
            self._sleepers.append(until)
            self._changed.wait_for(lambda: self._over or self._time >= until)
            self._sleepers.remove(until)
            if self._over:
                raise Killed

    def sleeping(self) -> list[float]:
        with self._changed:
            return [until for until in self._sleepers if until > self._time]

    def go_to(self, time: float) -> None:
        with self._changed:
            self._time = max(self._time, time)
            self._changed.notify_all()

    def end(self) -> None:
        """Let the threads that sleep end: their process was killed."""
        with self._changed:
            self._over = True
            self._changed.notify_all()


class Mover:
    """Moves the clock of a poller, in whose thread it is called (as its `Hints`), to the next moment at which something happens.

    That is when all jobs have ended or sleep: then to the end of the shortest sleep, or to what is due next.
    """

    def __init__(self, clock: StandingClock, until: float, ends: Callable[[], None]) -> None:
        self._clock = clock
        self._until = until
        self._ends = ends
        self.poller: FeedsSource

    def saw(self, name: str, url: str, notes: Mapping[str, Any], now: float) -> None:
        pass

    def step(self, now: float) -> Sequence[str]:
        polling, sleeping = self.poller, self._clock.sleeping()
        if polling._work.hosts > len(sleeping) or polling._work.may_begin:
            return ()
        due = polling._work.next_due
        nearest = min([*sleeping, *([due] if due is not None else [])], default=self._until)
        if nearest >= self._until:
            self._clock.go_to(self._until)
            self._ends()
        self._clock.go_to(nearest)
        return ()


def run(
    web: Web,
    log: Log,
    folder: Path,
    sources: Sequence[PolledSource],
    *,
    begin: float,
    until: float,
    courtesy: Courtesy,
    seed: int,
) -> None:
    """Poll from one moment to another, as one process that is killed then. A thread for each host, so that hosts wait for no other."""

    def die() -> None:
        raise Killed

    clock = StandingClock(begin)
    mover = Mover(clock, until, die)
    client = Client(
        Identity(contact_url="https://example.org/bot"),
        ports=frozenset({web.port}),
        clock=clock,
        courtesy=courtesy,
        resolver=loopback_names,
        allow_loopback=True,
        most_wait=120.0,
    )
    kept = SourceState(log, "feeds", folder)
    try:
        mover.poller = FeedsSource(
            list(sources),
            client,
            kept.state,
            stop=threading.Event(),
            threads=2 * len({source.url.split("/")[2] for source in sources}) + 2,
            clock=clock,
            chance=random.Random(seed).random,
            hints=mover,
        )
        web_clock(web, clock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(poller, "_TICK", 0.001)
            with pytest.raises(Killed):
                SourceLoop(mover.poller, log, kept.writer, kept=kept).run()
    finally:
        clock.end()
        kept.close()


def web_clock(web: Web, clock: StandingClock) -> None:
    """Tell the publishers what time it is."""
    web.now = clock.now  # type: ignore[attr-defined]
