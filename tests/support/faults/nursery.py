"""Stages that start at once: forked from a process that has loaded everything and has not begun anything.

What a stage costs to start is nearly all imports, 1.5 to 3 s of processor time. Where a campaign has hundreds of rounds on a machine that
is busy with other things, it is those that it would measure. The processes are real, each in a session of its own; only `exec` is left out.
Figures of recovery made with it say so.

    python -m faults.nursery SOCKET_FD

One thread, no connections: what is forked has no locks and no sockets of others.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

_POLL = 0.02


class Born:
    """A forked process, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended = threading.Event()
        self._code = 0

    def end(self, code: int) -> None:
        self._code = code
        self._ended.set()

    def poll(self) -> int | None:
        return self._code if self._ended.is_set() else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return self._code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Starts processes of `faults.child` by forking."""

    def __init__(self, environment: Mapping[str, str], stderr: int) -> None:
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "faults.nursery", str(theirs.fileno())],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stderr=stderr,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._socket = ours
        self._lines = ours.makefile("r", encoding="utf-8")
        self._lock = threading.Lock()
        self._born: dict[int, Born] = {}
        self._pids: dict[str, int] = {}
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="nursery", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id of the parent of all."""
        return self._process.pid

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> Born:
        """Fork a process that does what `python -m faults.child ARGUMENTS…`, the command, does."""
        asked = str(time.monotonic_ns())
        arguments = list(command)[list(command).index("faults.child") + 1 :]
        line = json.dumps({"asked": asked, "arguments": arguments, "environment": dict(environment)}) + "\n"
        with self._lock:
            self._socket.sendall(line.encode())
            with self._told:
                if not self._told.wait_for(lambda: asked in self._pids, 180):
                    raise TimeoutError("the nursery does not answer")
                return self._born[self._pids.pop(asked)]

    def stop(self) -> None:
        """End it, when all that it has forked has ended."""
        self._socket.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(10)
        self._lines.close()
        self._socket.close()

    def _read(self) -> None:
        for line in self._lines:
            said = json.loads(line)
            with self._told:
                if "asked" in said:
                    self._born[said["pid"]] = Born(said["pid"])
                    self._pids[said["asked"]] = said["pid"]
                    self._told.notify_all()
                else:
                    self._born.pop(said["pid"]).end(said["code"])


def main() -> None:
    from newswire import topology
    from newswire.stage.runner import load_handler
    from newswire.stage.selfcheck import self_check

    for stage in topology.STAGES:
        # What a handler loads at its first event is loaded here.
        self_check(load_handler(stage.name))
    wire = socket.socket(fileno=int(sys.argv[1]))
    waiting = b""
    while True:
        readable, _, _ = select.select([wire], [], [], _POLL)
        if readable:
            data = wire.recv(65_536)
            if not data:
                return
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                _fork(wire, json.loads(line))
        _tell_ends(wire)


def _fork(wire: socket.socket, asked: dict[str, Any]) -> None:
    pid = os.fork()
    if not pid:
        wire.close()
        _be(asked)
    wire.sendall((json.dumps({"asked": asked["asked"], "pid": pid}) + "\n").encode())


def _be(asked: dict[str, Any]) -> NoReturn:
    from faults import child

    code = 1
    try:
        os.setsid()
        os.environ.update(asked["environment"])
        random.seed()
        sys.argv[:] = ["faults.child", *asked["arguments"]]
        child.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code)


def _tell_ends(wire: socket.socket) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            wire.sendall(
                (json.dumps({"pid": pid, "code": os.waitstatus_to_exitcode(status)}) + "\n").encode()
            )


if __name__ == "__main__":
    main()
