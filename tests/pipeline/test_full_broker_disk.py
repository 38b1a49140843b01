"""The broker's disk is full: nobody claims success, everybody says what to do, and with room again nothing is lost and nothing twice."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from faults import traffic
from faults.verdict import examine
from faults.volume import Volume
from waiting import PATIENCE, until

from newswire import topology
from newswire.broker import EmbeddedBroker, running
from newswire.lag import LagMeter
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(900)]
SUPPORT = Path(__file__).resolve().parents[1] / "support"
SMALLEST_FILE = 4096
"""Bytes: less than any file that the broker writes its records to."""


class Run:
    """`newswire up` with a broker of its own, and traffic, both as processes; what they say is in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.acknowledged = folder / "acknowledged"
        self.environment = {
            **os.environ,
            "NEWSWIRE_BROKER": "embedded",
            "NEWSWIRE_DATA_DIR": str(self.data),
            "NEWSWIRE_STATE_DIR": str(folder / "state"),
            "NEWSWIRE_LOG_LEVEL": "warning",
            "PYTHONPATH": os.pathsep.join((str(SUPPORT), str(SUPPORT.parents[1]))),
        }
        # A broker of the session is not the one meant here.
        self.environment.pop("KAFKA_BOOTSTRAP_SERVERS", None)

    def newswire(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end."""
        command = [sys.executable, "-m", "newswire", *arguments]
        return subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, timeout=240, check=False
        )

    @contextmanager
    def started(self, said: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a process until the block is left; what it says goes to the file `said`."""
        with (self.folder / said).open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stderr=stderr,
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()
                process.wait()

    @contextmanager
    def up(self, said: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run `newswire up`; it is up when the block begins."""
        with self.started(said, "newswire", "up") as process:
            until(lambda: "up; Ctrl-C" in self.said(said) or process.poll() is not None, "up is up", 180)
            assert process.poll() is None, self.said(said)
            yield process

    def traffic(self, said: str) -> object:
        """Publish articles until the block is left."""
        return self.started(said, "faults.traffic", self.bootstrap, "", "20", str(self.acknowledged))

    @property
    def bootstrap(self) -> str:
        found = running.status(self.data)
        assert found is not None
        return found.bootstrap

    def said(self, name: str) -> str:
        return (self.folder / name).read_text()


def test_a_full_disk_at_the_broker_holds_everything_up_and_costs_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path)
    disk = Volume(run.data)
    disk.open()
    try:
        with run.up("up-full") as up, run.traffic("traffic-full") as source:
            until(lambda: traffic.acknowledged(run.acknowledged) > 100, "articles go in", 240)
            children = psutil.Process(up.pid).children(recursive=True)
            java = running.status(run.data)
            assert java is not None
            fill(disk, java.pids[0])
            # Both end by themselves, the one that publishes and the whole that nothing can be published to.
            until(lambda: None not in (source.poll(), up.poll()), "they end")
            assert source.returncode != 0
            assert up.returncode == 4
        # By the error of the transaction, or by the watchdog, whichever comes first.
        assert "the broker at" in run.said("traffic-full")
        assert "`newswire doctor`" in run.said("traffic-full")
        assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []
        assert "has ended" in run.said("up-full")
        refused = run.newswire("produce", "files", "-", stdin=b"Headline\nA text of some words.\n")
        assert (refused.returncode, refused.stdout) == (4, b"")
        if disk.mounted:
            full = "the disk of the broker's data folder is full"
            for text in (run.said("up-full"), run.newswire("up").stderr.decode()):
                assert full in text
                assert str(run.data) in text
                assert "free some space" in text
            # The doctor says so as well, beside the broker that is away.
            assert full in run.newswire("doctor").stdout.decode()
        done = traffic.acknowledged(run.acknowledged)
        disk.free()
        with run.up("up-again") as up:
            with run.traffic("traffic-again"):
                until(lambda: traffic.acknowledged(run.acknowledged) > done + 50, "articles go in again")
            log = KafkaLog(Connection(run.bootstrap))
            meter = LagMeter(log)
            until(lambda: not any(meter.lag(stage.name) for stage in topology.STAGES), "all is taken", 300)
            until(lambda: log.below_end() == {}, "no transaction is open", 300)
            log.close()
        assert up.returncode == 0
        judge(run)
    finally:
        disk.close()


def fill(disk: Volume, java: int) -> None:
    """Leave the broker no room; where no disk could be mounted, let none of its files grow, which it is told as another error."""
    if disk.mounted:
        disk.fill()
    else:
        hard = resource.prlimit(java, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(java, resource.RLIMIT_FSIZE, (SMALLEST_FILE, hard))


def judge(run: Run) -> None:
    """Read everything back: lost, twice, read though aborted, state that is not its changelog."""
    with EmbeddedBroker(run.data) as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        verdict = examine(
            log,
            acknowledged=traffic.acknowledged(run.acknowledged),
            extra=set(),
            refused=set(),
            state=run.folder / "state",
            segments_of=lambda topic, partition: run.data / "node-1" / "data" / f"{topic}-{partition}",
        )
        log.close()
    assert verdict.good, verdict
