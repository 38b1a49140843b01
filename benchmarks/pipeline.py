"""The whole pipeline as `newswire up` runs it, in processes of its own, for benchmarks: on a broker that the benchmark may break."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import psutil

from benchmarks.publisher import publish
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.capture import Captured
from newswire.errors import BrokerError
from newswire.lag import LagMeter
from newswire.live import PARTS
from newswire.log.client import Connection, KafkaError
from newswire.log.kafka import KafkaLog
from newswire.topics import specs

STAGES: Final = [stage.name for stage in topology.STAGES]
T = TypeVar("T")


class Up:
    """`newswire up` as a process, with its stages and the clock as its children. Make it with `up`."""

    def __init__(self, process: subprocess.Popen[bytes], log_file: Path) -> None:
        self.process = process
        self.log_file = log_file
        self._known: dict[str, psutil.Process] = {}

    def parts(self) -> dict[str, psutil.Process]:
        """Return the processes that run now, by part; a part that is being started again is missing."""
        if not all(part in self._known and self._known[part].is_running() for part in PARTS):
            self._known = self._look()
        return dict(self._known)

    def _look(self) -> dict[str, psutil.Process]:
        found = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                words = child.cmdline()
                if "run" in words and child.status() != psutil.STATUS_ZOMBIE:
                    found[words[words.index("run") + 1]] = child
            except psutil.Error:
                continue
        return found

    def part(self, name: str, *, seconds: float = 60) -> psutil.Process:
        """Return the process of a part, once it runs."""
        return until(lambda: self._look().get(name), f"{name} runs", seconds=seconds)


@contextmanager
def up(bootstrap: str, folder: Path, **environment: str) -> Iterator[Up]:
    """Run `newswire up` on a broker; its state and its log are in `folder`. Everything has ended when the block is left."""
    folder.mkdir(parents=True, exist_ok=True)
    log_file = folder / "up.log"
    given = {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "NEWSWIRE_STATE_DIR": str(folder / "state"),
        "NEWSWIRE_LOG_LEVEL": "warning",
        "NEWSWIRE_LOG_FORMAT": "json",
        **environment,
    }
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            # With us: a benchmark that is killed leaves no pipeline behind.
            [sys.executable, "-m", "newswire", "up", "--end-with", str(os.getpid())],
            env=os.environ | given,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    running = Up(process, log_file)
    try:
        until(lambda: set(running.parts()) >= set(PARTS) or None, "all parts run", seconds=120)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def processes(running: Up, broker: EmbeddedBroker) -> dict[str, psutil.Process]:
    """Return all that runs now by role: the parts, their `supervisor`, and the `broker`."""
    found = {**running.parts(), "supervisor": psutil.Process(running.process.pid)}
    status = broker.status()
    for node in () if status is None else status.nodes:
        process = node.java.process()
        if process is not None:
            found["broker"] = process
    return found


def capacity_of(log: KafkaLog, articles: Iterator[Captured], count: int) -> float:
    """Return how many articles a second go through all stages: of `count`, the first sixth is for warming up."""
    publish(log, list(islice(articles, count // 6)))
    settle(log)
    rest = list(islice(articles, count - count // 6))
    began = time.monotonic()
    publish(log, rest)
    settle(log)
    return len(rest) / (time.monotonic() - began)


def connected(to: Connection) -> KafkaLog:
    """Return the log with all topics made."""
    log = KafkaLog(to)
    log.create(specs())
    return log


def until(condition: Callable[[], T | None], what: str, *, seconds: float) -> T:
    """Wait until a condition returns something and return that. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)


def settle(log: KafkaLog, *, seconds: float = 300) -> None:
    """Wait until every stage has taken all of its input. Raises TimeoutError when nothing moves for `seconds`."""
    meter = LagMeter(log)
    last, moved_at = None, time.monotonic()
    while True:
        lag = lag_of(log, meter)
        if lag is not None and not any(lag.values()):
            return
        if lag is None or lag != last:
            last, moved_at = lag, time.monotonic()
        elif time.monotonic() - moved_at > seconds:
            raise TimeoutError(f"nothing moved for {seconds:.0f} s; waiting: {lag}")
        time.sleep(0.5)


def lag_of(log: KafkaLog, meter: LagMeter) -> dict[str, int] | None:
    """Return how far behind each stage is; None while the broker does not tell."""
    try:
        return {name: meter.lag(name) for name in STAGES}
    except (BrokerError, KafkaError):
        log.close()
        return None
