"""The supervisor with real processes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from waiting import until

from newswire.errors import StageStoppedError
from newswire.supervisor import Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor(longest_pause=0.2)


def watch(supervisor: Supervisor, condition: Callable[[], object]) -> None:
    until(condition, meanwhile=supervisor.watch)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_is_killed_is_started_again(supervisor: Supervisor) -> None:
    first = supervisor.add("sleeper", SLEEPER)
    os.kill(first, signal.SIGKILL)
    watch(supervisor, lambda: supervisor.pids().get("sleeper", first) != first)
    second = supervisor.pids()["sleeper"]
    supervisor.stop()
    assert gone(second)
    assert supervisor.pids() == {}


def test_what_keeps_ending_is_started_with_pauses(supervisor: Supervisor) -> None:
    told: list[str] = []
    supervisor.on_change = lambda name, what: told.append(what)
    supervisor.add("failing", [sys.executable, "-c", "raise SystemExit(6)"])
    watch(supervisor, lambda: told.count("started") >= 4)
    supervisor.stop()
    assert told[:4] == ["started", "ended", "started", "ended"]


def test_what_stopped_on_purpose_is_left_alone(supervisor: Supervisor) -> None:
    supervisor.add("stopped", [sys.executable, "-c", f"raise SystemExit({StageStoppedError.exit_code})"])
    watch(supervisor, supervisor.given_up)
    assert supervisor.given_up() == ["stopped"]
    supervisor.watch()
    assert supervisor.pids() == {}
    supervisor.stop()


def test_what_does_not_end_when_asked_is_ended(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.supervisor.STOP_SECONDS", 0.5)
    pid = supervisor.add(
        "stubborn",
        [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"],
    )
    watch(supervisor, lambda: _ignores_sigterm(pid))
    supervisor.stop()
    assert gone(pid)


def _ignores_sigterm(pid: int) -> bool:
    """Whether the process has got as far as ignoring SIGTERM, by what the kernel says of it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored.split()[1], 16) & (1 << (signal.SIGTERM - 1)))
