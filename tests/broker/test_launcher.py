"""The launcher between a broker and its starter, with a small program in Kafka's place."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from waiting import PATIENCE, until

from newswire.broker import launcher

POLITE = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)); print('ready', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"


class Launched:
    def __init__(self, node: Path, program: str, *, grace: float, watch: bool) -> None:
        node.mkdir(exist_ok=True)
        arguments = [sys.executable, "-I", launcher.__file__, "--node", str(node), "--grace", str(grace)]
        if watch:
            arguments += ["--watch-parent", str(os.getpid())]
        self.node = node
        self.process = subprocess.Popen(
            [*arguments, "--", sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.read().strip()
        self.child = psutil.Process(int(line)) if line else None

    def said(self) -> str:
        log = self.node / launcher.LOG_FILE
        return log.read_text() if log.exists() else ""

    def left(self) -> dict[str, object]:
        return json.loads((self.node / launcher.EXIT_FILE).read_text())


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    made: list[Launched] = []
    awaited = 0

    def start(program: str, *, grace: float = 20, watch: bool = True, ready: bool = True) -> Launched:
        nonlocal awaited
        made.append(Launched(tmp_path / "node", program, grace=grace, watch=watch))
        if ready:
            awaited += 1
            # The log goes on from one launch to the next.
            until(lambda: made[-1].said().count("ready") == awaited)
        return made[-1]

    yield start
    for each in made:
        with each.process as process:
            process.kill()


def close_in_order(node: Path) -> None:
    """What Kafka leaves when it has closed its logs."""
    (node / "data").mkdir(exist_ok=True)
    (node / "data" / launcher.KAFKA_CLEAN_MARKER).touch()


def test_asked_to_stop_it_stops_the_child_and_says_whether_that_was_in_order(
    launch: Callable[..., Launched],
) -> None:
    first = launch(POLITE)
    assert not (first.node / launcher.CLEAN_MARKER).exists()
    first.process.terminate()
    assert first.process.wait(PATIENCE) == 0
    assert first.left()["code"] == 143
    # Kafka's own marker is missing: it did not get to close its logs.
    assert not (first.node / launcher.CLEAN_MARKER).exists()

    close_in_order(first.node)
    second = launch(POLITE)
    second.process.terminate()
    assert second.process.wait(PATIENCE) == 0
    assert (second.node / launcher.CLEAN_MARKER).exists()


def test_a_child_that_dies_by_itself_was_not_stopped_in_order(
    launch: Callable[..., Launched], tmp_path: Path
) -> None:
    (tmp_path / "node").mkdir()
    close_in_order(tmp_path / "node")
    launched = launch("import sys; sys.exit(3)", ready=False)
    assert launched.process.wait(PATIENCE) == 3
    assert launched.left() | {"at": 0} == {"code": 3, "asked": False, "at": 0}
    assert not (launched.node / launcher.CLEAN_MARKER).exists()


def test_a_child_that_does_not_stop_is_killed_when_its_time_is_over(launch: Callable[..., Launched]) -> None:
    launched = launch(STUBBORN, grace=0.2)
    launched.process.terminate()
    assert launched.process.wait(PATIENCE) == 0
    assert launched.left()["code"] == -signal.SIGKILL


def test_the_end_of_its_input_is_the_end_of_its_parent(launch: Callable[..., Launched]) -> None:
    launched = launch(POLITE)
    launched.process.stdin.close()
    assert launched.process.wait(PATIENCE) == 0
    assert launched.left()["code"] == 143


def test_without_watching_it_lives_on(launch: Callable[..., Launched]) -> None:
    launched = launch(POLITE, watch=False)
    launched.process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        launched.process.wait(3 * launcher._PARENT_CHECK)


def test_a_parent_that_dies_while_its_fork_holds_the_pipe_open(tmp_path: Path) -> None:
    node = tmp_path / "node"
    node.mkdir()
    parent = textwrap.dedent(f"""
        import os, subprocess, sys, time
        subprocess.Popen([{sys.executable!r}, "-I", {launcher.__file__!r}, "--node", {str(node)!r}, "--grace", "20",
                          "--watch-parent", str(os.getpid()), "--", {sys.executable!r}, "-c", {POLITE!r}], stdin=subprocess.PIPE)
        fork = os.fork()
        if fork:
            print(fork, flush=True)
        time.sleep(60)
    """)
    starter = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    java, fork = sorted(int(starter.stdout.readline()) for _ in range(2))
    starter.kill()
    starter.wait()
    note = node / launcher.EXIT_FILE
    ended = until(lambda: note.read_text() if note.exists() else None, "the end of who has no parent")
    assert json.loads(ended)["asked"], "it ended by itself"
    for left in (java, fork):
        if psutil.pid_exists(left):
            os.kill(left, signal.SIGKILL)
    starter.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_the_child_does_not_outlive_a_killed_launcher(launch: Callable[..., Launched]) -> None:
    launched = launch(STUBBORN)
    launched.process.kill()
    launched.child.wait(PATIENCE)


def test_one_folder_has_one_launcher(launch: Callable[..., Launched]) -> None:
    launch(POLITE)
    second = launch(POLITE, ready=False)
    assert second.child is None
    assert second.process.wait(PATIENCE) == launcher.LOCKED_EXIT


def test_the_log_keeps_its_end_within_bounds(launch: Callable[..., Launched]) -> None:
    lines = 6 * launcher._LOG_BYTES // 1000
    launched = launch(f"for i in range({lines}): print(str(i).rjust(999))", ready=False)
    assert launched.process.wait(PATIENCE) == 0
    logs = sorted(launched.node.glob("broker.log*"))
    assert [log.name for log in logs] == ["broker.log", "broker.log.1", "broker.log.2", "broker.log.3"]
    kept = b"".join(log.read_bytes() for log in reversed(logs))
    assert [int(line) for line in kept.split(b"\n")[:-1]] == list(range(lines - len(kept) // 1000, lines))
    assert all(log.stat().st_size <= launcher._LOG_BYTES + 1000 for log in logs)
