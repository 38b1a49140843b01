"""Stands between a broker and the process that started it, so that the broker never outlives it.

Run as a program: `python launcher.py [--watch-parent PID] --node FOLDER --grace SECONDS -- java ...`. It

* holds the node folder's lock for as long as the broker runs (also when its own parent is gone),
* starts Java as its child and prints Java's process id on standard output, one line, then closes it,
* copies what the broker prints to `broker.log`, of bounded size,
* with --watch-parent: ends the broker when standard input reaches its end or the parent has changed. The parent holds
  the other end of that pipe, and the kernel closes it whatever way the parent dies, SIGKILL included; this works on
  every system. The parent's pid is watched as well, because a fork of the parent may hold the pipe open,
* on Linux asks the kernel to kill Java when this launcher itself is killed (PR_SET_PDEATHSIG). That signal follows the
  death of the *thread* that started the child, which is why Java is not started by the user's process itself: its
  threads may come and go, the launcher's main thread lives as long as the launcher,
* ends the broker by SIGTERM first, SIGKILL after `--grace` seconds,
* leaves the marker `clean-shutdown` only when Kafka itself closed its logs in order, and `exit.json`.

Only the standard library and filelock are imported: it starts in a tenth of a second and stays small.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import filelock

CLEAN_MARKER = "clean-shutdown"
EXIT_FILE = "exit.json"
LOG_FILE = "broker.log"
LOCK_FILE = "node.lock"
KAFKA_CLEAN_MARKER = ".kafka_cleanshutdown"  # Kafka writes it into each log folder it closed in order

LOCKED_EXIT = 75  # sysexits.h EX_TEMPFAIL
_LOG_BYTES = 4 << 20
_LOG_KEEP = 3
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PARENT_CHECK = 0.5  # seconds


def main(argv: list[str]) -> int:
    """Run the broker to its end; return its exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--grace", type=float, required=True)
    # It names itself: it may have died before this process could look who it was.
    parser.add_argument("--watch-parent", type=int)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(argv)
    node: Path = options.node
    lock = filelock.FileLock(node / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return LOCKED_EXIT
    (node / CLEAN_MARKER).unlink(missing_ok=True)
    (node / EXIT_FILE).unlink(missing_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    java = subprocess.Popen(
        options.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # Safe here: this process has no second thread yet.
        preexec_fn=_die_with_launcher if sys.platform == "linux" else None,  # noqa: PLW1509
    )
    sys.stdout.write(f"{java.pid}\n")
    sys.stdout.flush()
    # The parent reads to the end of this pipe; a descriptor left open would hold it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    assert java.stdout is not None
    pump = threading.Thread(target=_pump, args=(java.stdout, node / LOG_FILE), daemon=True)
    pump.start()
    if options.watch_parent is not None:
        threading.Thread(target=_watch_parent, args=(options.watch_parent, stop), daemon=True).start()
        threading.Thread(target=_watch_input, args=(stop,), daemon=True).start()
    code = _run(java, stop, options.grace)
    pump.join(timeout=5)
    asked = stop.is_set()
    with contextlib.suppress(OSError):  # a full disk: then the next start checks, as after any other bad end
        # 143: the JVM ran its shutdown hooks for a SIGTERM.
        if asked and code in {0, 143, -signal.SIGTERM} and (node / "data" / KAFKA_CLEAN_MARKER).is_file():
            (node / CLEAN_MARKER).touch()
        (node / EXIT_FILE).write_text(
            json.dumps({"code": code, "asked": asked, "at": time.time()}), encoding="utf-8"
        )
    return 0 if asked else code & 0xFF


def _run(java: subprocess.Popen[bytes], stop: threading.Event, grace: float) -> int:
    while java.poll() is None:
        if stop.wait(0.1):
            java.terminate()
            try:
                return java.wait(grace)
            except subprocess.TimeoutExpired:
                java.kill()
            return java.wait()
    return java.wait()


def _die_with_launcher() -> None:
    launcher = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != launcher:  # it died before the kernel knew
        os._exit(1)


def _watch_parent(parent: int, stop: threading.Event) -> None:
    while not stop.wait(_PARENT_CHECK):
        if os.getppid() != parent:
            stop.set()


def _watch_input(stop: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1024):
            pass
    stop.set()


def _pump(source: IO[bytes], path: Path) -> None:
    """Copy to `path`, keeping at most _LOG_KEEP older files of _LOG_BYTES. A full disk must not stop the broker."""
    log: IO[bytes] | None = None
    for line in source:
        try:
            if log is not None and log.tell() >= _LOG_BYTES:
                log.close()
                log = None
                for number in range(_LOG_KEEP, 0, -1):
                    older = path.with_name(f"{path.name}.{number - 1}") if number > 1 else path
                    if older.exists():
                        older.replace(path.with_name(f"{path.name}.{number}"))
            if log is None:
                log = path.open("ab")
            log.write(line)
            log.flush()
        except OSError:
            log = None  # the line is lost, the broker's pipe is drained all the same


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
