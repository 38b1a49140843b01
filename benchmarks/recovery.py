"""How long the pipeline stands still when something dies: a stage, a slot's machine, one of three brokers. Beside bare clients.

    python benchmarks/recovery.py [restart] [takeover] [brokers] [--times 10]

restart: a stage is killed (SIGKILL) in the middle of its work under `newswire up`, and is started again in the same slot. From the kill to
the first commit of the new process. Beside it: a bare transactional copy that is killed and started again at once.
takeover: of two slots of a stage one is killed and stays away. From the kill until the other has committed on every partition. Beside it:
two bare transactional copies.
brokers: one of three brokers is killed. From the kill until the first articles that were acknowledged after it, on all raw partitions, have
come out as stories. Beside it: a bare producer (acks=all, no transactions), until it has a record acknowledged on every partition.

Articles are published at a steady rate all the while. Printed: median, least and most in seconds, and the load of the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import bare
from benchmarks.pipeline import STAGES, connected, until, up
from benchmarks.publisher import Publisher
from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.envelope import raw_ref
from newswire.log.client import SESSION_TIMEOUT_MS, Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog

RATE = 10.0
_PATIENCE = 300.0
_CURRENT_SECONDS = 3.0
_SOME = 3
_DICE = random.Random(1)


@contextmanager
def load(to: Connection, rate: float = RATE) -> Iterator[Publisher]:
    """Publish articles while the block runs."""
    publisher = Publisher(to, rate=rate)
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.stop()


class Commits:
    """Watches what a group commits."""

    def __init__(self, log: KafkaLog, group: str, topic: str) -> None:
        self._log, self._group, self._topic = log, group, topic

    def offsets(self) -> dict[int, int]:
        return self._log.group_offsets(self._group, self._topic)

    def advance(self, since: dict[int, int], *, everywhere: bool) -> bool:
        """Return whether the group has committed more than `since`: anywhere, or on every partition of it."""
        now = self.offsets()
        moved = [now.get(partition, 0) > offset for partition, offset in since.items()]
        return all(moved) if everywhere else any(moved)

    def flowing(self, *, everywhere: bool = False) -> None:
        """Wait until commits come one after the other: what was before is over."""
        until(lambda: self.offsets() or None, f"{self._group} commits for the first time", seconds=_PATIENCE)
        for _ in range(3):
            since = self.offsets()
            until(
                lambda since=since: self.advance(since, everywhere=everywhere) or None,
                f"{self._group} commits",
                seconds=_PATIENCE,
            )

    def first_after(self, kill: Callable[[], None], *, everywhere: bool) -> float:
        """Kill, and return the seconds until the next commit."""
        time.sleep(_DICE.uniform(0, 0.5))  # at any moment of a window
        kill()
        killed_at = time.monotonic()
        # What was on its way when the process died may still arrive in these milliseconds: it is no commit of its successor.
        time.sleep(0.1)
        since = self.offsets()
        until(
            lambda: self.advance(since, everywhere=everywhere) or None, "the first commit", seconds=_PATIENCE
        )
        return time.monotonic() - killed_at


class Stories(threading.Thread):
    """Reads the stories as they come, and which raw records they come from."""

    def __init__(self, to: Connection) -> None:
        super().__init__(daemon=True)
        self._log = KafkaLog(to)
        topic = topology.topic("story").name
        self._subscription = self._log.subscribe(topic, start=self._log.end_offsets(topic))
        self._stopping = threading.Event()
        self._seen: set[tuple[int, int]] = set()
        self._current_at = 0.0
        self.start()

    def run(self) -> None:
        while not self._stopping.is_set():
            for record in self._subscription.poll(0.1):
                ref = raw_ref(dict(record.headers))
                if ref is not None:
                    self._seen.add(ref[1:])
                if time.time() - record.timestamp_ms / 1000 < _CURRENT_SECONDS:
                    self._current_at = time.monotonic()

    def current(self) -> bool:
        """Return whether a fresh article has come through just now."""
        return time.monotonic() - self._current_at < 1.0

    def everywhere(self, acknowledged: list[tuple[int, int]]) -> bool:
        """Return whether of these raw records some have come through on every partition."""
        through = [partition for partition, offset in acknowledged if (partition, offset) in self._seen]
        return all(through.count(partition) >= _SOME for partition in range(topology.PARTITIONS))

    def stop(self) -> None:
        self._stopping.set()
        self.join(30)
        self._subscription.close()
        self._log.close()


@contextmanager
def one_broker() -> Iterator[tuple[Path, str]]:
    with tempfile.TemporaryDirectory() as temporary, EmbeddedBroker(Path(temporary) / "broker") as broker:
        yield Path(temporary), broker.bootstrap


def restart(times: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"restart of a stage": [], "restart of a bare copy": []}
    with one_broker() as (folder, bootstrap):
        to = Connection(bootstrap, namespace="whole.")
        log = connected(to)
        with up(bootstrap, folder / "up", NEWSWIRE_NAMESPACE=to.namespace) as running, load(to):
            for number in range(times):
                stage = STAGES[number % len(STAGES)]
                commits = Commits(
                    log, topology.group(stage), topology.topic(topology.stage(stage).reads).name
                )
                commits.flowing()
                process = running.part(stage)
                found["restart of a stage"].append(commits.first_after(process.kill, everywhere=False))
        log.close()
        to = Connection(bootstrap, namespace="bare.")
        log = connected(to)
        log.create([TopicSpec("copy", topology.PARTITIONS)])
        commits = Commits(log, "copy", "news.raw.v1")
        arguments = (bootstrap, "bare.news.raw.v1", "bare.copy", "bare.copy")
        copy = bare.start(*arguments)
        try:
            with load(to):
                for _ in range(times):
                    commits.flowing()

                    def kill_and_start() -> None:
                        nonlocal copy
                        copy.kill()
                        copy.wait()
                        copy = bare.start(*arguments)

                    found["restart of a bare copy"].append(
                        commits.first_after(kill_and_start, everywhere=False)
                    )
        finally:
            bare.end([copy])
        log.close()
    return found


def takeover(times: int) -> dict[str, list[float]]:
    name = f"takeover (session timeout {SESSION_TIMEOUT_MS / 1000:.0f} s)"
    found: dict[str, list[float]] = {name: [], "takeover between bare copies": []}
    with one_broker() as (folder, bootstrap):
        to = Connection(bootstrap, namespace="whole.")
        log = connected(to)
        environment = os.environ | {
            "NEWSWIRE_NAMESPACE": to.namespace,
            "NEWSWIRE_STATE_DIR": str(folder / "state"),
            "NEWSWIRE_LOG_LEVEL": "error",
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        }

        def start(slot: int) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "newswire", "run", "normalize", "--slot", str(slot)]
            return subprocess.Popen(command, env=environment)

        with load(to):
            commits = Commits(log, topology.group("normalize"), "news.raw.v1")
            found[name] = killed_one_of_two(start, commits, times)
        log.close()
        to = Connection(bootstrap, namespace="bare.")
        log = connected(to)
        log.create([TopicSpec("copy", topology.PARTITIONS)])

        def start_bare(slot: int) -> subprocess.Popen[bytes]:
            return bare.start(bootstrap, "bare.news.raw.v1", "bare.copy", f"bare.copy.{slot}", "bare.copy")

        with load(to):
            commits = Commits(log, "copy", "news.raw.v1")
            found["takeover between bare copies"] = killed_one_of_two(start_bare, commits, times)
        log.close()
    return found


def killed_one_of_two(
    start: Callable[[int], subprocess.Popen[bytes]], commits: Commits, times: int
) -> list[float]:
    found = []
    slots = [start(0), start(1)]
    try:
        for number in range(times):
            time.sleep(3.0)
            commits.flowing(everywhere=True)
            gone = number % 2
            found.append(commits.first_after(slots[gone].kill, everywhere=True))
            slots[gone].wait()
            slots[gone] = start(gone)
    finally:
        bare.end(slots)
    return found


def brokers(times: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"one of three brokers killed": [], "the same for a bare producer": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with EmbeddedBroker(folder / "broker", brokers=3) as broker:
            to = Connection(broker.bootstrap)
            log = connected(to)
            log.create([TopicSpec("bare", topology.PARTITIONS)])
            with up(broker.bootstrap, folder / "up"), load(to) as publisher:
                stories = Stories(to)
                for number in range(times):
                    until(
                        lambda: stories.current() or None, "stories come as articles go in", seconds=_PATIENCE
                    )
                    time.sleep(_DICE.uniform(0, 1))
                    producer = bare.AcknowledgedEverywhere(to.bootstrap_servers, "bare")
                    acknowledged = len(publisher.acknowledged)
                    broker.kill(number % 3)
                    killed_at = time.monotonic()
                    producer.start()
                    until(
                        lambda done=acknowledged: stories.everywhere(publisher.acknowledged[done:]) or None,
                        "stories",
                        seconds=_PATIENCE,
                    )
                    found["one of three brokers killed"].append(time.monotonic() - killed_at)
                    producer.join(60)
                    found["the same for a bare producer"].append(producer.done_at - killed_at)
                    broker.revive(number % 3)
                stories.stop()
            log.close()
    return found


MEASURES: dict[str, tuple[Callable[[int], dict[str, list[float]]], int]] = {
    "restart": (restart, 12),
    "takeover": (takeover, 6),
    "brokers": (brokers, 6),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", metavar="WHAT", help=f"{', '.join(MEASURES)}; default: all")
    parser.add_argument("--times", type=int, help="how often each is done (12, 6 and 6)")
    arguments = parser.parse_args()
    unknown = set(arguments.what) - MEASURES.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are: {', '.join(MEASURES)}")
    print(f"{'seconds':44}{'times':>6}{'median':>8}{'least':>8}{'most':>8}{'load':>7}")
    for what in arguments.what or MEASURES:
        measure, times = MEASURES[what]
        for name, seconds in measure(arguments.times or times).items():
            figures = (statistics.median(seconds), min(seconds), max(seconds))
            told = "".join(f"{value:>8.2f}" for value in figures)
            print(f"{name:44}{len(seconds):>6}{told}{os.getloadavg()[0]:>7.1f}", flush=True)


if __name__ == "__main__":
    main()
