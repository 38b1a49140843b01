"""Publishes varied articles at a steady rate, as a source does, in a process of its own.

A process of its own because a transaction that hangs ends the process that has it, as it does in production; the benchmark starts another,
which goes on with what was not acknowledged.

    python -m benchmarks.publisher BOOTSTRAP NAMESPACE RATE START POPULATION

With POPULATION 0 all articles differ, otherwise they come round again and some are copies (see `benchmarks.varied.stream`). On standard
output, a line each: `+` for an article that is about to be published, and partition and offset of one that the broker has acknowledged.
"""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import structlog

from benchmarks import varied
from newswire.capture import Captured
from newswire.log.client import Connection
from newswire.log.contract import Writer
from newswire.log.kafka import KafkaLog
from newswire.source import Receipt, SourceLoop

_AGAIN_SECONDS = 0.5


class Publisher(threading.Thread):
    """Publishes articles from number `start` on until it is stopped; when its process ends, or the broker is away, it begins another.

    `acknowledged` has partition and offset of every raw record that the broker has acknowledged.
    """

    def __init__(self, to: Connection, *, rate: float, start: int = 0, population: int | None = None) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[tuple[int, int]] = []
        self.repeated = 0
        """Articles that were not acknowledged and were published again: they may stand in the log twice."""
        self.error: BaseException | None = None
        self._to = to
        self._rate = rate
        self._first = start
        self._population = population
        self._stopping = threading.Event()
        self._process: subprocess.Popen[str] | None = None

    @property
    def next(self) -> int:
        """The number of the first article that is not acknowledged."""
        return self._first + len(self.acknowledged)

    def stop(self) -> None:
        """Publish what is begun and end. Raises what ended the thread before its time."""
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()
        self.join(180)
        if self.error is not None:
            raise self.error

    def run(self) -> None:
        try:
            while self._publish() and not self._stopping.wait(_AGAIN_SECONDS):
                pass
        except BaseException as error:  # noqa: BLE001 - told to the thread that waits
            self.error = error

    def _publish(self) -> bool:
        """Run one process to its end; return whether another one has to go on."""
        given = acknowledged = 0
        numbers = (self._rate, self.next, self._population or 0)
        command = [
            sys.executable,
            "-m",
            "benchmarks.publisher",
            self._to.bootstrap_servers,
            self._to.namespace,
            *map(str, numbers),
        ]
        with subprocess.Popen(
            command, cwd=Path(__file__).resolve().parents[1], stdout=subprocess.PIPE, text=True
        ) as self._process:
            if self._stopping.is_set():
                self._process.terminate()
            assert self._process.stdout is not None
            for line in self._process.stdout:
                if line == "+\n":
                    given += 1
                elif line.endswith("\n"):
                    partition, _, offset = line.partition(" ")
                    self.acknowledged.append((int(partition), int(offset)))
                    acknowledged += 1
        self.repeated += given - acknowledged
        return self._process.returncode != 0


class _Given:
    """A source of captures that are given to it."""

    name = "files"
    rule_version = "benchmark"

    def __init__(self, captures: Iterable[Captured | None]) -> None:
        self._captures = captures

    def captures(self) -> Iterator[Captured | None]:
        yield from self._captures


def publish(log: KafkaLog, captures: list[Captured], writer_id: str = "newswire.produce.once") -> None:
    """Publish captures at once."""
    writer = log.writer(writer_id)
    SourceLoop(_Given(captures), log, writer).run()
    writer.close()


def _paced(captures: Iterator[Captured], rate: float, stop: threading.Event) -> Iterator[Captured | None]:
    began, given = time.monotonic(), 0
    while not stop.is_set():
        if given < (time.monotonic() - began) * rate:
            given += 1
            print("+", flush=True)
            yield next(captures)
        else:
            yield None
            stop.wait(0.02)


def main(bootstrap: str, namespace: str, rate: str, start: str, population: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log = KafkaLog(Connection(bootstrap, namespace=namespace))
    writer: Writer = log.writer("newswire.produce.benchmark")
    if int(population):
        captures = varied.stream(int(population), start=int(start))
    else:
        captures = (varied.article(number) for number in itertools.count(int(start)))

    def tell(receipt: Receipt) -> None:
        print(receipt.ref.partition, receipt.ref.offset, flush=True)

    SourceLoop(_Given(_paced(captures, float(rate), stop)), log, writer, on_receipt=tell).run()
    writer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
