"""Keeps processes running: starts them, starts them again when they end, ends them together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from newswire.errors import StageStoppedError, UsageError

_LOG = structlog.get_logger("newswire.supervisor")
STOP_SECONDS: Final = 10.0
"""How long a process may take to end when it is asked to."""
_QUICK_SECONDS: Final = 5.0
_HOPELESS: Final = {UsageError.exit_code, StageStoppedError.exit_code}


@dataclass
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started_at: float
    quick_ends: int = 0
    starts_again_at: float | None = None
    given_up: bool = False


@dataclass
class Supervisor:
    """Runs commands, each under a name. One that ends is started again: at once the first time, then after growing pauses.

    Exit codes that a restart cannot mend (wrong usage; a stage that stopped on purpose) are reported, and that command is left alone.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    stderr: int | None = None
    """File descriptor that their log lines go to; None: our standard error."""
    longest_pause: float = 30.0
    """Seconds: pauses between starts double from one second up to this."""
    on_change: Callable[[str, str], None] | None = None
    """Called with a name and `started`, `ended`, `given up` or `stopped`."""
    _children: dict[str, _Child] = field(default_factory=dict)

    def add(self, name: str, command: Sequence[str]) -> int:
        """Start a command under a name; return its process id."""
        child = _Child(name, command, self._start(command), time.monotonic())
        self._children[name] = child
        self._tell(name, "started")
        return child.process.pid

    def _start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        # A session of its own, so that Ctrl-C on the terminal reaches only the supervisor, which then stops all in order.
        return subprocess.Popen(
            command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stderr=self.stderr,
            start_new_session=True,
        )

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs now."""
        return {
            name: child.process.pid for name, child in self._children.items() if child.process.poll() is None
        }

    def given_up(self) -> list[str]:
        """Return the names of commands that are left alone."""
        return [name for name, child in self._children.items() if child.given_up]

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set, then stop everything."""
        try:
            while not stop.wait(0.1):
                self.watch()
        finally:
            self.stop()

    def watch(self) -> None:
        """Look once after every process."""
        for child in self._children.values():
            self._watch_one(child, time.monotonic())

    def _watch_one(self, child: _Child, now: float) -> None:
        code = child.process.poll()
        if code is None or child.given_up:
            return
        if child.starts_again_at is None:
            if code in _HOPELESS:
                child.given_up = True
                _LOG.error(
                    "ended, and is not started again: a restart does not mend this",
                    name=child.name,
                    exit_code=code,
                )
                self._tell(child.name, "given up")
                return
            quick = now - child.started_at < _QUICK_SECONDS
            child.quick_ends = child.quick_ends + 1 if quick else 0
            pause = min(2.0 ** (child.quick_ends - 1), self.longest_pause) if child.quick_ends > 1 else 0.0
            child.starts_again_at = now + pause
            _LOG.warning("ended; starting it again", name=child.name, exit_code=code, in_seconds=pause)
            self._tell(child.name, "ended")
        if now >= child.starts_again_at:
            child.process = self._start(child.command)
            child.started_at, child.starts_again_at = now, None
            self._tell(child.name, "started")

    def stop(self) -> None:
        """Ask all to end, the last started first; end those that do not within `STOP_SECONDS`."""
        running = [child for child in reversed(self._children.values()) if child.process.poll() is None]
        for child in running:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _LOG.warning("did not end when asked; ending it", name=child.name, pid=child.process.pid)
                child.process.kill()
                child.process.wait()
            self._tell(child.name, "stopped")

    def _tell(self, name: str, what: str) -> None:
        if self.on_change is not None:
            self.on_change(name, what)
