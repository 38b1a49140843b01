"""Supervised processes that are looked after by a thread, so that whoever injects a fault may wait for something meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from nursery import Nursery

from newswire.supervisor import Supervisor


class Crew:
    """Processes by name. Each has a supervisor of its own, as `newswire up` gives them, so that one can leave."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._supervisors: dict[str, Supervisor] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="crew", daemon=True)
        self._thread.start()

    def add(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        stderr: int,
        nursery: Nursery | None = None,
    ) -> None:
        """Start a process under a name, and start it again whenever it ends; forked by a nursery, if one is given."""
        supervisor = Supervisor(environment=environment, stderr=stderr)
        if nursery is not None:
            supervisor._start = lambda asked: nursery.start(asked, environment)  # type: ignore[assignment,method-assign,return-value]
        with self._lock:
            supervisor.add(name, command)
            self._supervisors[name] = supervisor

    def remove(self, name: str) -> None:
        """Ask a process to end, and do not start it again."""
        with self._lock:
            supervisor = self._supervisors.pop(name)
        supervisor.stop()

    def names(self) -> list[str]:
        with self._lock:
            return list(self._supervisors)

    def pid(self, name: str) -> int | None:
        """Return the process id, None while it is not running."""
        with self._lock:
            supervisor = self._supervisors.get(name)
            return supervisor.pids().get(name) if supervisor else None

    def given_up(self) -> list[str]:
        """Return the names that are not started again, because a restart does not mend why they ended."""
        with self._lock:
            return [name for supervisor in self._supervisors.values() for name in supervisor.given_up()]

    def stop(self) -> None:
        """End all."""
        self._stop.set()
        self._thread.join(10)
        for name in reversed(self.names()):
            self.remove(name)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            with self._lock:
                for supervisor in self._supervisors.values():
                    supervisor.watch()
