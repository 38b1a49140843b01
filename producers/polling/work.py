"""What is to be done, and who does it: sources to be asked and pages to be fetched, when they are due and there is room for them.

One source of a host is asked at a time, so that those of one host do not take the place of others; its next one goes before its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from producers.fetch.gate import Clock
from producers.fetch.schedule import HOUR
from producers.polling.agenda import Agenda
from producers.polling.backlog import Backlog
from producers.polling.pool import Done, Pool

_HOST_PAGES: Final = 4
"""Pages of a host that are in the pool before those of the backlog: enough that it is not left idle."""
_ASKED_FOR_EACH_THREAD: Final = 4
"""Sources that are being asked at most: what waits longer is asked when its turn has come."""
QUEUED_MOST: Final = 2_000
"""Items of a source whose pages are to come: while there are more, it is asked once an hour at most."""
_QUEUED_FAR_TOO_MANY: Final = 50_000
"""While there are more, it is not asked at all."""


class Work:
    """Used by one thread; the jobs run in others."""

    def __init__(self, threads: int, clock: Clock) -> None:
        self._agenda = Agenda(clock)
        self._pool = Pool(threads)
        self._asking: set[str] = set()
        """Hosts at which a source is being asked."""
        self._most_asking = threads * _ASKED_FOR_EACH_THREAD
        self._to_ask = Backlog(self._may_ask)
        self._to_fetch = Backlog(lambda host: self._pool.pages(host) < _HOST_PAGES)

    def ask_at(self, due: float, host: str, name: str) -> None:
        """Have a source asked at a Unix time, or as soon after as there is room."""
        self._agenda.at(due, lambda: self._to_ask.add(host, name, name))

    def fetch_at(self, due: float, host: str, name: str, id_: str) -> None:
        """Have the page of an item of a source fetched at a Unix time, or as soon after as there is room."""
        self._agenda.at(due, lambda: self._to_fetch.add(host, name, id_))

    def is_enough(self, name: str, polled_at: float | None, now: float) -> bool:
        """Return whether so many items of a source wait for room that more would be no use. `polled_at`: when it was last asked."""
        waiting = self._to_fetch.of(name)
        lately = polled_at is not None and now - polled_at < HOUR
        return waiting > _QUEUED_FAR_TOO_MANY or (waiting > QUEUED_MOST and lately)

    def sources(self) -> Iterator[str]:
        """Yield the sources that are due and can be asked now."""
        self._heed()
        return self._to_ask.taken()

    def items(self) -> Iterator[str]:
        """Yield the items whose page is due and can be fetched now."""
        self._heed()
        return self._to_fetch.taken()

    def ask(self, host: str, what: Any, job: Callable[[], Any]) -> None:
        """Have a source asked: `job` runs before all pages of its host that have not begun."""
        self._asking.add(host)
        self._pool.submit(host, what, job)

    def asked(self, host: str) -> None:
        """Note that it was."""
        self._asking.discard(host)

    def fetch(self, host: str, what: Any, job: Callable[[], Any]) -> None:
        """Have a page fetched."""
        self._pool.submit(host, what, job, page=True)

    def next(self, seconds: float) -> Done | None:
        """Return a job that has ended, or None when none does within that time."""
        return self._pool.next(seconds)

    @property
    def busy(self) -> int:
        """Jobs that have not ended."""
        return self._pool.busy

    @property
    def hosts(self) -> int:
        """Hosts that have jobs."""
        return self._pool.hosts

    @property
    def is_done(self) -> bool:
        """Whether nothing is under way, and nothing is to be done now."""
        return not (self._pool.busy or self._to_ask or self._to_fetch or self._agenda.is_due)

    @property
    def may_begin(self) -> bool:
        """Whether something is to be done for which there is room."""
        return self._agenda.is_due or self._to_ask.may_begin or self._to_fetch.may_begin

    @property
    def next_due(self) -> float | None:
        """When the next thing is due, Unix time."""
        return self._agenda.next_due

    def drop(self) -> None:
        """Forget the jobs that have not begun."""
        self._pool.drop()

    def close(self) -> None:
        """Let the threads end."""
        self._pool.close()

    def _heed(self) -> None:
        while self._agenda.is_due:
            self._agenda.take()()

    def _may_ask(self, host: str) -> bool:
        return host not in self._asking and len(self._asking) < self._most_asking
