"""One broker process: launched, awaited, stopped, killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from newswire.broker import launcher
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.storage import tail_of

STOP_GRACE = 20.0  # seconds that Kafka gets to close its logs; an idle one takes about one


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process, told apart from a later one of the same number by the time it was started (seconds since 1970)."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """Return the id of a process that runs now. Raises psutil.NoSuchProcess."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """Return the process while it runs, otherwise None: also when its number now is another's."""
        try:
            process = psutil.Process(self.pid)
            # psutil derives the time from the boot time, which some kernels let drift by some hundredths of a second.
            same = abs(process.create_time() - self.started) < 1.0
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


class Node:
    """The process of one broker. `folder` is its place on disk, `launcher` and `java` its two processes."""

    def __init__(self, folder: Path, launcher_process: subprocess.Popen[str], java: ProcessId) -> None:
        self.folder = folder
        self.java = java
        self.launcher = ProcessId.of(launcher_process.pid)
        self._process = launcher_process

    def exit_code(self) -> int | None:
        """Return None while it runs, else the launcher's exit status."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask it to end in order. `wait` waits for that."""
        if self._process.poll() is None:
            self._process.terminate()

    def wait(self, timeout: float) -> bool:
        """Wait for its end, `timeout` in seconds; return whether it has ended."""
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        if self._process.stdin:
            self._process.stdin.close()
        return True

    def kill(self) -> None:
        """SIGKILL the broker and wait for its end."""
        process = self.java.process()
        if process is not None:
            process.kill()
        self.wait(10)

    def log_tail(self, lines: int = 15) -> str:
        """Return the last lines of its log for an error message."""
        path = self.folder / launcher.LOG_FILE
        if not path.is_file():
            return "    (no log was written)"
        with path.open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - 65536))
            text = log.read().decode("utf-8", "replace")
        return tail_of(text, lines)


def launch(folder: Path, command: Sequence[str], *, detached: bool) -> Node:
    """Start a broker under its launcher. Raises EmbeddedBrokerError when the folder's broker runs already."""
    arguments = [sys.executable, "-I", launcher.__file__, "--node", str(folder), "--grace", str(STOP_GRACE)]
    if not detached:
        arguments += ["--watch-parent", str(os.getpid())]
    process = subprocess.Popen(
        [*arguments, "--", *command],
        # The launcher watches this pipe; nothing is ever written to it.
        stdin=subprocess.DEVNULL if detached else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if detached else None,
        text=True,
        cwd=folder,
        # Ctrl-C reaches the whole terminal group at once; the stages must still have their broker while they stop.
        start_new_session=True,
    )
    assert process.stdout is not None
    with process.stdout as answer:
        line = answer.read().strip()
    if not line.isdecimal():
        code = process.wait()
        if code == launcher.LOCKED_EXIT:
            raise EmbeddedBrokerError(
                "a broker is running on this data folder already",
                where=folder,
                todo="use it, stop it first (newswire broker stop), or give another folder with --data-dir",
            )
        raise EmbeddedBrokerError(
            f"the broker's launcher ended with status {code} before it started Java",
            where=folder,
            todo="see the message above; check the Java with `newswire doctor`",
        )
    try:
        java = ProcessId.of(int(line))
    except psutil.NoSuchProcess:
        java = ProcessId(int(line), 0.0)  # it died at once; the caller sees that when it waits for an answer
    return Node(folder, process, java)
