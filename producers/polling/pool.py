"""Threads for what takes time, one job to a host at once: whoever waits for a host's turn keeps no thread from others."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Done:
    """A job that has ended."""

    what: Any
    """What it was submitted with."""
    result: Any
    """What it returned; None where it raised."""
    error: BaseException | None
    """What it raised: a bug, since readers and client raise nothing."""


class Pool:
    """Used by one thread. Its own are daemons: a fetch that hangs does not keep the process from ending."""

    def __init__(self, threads: int) -> None:
        self._work: queue.SimpleQueue[tuple[str, Any, Callable[[], Any]] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, Done]] = queue.SimpleQueue()
        self._waiting: dict[str, deque[tuple[Any, Callable[[], Any]]]] = {}
        self._threads = threads
        self._running = 0
        for number in range(threads):
            threading.Thread(target=self._run, name=f"poll-{number}", daemon=True).start()

    @property
    def busy(self) -> int:
        """Jobs that have not ended."""
        return self._running + sum(map(len, self._waiting.values()))

    def submit(self, host: str, what: Any, job: Callable[[], Any]) -> None:
        """Run a job as soon as none other of its host runs."""
        if host in self._waiting:
            self._waiting[host].append((what, job))
        else:
            self._waiting[host] = deque()
            self._running += 1
            self._work.put((host, what, job))

    def next(self, seconds: float) -> Done | None:
        """Return a job that has ended, or None when none does within that time."""
        try:
            host, done = self._done.get(timeout=seconds) if seconds > 0 else self._done.get_nowait()
        except queue.Empty:
            return None
        behind = self._waiting[host]
        if behind:
            self._work.put((host, *behind.popleft()))
        else:
            del self._waiting[host]
            self._running -= 1
        return done

    def drop(self) -> None:
        """Forget the jobs that have not begun."""
        for behind in self._waiting.values():
            behind.clear()

    def close(self) -> None:
        """Let the threads end when they are done."""
        for _ in range(self._threads):
            self._work.put(None)

    def _run(self) -> None:
        while (given := self._work.get()) is not None:
            host, what, job = given
            try:
                done = Done(what, job(), None)
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that asks for it
                done = Done(what, None, error)
            self._done.put((host, done))


def host_of(url: str) -> str:
    """Return the host of an address; the whole of what is none."""
    try:
        return (urlsplit(url).hostname or url).lower()
    except ValueError:
        return url
