"""How fast a stage gets its state back, how large that is, and how long a takeover lasts with and without a standby, in one run.

    python benchmarks/state.py [--articles 4000] [--rounds 3] [--takeovers 2]

Runs a broker, and `normalize` and `deduplicate` as processes over articles that all differ. Then, in rounds that alternate:

* Restore: a changelog of `--pairs` records, of the same sizes as the real ones, is read into a new state file as a stage without any does
  it; beside it a bare kafka-python consumer with the same settings reads the same records and throws them away.
* Opening: the file that came of it is opened, which checks every pair.
* Takeover: of two slots one is asked to end; from then it is counted until the other has the state of all partitions. Cold: its folder was
  empty, and it has only what it held itself. Warm: the same with `--standby`.

Sizes are those of the state files and of the changelog on the broker's disk before compaction, by article.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from benchmarks import varied
from benchmarks.pipeline import connected, until
from benchmarks.publisher import publish
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.lag import LagMeter
from newswire.log.client import Connection, TopicPartition, consumer
from newswire.log.contract import Outgoing
from newswire.log.kafka import KafkaLog
from newswire.stage.replay import catch_up
from newswire.state.store import Store
from newswire.topics import specs

STAGE: Final = "deduplicate"
CHANGELOG: Final = topology.changelog(STAGE)
_TRANSACTION: Final = 5_000


@dataclass(frozen=True, slots=True)
class Read:
    """A changelog that was read from its beginning to its end."""

    records: int
    size: int
    """Bytes of keys and values."""
    seconds: float
    processor: float
    """Seconds of processor time: what does not depend on who else is at work."""


class Slot:
    """One slot of a stage as a process. What it says are lines of JSON in a file."""

    def __init__(self, bootstrap: str, folder: Path, stage: str, number: int, *arguments: str) -> None:
        self._asked = False
        self._said = folder / f"{stage}-{number}.log"
        self._said.unlink(missing_ok=True)
        given = {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "NEWSWIRE_STATE_DIR": str(folder / "state"),
            "NEWSWIRE_LOG_FORMAT": "json",
        }
        with self._said.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "newswire", "run", stage, "--slot", str(number), *arguments],
                env=os.environ | given,
                stdin=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def said(self, event: str) -> list[dict[str, object]]:
        """Return its log lines of an event. Raises RuntimeError when it has ended with an error."""
        if self._process.poll() not in (None, 0):
            raise RuntimeError(f"a stage ended with {self._process.returncode}; see {self._said}")
        lines = self._said.read_bytes().rpartition(b"\n")[0].splitlines()
        return [line for line in map(orjson.loads, lines) if line["event"] == event]

    def stop(self) -> None:
        """Ask it to end, and wait for that."""
        self.ask()
        if self._process.wait(60) != 0:
            raise RuntimeError(f"a stage ended with {self._process.returncode}; see {self._said}")

    def ask(self) -> None:
        """Ask it to end. Only once: a second signal would end it in the middle of that."""
        if not self._asked:
            self._asked = True
            self._process.terminate()

    def kill(self) -> None:
        """End it in any case."""
        self._process.kill()
        self._process.wait()


@contextmanager
def slots(*running: Slot) -> Iterator[tuple[Slot, ...]]:
    """End what runs, whatever happens."""
    try:
        yield running
    finally:
        for slot in running:
            slot.kill()


def restore(log: KafkaLog, folder: Path) -> Read:
    """Read the whole changelog into new state files."""
    shutil.rmtree(folder, ignore_errors=True)
    identity = log.identity(CHANGELOG)
    records, began, busy = 0, time.monotonic(), time.process_time()
    for partition, end in log.end_offsets(CHANGELOG, committed=False).items():
        store = Store(folder / f"{partition}.sqlite", identity)
        records += catch_up(log, CHANGELOG, store, partition, end=end, alive=lambda: None)
        store.close()
    return Read(records, 0, time.monotonic() - began, time.process_time() - busy)


def bare(log: KafkaLog) -> Read:
    """Read the same with a consumer alone."""
    ends = log.end_offsets(CHANGELOG, committed=False)
    reader = consumer(log.connection)
    records = size = 0
    began, busy = time.monotonic(), time.process_time()
    for partition, end in ends.items():
        place = TopicPartition(log.connection.namespace + CHANGELOG, partition)
        reader.assign([place])
        reader.seek(place, 0)
        while reader.position(place) < end:
            for record in reader.poll(timeout_ms=20).get(place, ()):
                records += 1
                size += len(record.key or b"") + len(record.value or b"")
    found = Read(records, size, time.monotonic() - began, time.process_time() - busy)
    reader.close()
    return found


def opened(log: KafkaLog, folder: Path) -> Read:
    """Open what was restored."""
    identity = log.identity(CHANGELOG)
    began, busy = time.monotonic(), time.process_time()
    store = Store(folder / "0.sqlite", identity)
    found = Read(0, 0, time.monotonic() - began, time.process_time() - busy)
    store.close()
    return found


def enlarged(bootstrap: str, values: list[tuple[str, bytes]], pairs: int) -> KafkaLog:
    """Return a log with a changelog of one partition and so many records: the given ones over and over, under keys of their own."""
    log = KafkaLog(Connection(bootstrap, namespace="many."))
    log.create(specs(1))
    writer = log.writer("many")
    for first in range(0, pairs, _TRANSACTION):
        made = []
        for number in range(first, min(first + _TRANSACTION, pairs)):
            key, value = values[number % len(values)]
            made.append(Outgoing(CHANGELOG, 0, f"{key}/{number}".encode(), value, int(time.time() * 1000)))
        writer.write(made)
    writer.close()
    return log


def takeover(bootstrap: str, log: KafkaLog, folder: Path, *, standby: bool) -> tuple[float, int, float]:
    """Return the seconds until a slot has all partitions after the other one was asked to end, and how much it read for that, how long."""
    shutil.rmtree(folder / "state" / STAGE / "1", ignore_errors=True)
    ends = log.end_offsets(CHANGELOG, committed=False)
    with slots(Slot(bootstrap, folder, STAGE, 0)) as (first,):
        until(lambda: len(first.said("state caught up")) >= len(ends) or None, "slot 0 runs", seconds=120)
        with slots(Slot(bootstrap, folder, STAGE, 1, *(["--standby"] if standby else []))) as (second,):
            until(lambda: second.said("state caught up") or None, "slot 1 has its part", seconds=120)
            held = {line["partition"] for line in second.said("state caught up")}

            def warm() -> bool | None:
                reached = {
                    line["partition"]: line["next_offset"] for line in second.said("standby caught up")
                }
                return {p: reached.get(p) for p in ends.keys() - held} == {
                    p: ends[p] for p in ends.keys() - held
                } or None

            if standby:
                until(warm, "the standby is warm", seconds=120)
            known = len(second.said("state caught up"))
            began = time.monotonic()
            first.ask()

            def taken() -> list[dict[str, object]] | None:
                lines = second.said("state caught up")[known:]
                return lines if {line["partition"] for line in lines} == ends.keys() else None

            lines = until(taken, "slot 1 has everything", seconds=120)
            seconds = time.monotonic() - began
            moved = [line for line in lines if line["partition"] not in held]
            first.stop()
            second.stop()
    return (
        seconds,
        sum(int(str(line["records"])) for line in moved),
        sum(float(str(line["seconds"])) for line in moved),
    )


def prepared(bootstrap: str, log: KafkaLog, folder: Path, articles: int) -> None:
    """Have all articles decided on."""
    meter = LagMeter(log)
    with slots(*(Slot(bootstrap, folder, stage, 0) for stage in ("normalize", STAGE))) as running:
        publish(log, [varied.article(number) for number in range(articles)])
        until(
            lambda: not any(meter.lag(stage) for stage in ("normalize", STAGE)) or None,
            "all is decided",
            seconds=3600,
        )
        for slot in running:
            slot.stop()


def size_of(folder: Path, pattern: str) -> int:
    """Return the bytes of files."""
    return sum(path.stat().st_size for path in folder.glob(pattern))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=4_000, help="how many articles the state is of (4000)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="restores of each kind (3)")
    parser.add_argument("--takeovers", type=int, default=2, help="takeovers of each kind (2)")
    parser.add_argument(
        "--pairs", type=int, default=200_000, help="records of the changelog that is restored (200000)"
    )
    arguments = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary, EmbeddedBroker(Path(temporary) / "broker") as broker:
        folder = Path(temporary) / "stages"
        folder.mkdir()
        log = connected(Connection(broker.bootstrap))
        prepared(broker.bootstrap, log, folder, arguments.articles)
        real = bare(log)
        restore(log, folder / "kept")
        store = Store(folder / "kept" / "0.sqlite", log.identity(CHANGELOG))
        many = enlarged(broker.bootstrap, list(store.scan("")), arguments.pairs)
        store.close()
        restores, bares, opens = [], [], []
        for _ in range(arguments.rounds):
            bares.append(bare(many))
            restores.append(restore(many, folder / "restored"))
            opens.append(opened(many, folder / "restored"))
        many.close()
        cold, warm = [], []
        for _ in range(arguments.takeovers):
            cold.append(takeover(broker.bootstrap, log, folder, standby=False))
            warm.append(takeover(broker.bootstrap, log, folder, standby=True))
        kept = size_of(folder / "kept", "*.sqlite")
        written = size_of(broker.data_dir, f"node-1/data/{CHANGELOG}-*/*.log")
        log.close()
    megabytes = bares[0].size / 1e6
    print(
        f"state of {arguments.articles:,} articles; a changelog of {bares[0].records:,} records, {megabytes:.1f} MB; {os.cpu_count()} "
        f"cores, load before {before:.1f}, after {os.getloadavg()[0]:.1f}; medians of {arguments.rounds} rounds, {arguments.takeovers} "
        "takeovers each"
    )
    for name, reads in (("bare consumer", bares), ("restore", restores), ("opening the file", opens)):
        seconds, busy = (
            statistics.median(part) for part in zip(*((r.seconds, r.processor) for r in reads), strict=True)
        )
        print(
            f"{name:18}{arguments.pairs / seconds:>10,.0f} records/s{megabytes / seconds:>8.1f} MB/s{seconds:>8.2f} s; by processor time "
            f"{arguments.pairs / busy:>10,.0f} records/s{busy:>8.2f} s, {busy / arguments.pairs * 1e6:.1f} s per million"
        )
    times = [(r.seconds / b.seconds, r.processor / b.processor) for r, b in zip(restores, bares, strict=True)]
    clock, processor = (statistics.median(part) for part in zip(*times, strict=True))
    print(
        f"restore beside the bare consumer: {clock:.2f} times as long, {processor:.2f} times the processor time"
    )
    print(
        f"by article: state files {kept / arguments.articles:,.0f} bytes, changelog on disk {written / arguments.articles:,.0f} bytes, "
        f"{real.records / arguments.articles:.1f} records"
    )
    for name, found in (("cold", cold), ("with a standby", warm)):
        seconds, records, reading = (statistics.median(part) for part in zip(*found, strict=True))
        print(
            f"takeover {name:16}{seconds:>8.2f} s from the request to end; of it {reading:.2f} s for {records:,.0f} changelog records"
        )


if __name__ == "__main__":
    main()
