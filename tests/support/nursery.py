"""Processes that start at once: forked from one that has loaded everything and has not begun anything.

What a process costs to start is nearly all imports. The processes are real, each in a session of its own; only `exec` is left out. The
one that forks has one thread and no connections: what is forked has no locks and no sockets of others.
"""

from __future__ import annotations

import atexit
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
from collections.abc import Callable, Mapping, Sequence
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
    """Starts processes by forking a Python with the arguments `program` and the descriptor of a socket, with which it calls `serve`."""

    def __init__(
        self, program: Sequence[str], environment: Mapping[str, str], stderr: int | None = None
    ) -> None:
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, *program, str(theirs.fileno())],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self._socket = ours
        self._lines = ours.makefile("r", encoding="utf-8")
        self._lock = threading.Lock()
        self._born: dict[int, Born] = {}
        self._answers: dict[str, Born] = {}
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="nursery", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id of the parent of all."""
        return self._process.pid

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], streams: Sequence[int] = ()
    ) -> Born:
        """Fork a process that does what `python -m MODULE ARGUMENTS…`, the command, does.

        `environment` is put over that of this nursery; `streams` are the descriptors of its standard input, output and error, where they
        are not to be those of this nursery.
        """
        asked = str(time.monotonic_ns())
        arguments = list(command)[list(command).index("-m") + 2 :]
        line = json.dumps({"asked": asked, "arguments": arguments, "environment": dict(environment)}) + "\n"
        with self._lock:
            if streams:
                # One byte goes with them; the rest follows in its own time, however much it is.
                socket.send_fds(self._socket, [line[:1].encode()], list(streams))
                line = line[1:]
            self._socket.sendall(line.encode())
            with self._told:
                if not self._told.wait_for(lambda: asked in self._answers, 180):
                    raise TimeoutError("the nursery does not answer")
                # It may have ended already, and have been told of.
                return self._answers.pop(asked)

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
                    self._born[said["pid"]] = self._answers[said["asked"]] = Born(said["pid"])
                    self._told.notify_all()
                else:
                    self._born.pop(said["pid"]).end(said["code"])


def serve(
    descriptor: int,
    be: Callable[[dict[str, Any]], object],
    load: Callable[[dict[str, Any]], object] = lambda asked: None,
) -> None:
    """Fork whatever is asked for over the socket, until that is closed.

    `be` is what a forked process does, until it ends or returns; `load` is done before, here, so that the next one finds it done.
    """
    wire = socket.socket(fileno=descriptor)
    waiting = b""
    streams: list[int] = []
    while True:
        readable, _, _ = select.select([wire], [], [], _POLL)
        if readable:
            data, descriptors, _, _ = socket.recv_fds(wire, 65_536, 3)
            if not data:
                return
            streams += descriptors
            *lines, waiting = (waiting + data).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                load(asked)
                _fork(wire, asked, streams, be)
                streams = []
        _tell_ends(wire)


def _fork(
    wire: socket.socket, asked: dict[str, Any], streams: list[int], be: Callable[[dict[str, Any]], object]
) -> None:
    pid = os.fork()
    if not pid:
        wire.close()
        os.setsid()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        random.seed()
        ended(lambda: be(asked))
    for stream in streams:
        os.close(stream)
    wire.sendall((json.dumps({"asked": asked["asked"], "pid": pid}) + "\n").encode())


def ended(what: Callable[[], object]) -> NoReturn:
    """Do something and end the process as Python ends: with its status, what is written flushed and what is registered done."""
    code = 1
    try:
        what()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    try:
        threading._shutdown()  # type: ignore[attr-defined] # what the interpreter waits for
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
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
