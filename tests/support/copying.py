"""The smallest stage there is: what is on `in` is copied to `out`, through our slot, in a process that can stop itself at a chosen point.

As a program (`python copying.py ARGUMENTS-AS-JSON`) it is one slot of it, run as `newswire run` runs a stage. SIGSTOP at a point of a
transaction, sent by the process to itself, is the deterministic form of a machine that was suspended there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from waiting import PATIENCE

from newswire.log.contract import Moved, Outgoing, Record, Slot, Window, WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits

NAME = "copy"
WINDOW = WindowLimits(seconds=0.05)
POINTS = ("begin_transaction", "send", "flush", "send_offsets_to_transaction", "commit_transaction")
"""The calls of a transaction, in their order."""


@dataclass(frozen=True)
class Task:
    """What a process of this module is to do. `stops_at`: the call before which it stops itself, the first time it comes there."""

    servers: str
    namespace: str
    folder: str
    slot: int = 0
    stops_at: str = ""
    limits: dict[str, Any] | None = None


def values(log: KafkaLog, topic: str) -> Counter[str]:
    """Return what readers of committed records see on a topic, up to all that was written."""
    ends = log.end_offsets(topic, committed=False)
    return Counter(
        (record.value or b"").decode()
        for partition, end in ends.items()
        for record in log.read(topic, partition, 0, end)
    )


def publish(log: KafkaLog, *names: str, partition: int = 0, topic: str = "in") -> Counter[str]:
    """Write records with these values; return what a perfect copy of them is."""
    writer = log.writer("publisher")
    writer.write([outgoing(topic, name, partition) for name in names])
    writer.close()
    return Counter(names)


def outgoing(topic: str, name: str, partition: int = 0) -> Outgoing:
    """Return a record to be written."""
    return Outgoing(topic, partition, name.encode(), name.encode(), 1_706_745_600_000)


def open_slot(log: KafkaLog, slot: int = 0) -> Any:
    """Take a slot of the copying stage."""
    return log.slot(topic="in", group=NAME, slot_id=f"{NAME}.{slot}")


def window_of(slot: Slot, seconds: float = PATIENCE) -> Window:
    """Poll until records come, through rebalances."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = slot.poll(WINDOW, 0.5)
        except Moved:
            slot.rewind()
            continue
        if found is not None:
            return found
    raise AssertionError(f"no window came within {seconds} s")


def copies(records: Sequence[Record]) -> list[Outgoing]:
    """Return what the copying stage writes for a window."""
    return [outgoing("out", (record.value or b"").decode(), record.partition) for record in records]


def offsets(records: Sequence[Record]) -> dict[int, int]:
    """Return where the copying stage goes on after a window."""
    return {record.partition: record.offset + 1 for record in records}


def copy(slot: Slot, stop: threading.Event) -> None:
    """Copy until asked to stop."""
    while not stop.is_set():
        try:
            window = slot.poll(WINDOW, 0.2)
            if window is not None:
                slot.commit(window, copies(window.records), offsets(window.records))
        except Moved:
            slot.rewind()
    slot.close()


def before(slot: Any, point: str, do: Callable[[], None]) -> None:
    """Have `do` done once, before the slot's client next makes the call named `point`."""
    client = slot._producer._producer
    call = getattr(client, point)

    def first(*arguments: Any, **named: Any) -> Any:
        setattr(client, point, call)
        do()
        return call(*arguments, **named)

    setattr(client, point, first)


@contextmanager
def copier(
    log: KafkaLog, folder: Path, *, slot: int = 0, stops_at: str = "", **limits: Any
) -> Iterator[subprocess.Popen[str]]:
    """Run one slot as a process; it is killed at the end. What it says is in `said`."""
    task = Task(
        log.connection.bootstrap_servers, log.connection.namespace, str(folder), slot, stops_at, limits
    )
    folder.mkdir(parents=True, exist_ok=True)
    # A file, not a pipe: a client whose broker is away says more than a pipe holds, and would stop there.
    with (folder / "stderr").open("a") as stderr:
        process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(asdict(task))],
            stderr=stderr,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said(folder: Path) -> str:
    """Return the end of what the processes in a folder have said."""
    return (folder / "stderr").read_text()[-4_000:]


def is_stopped(process: subprocess.Popen[str]) -> bool:
    """Return whether a process has stopped itself; fail when it has ended instead."""
    assert process.poll() is None, f"ended with {process.returncode} before it came there"
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


def copied_by_restarts(log: KafkaLog, folder: Path, expected: Counter[str], **limits: Any) -> None:
    """Start the slot, again whenever it ends, until all that is expected has been copied; fail when something is there twice."""
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline:
        with copier(log, folder, **limits) as process:
            while process.poll() is None and time.monotonic() < deadline:
                if values(log, "out").total() >= expected.total():
                    assert values(log, "out") == expected
                    return
                time.sleep(0.1)
    raise AssertionError(f"not copied within 150 s: {expected - values(log, 'out')}")


def _suspend() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    # A process of several threads stops a moment after the signal was sent: this one must not go on meanwhile.
    time.sleep(0.5)


def _main(task: Task) -> None:
    from newswire.config import Settings
    from newswire.process import run_process

    def work(log: KafkaLog, folder: Path, stop: threading.Event) -> None:
        del folder
        log = KafkaLog(replace(log.connection, limits=Limits(**(task.limits or {}))))
        slot = open_slot(log, task.slot)
        if task.stops_at:
            before(slot, task.stops_at, _suspend)
        copy(slot, stop)

    settings = Settings(namespace=task.namespace, state_dir=Path(task.folder))
    run_process(NAME, work, slot=task.slot, needs="in", bootstrap_servers=task.servers, settings=settings)


if __name__ == "__main__":
    _main(Task(**json.loads(sys.argv[1])))
