"""Threads for what takes time, one job to a host at once, questions to sources before pages.

Whoever waits for a host's turn keeps no thread from others of its host, and pages never have all threads: however many there are of them,
sources are asked.
"""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_Job = tuple[Any, Callable[[], Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """A job that has ended."""

    what: Any
    """What it was submitted with."""
    result: Any
    """What it returned; None where it raised."""
    error: BaseException | None
    """What it raised: a bug, since readers and client raise nothing."""


@dataclass(slots=True)
class _Host:
    """Jobs of a host that have not begun, but for the one that is ready."""

    first: deque[_Job] = field(default_factory=deque)
    pages: deque[_Job] = field(default_factory=deque)


class Pool:
    """Used by one thread. Its own are daemons: a fetch that hangs does not keep the process from ending."""

    def __init__(self, threads: int) -> None:
        self._done: queue.SimpleQueue[tuple[str, Done]] = queue.SimpleQueue()
        self._hosts: dict[str, _Host] = {}
        """Hosts with a job that is ready or has begun."""
        self._changed = threading.Condition()  # guards what stands below
        self._first: OrderedDict[str, _Job] = OrderedDict()
        """Jobs that may begin now, by host, in the order in which they do: questions to sources."""
        self._pages: OrderedDict[str, _Job] = OrderedDict()
        """The same: pages."""
        self._most_pages = max(1, threads - max(1, threads // 4))
        self._pages_running = 0
        self._closed = False
        for number in range(threads):
            threading.Thread(target=self._run, name=f"poll-{number}", daemon=True).start()

    @property
    def busy(self) -> int:
        """Jobs that have not ended."""
        return len(self._hosts) + sum(len(host.first) + len(host.pages) for host in self._hosts.values())

    @property
    def hosts(self) -> int:
        """Hosts that have jobs: each has one that has begun, or does so as soon as there is a thread for it."""
        return len(self._hosts)

    def pages(self, host: str) -> int:
        """Return how many pages of a host wait behind another job of it."""
        known = self._hosts.get(host)
        return len(known.pages) if known is not None else 0

    def submit(self, host: str, what: Any, job: Callable[[], Any], *, page: bool = False) -> None:
        """Run a job as soon as none other of its host runs: a page after all that is none."""
        known = self._hosts.get(host)
        if known is None:
            self._hosts[host] = _Host()
            self._make_ready(host, (what, job), page=page)
        elif page:
            known.pages.append((what, job))
        else:
            with self._changed:
                ready = self._pages.pop(host, None)
            if ready is None:
                known.first.append((what, job))
            else:  # a page that has not begun steps back
                known.pages.appendleft(ready)
                self._make_ready(host, (what, job), page=False)

    def next(self, seconds: float) -> Done | None:
        """Return a job that has ended, or None when none does within that time."""
        try:
            host, done = self._done.get(timeout=seconds) if seconds > 0 else self._done.get_nowait()
        except queue.Empty:
            return None
        behind = self._hosts[host]
        if behind.first:
            self._make_ready(host, behind.first.popleft(), page=False)
        elif behind.pages:
            self._make_ready(host, behind.pages.popleft(), page=True)
        else:
            del self._hosts[host]
        return done

    def drop(self) -> None:
        """Forget the jobs that have not begun."""
        with self._changed:
            for host in (*self._first, *self._pages):
                del self._hosts[host]
            self._first.clear()
            self._pages.clear()
        for behind in self._hosts.values():
            behind.first.clear()
            behind.pages.clear()

    def close(self) -> None:
        """Let the threads end when they are done with what they are at."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _make_ready(self, host: str, job: _Job, *, page: bool) -> None:
        with self._changed:
            (self._pages if page else self._first)[host] = job
            self._changed.notify()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            host, (what, job), page = taken
            try:
                done = Done(what, job(), None)
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that asks for it
                done = Done(what, None, error)
            if page:
                with self._changed:
                    self._pages_running -= 1
                    self._changed.notify()
            self._done.put((host, done))

    def _take(self) -> tuple[str, _Job, bool] | None:
        """Return the job that comes next, as soon as one may begin; None when the pool is closed."""
        with self._changed:
            while not self._closed:
                if self._first:
                    return (*self._first.popitem(last=False), False)
                if self._pages and self._pages_running < self._most_pages:
                    self._pages_running += 1
                    return (*self._pages.popitem(last=False), True)
                self._changed.wait()
            return None


def host_of(url: str) -> str:
    """Return the host of an address; the whole of what is none."""
    try:
        return (urlsplit(url).hostname or url).lower()
    except ValueError:
        return url
