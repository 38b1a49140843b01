"""The whole pipeline as real processes on a real broker, with traffic going in, for faults to be injected into.

with Pipeline(folder, brokers=3) as pipeline:
    fault = make("broker-killed")
    print(fault.inject(pipeline, random.Random(7)))
    pipeline.wait(fault.seconds)
    fault.heal()
    print(pipeline.recover())
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TypeVar

import psutil
from nursery import Nursery

from faults import child, traffic
from faults.cluster import ProxiedBroker
from faults.crew import Crew
from faults.nursery import PROGRAM
from faults.observer import Observer
from faults.volume import Volume
from newswire import topology
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.topics import specs

T = TypeVar("T")
STAGES = [stage.name for stage in topology.STAGES]
NAMESPACE = "chaos."
SUPPORT = Path(__file__).resolve().parents[1]
RECOVERY_SECONDS = 420.0
"""What a recovery may take at most before it counts as none; on a machine that is busy with other things."""


ARTICLE_BYTES = 320 * 1024
"""What the topic of articles takes here, instead of 18 MiB: to make outputs that are larger would take minutes. More than a producer's
batch, which is 256 KiB."""


class StuckError(Exception):
    """The pipeline did not recover."""


class Pipeline:
    """A broker (or three), topics with three partitions, every stage as a child, traffic at `rate` articles a second.

    Everything that it writes is under `folder`. Stages reach the brokers through `network`. With `fork`, stages are forked from a process
    that has everything loaded (see `faults.nursery`).
    """

    def __init__(self, folder: Path, *, brokers: int = 1, rate: float = 25.0, fork: bool = False) -> None:
        self.folder = folder
        self.brokers = brokers
        self.rate = rate
        self.broker = ProxiedBroker(folder / "broker", brokers=brokers)
        self.network = self.broker.network
        self.volume = Volume(folder / "state")
        self.crew = Crew()
        self._fork = fork
        self._nursery: Nursery | None = None
        self.log: KafkaLog
        self.observer: Observer
        self.extra: set[str] = set()
        """Guids of articles that faults have published beside the traffic: each must come out once."""
        self.refused: set[str] = set()
        """Guids of what faults have published that must end as a dead letter."""
        self._acknowledged = folder / "acknowledged"

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.volume.open()
        self._stderr = os.open(self.folder / "stages.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            if self._fork:
                self._nursery = Nursery(PROGRAM, self.environment, self._stderr)
            self.broker.start()
            self.log = KafkaLog(Connection(self.broker.bootstrap, namespace=NAMESPACE))
            self.log.create(_specs())
            self.observer = Observer(self.log.connection)
            self.observer.start()
            self.go_on()
            self.until(
                lambda: self.observer.published() >= 1, "no article came out", seconds=RECOVERY_SECONDS
            )
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End everything that was started, the last first; what fails to end does not keep the rest from it."""
        with ExitStack() as ends:
            ends.callback(os.close, self._stderr)
            ends.callback(self.volume.close)
            ends.callback(self.network.stop)
            ends.callback(self.broker.stop)
            if hasattr(self, "log"):
                ends.callback(self.log.close)
            if hasattr(self, "observer"):
                ends.callback(self.observer.stop)
            if self._nursery is not None:
                ends.callback(self._nursery.stop)
            ends.callback(self.crew.stop)
            ends.callback(self.network.restore)

    def run_slot(self, stage: str, slot: int) -> None:
        """Run one slot of a stage until `end_slot`."""
        name = _name(stage, slot)
        self.orders(stage, slot).mkdir(parents=True, exist_ok=True)
        self.crew.add(name, self.command(stage, slot), self.environment, self._stderr, self._nursery)

    def end_slot(self, stage: str, slot: int, *, kill: bool = False) -> None:
        """End a slot: when it has finished its window, or at once by SIGKILL."""
        pid = self.crew.pid(_name(stage, slot))
        if kill and pid is not None:
            os.kill(pid, signal.SIGKILL)
        self.crew.remove(_name(stage, slot))

    def rest(self) -> None:
        """End all stages in order: what they have done lies still."""
        for stage in reversed(STAGES):
            self.end_slot(stage, 0)

    def go_on(self) -> None:
        """Go on after a rest, with traffic."""
        for stage in STAGES:
            self.run_slot(stage, 0)
        self.resume_traffic()

    def command(self, stage: str, slot: int) -> list[str]:
        """Return the command of a slot's process."""
        return [
            sys.executable,
            "-m",
            "faults.child",
            str(self.orders(stage, slot)),
            "run",
            stage,
            "--slot",
            str(slot),
            "--end-with",
            str(self._nursery.pid if self._nursery else os.getpid()),
        ]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of stages and other commands."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.proxied,
            "NEWSWIRE_NAMESPACE": NAMESPACE,
            "NEWSWIRE_STATE_DIR": str(self.volume.path),
            "NEWSWIRE_LOG_LEVEL": "warning",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(SUPPORT), os.environ.get("PYTHONPATH")))),
            child.ARTICLE_BYTES: str(ARTICLE_BYTES),
            # Many Python processes on few cores: what they do not start is what others have.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }

    def popen(
        self, command: list[str], stdout: IO[bytes] | int = subprocess.DEVNULL, **more: str
    ) -> subprocess.Popen[bytes]:
        """Start a process beside the pipeline, which whoever starts it has to end."""
        return subprocess.Popen(
            command,
            env={**os.environ, **self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=self._stderr,
        )

    def orders(self, stage: str, slot: int = 0) -> Path:
        """Return the folder of what a slot's process is asked to do to itself (see `faults.child`)."""
        return self.folder / "orders" / _name(stage, slot)

    def order(self, stage: str, sign: str, step: str, when: str, passes: int = 0) -> int:
        """Ask a stage to signal itself at a step of a transaction; return the process id of the one that took the order, once it has."""
        path = self.orders(stage) / "order"
        taken = path.with_name("taken")
        taken.unlink(missing_ok=True)
        path.with_suffix(".new").write_text(f"{sign} {step} {when} {passes}")
        path.with_suffix(".new").rename(path)
        self.until(taken.exists, f"{stage} did not come to {when} {step}", seconds=RECOVERY_SECONDS)
        return int(taken.read_text())

    def pid(self, stage: str, slot: int = 0) -> int:
        """Return the process id of a slot, waiting while it is being started again."""
        return self.until(
            lambda: self.crew.pid(_name(stage, slot)), f"{stage} slot {slot} does not run", seconds=60
        )

    def gone(self, pid: int) -> None:
        """Wait until a process has ended."""
        self.until(lambda: not _runs(pid), f"process {pid} does not end")

    def resume_traffic(self) -> None:
        """Let articles come in, until `pause_traffic`. The traffic goes past the proxies: it is what the brokers take that counts."""
        self.crew.add(
            "traffic",
            [
                sys.executable,
                "-m",
                "faults.traffic",
                self.broker.bootstrap,
                NAMESPACE,
                str(self.rate),
                str(self._acknowledged),
            ],
            self.environment,
            self._stderr,
        )

    def pause_traffic(self) -> None:
        """Let no more articles come in; what was sent is acknowledged."""
        self.crew.remove("traffic")

    def acknowledged(self) -> int:
        """Return how many articles, by number from 0 on, brokers have acknowledged."""
        return traffic.acknowledged(self._acknowledged)

    def segments_of(self, topic: str, partition: int) -> Path:
        """Return the folder in which the first broker keeps a partition."""
        return self.broker.data_dir / "node-1" / "data" / f"{NAMESPACE}{topic}-{partition}"

    def wait(self, seconds: float) -> None:
        """Let time pass: the moment and the length of a fault are what is tested."""
        time.sleep(seconds)

    def until(
        self, condition: Callable[[], T | None], what: str, *, seconds: float = 60.0, poll: float = 0.05
    ) -> T:
        """Wait until a condition returns something true; StuckError says `what` when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if found:
                return found
            given_up = self.crew.given_up()
            if given_up:
                raise StuckError(f"{what}: {given_up} ended on purpose; see {self.folder / 'stages.log'}")
            time.sleep(poll)
        raise StuckError(f"{what}, not within {seconds:.0f} s; see {self.folder / 'stages.log'}")

    def recover(self, seconds: float = RECOVERY_SECONDS, *, flowing: bool = True) -> float:
        """Wait until all that is acknowledged by now has come out of the last stage; return the seconds it took.

        While articles are `flowing` in, the next one to be acknowledged has to come out as well: a pipeline into which nothing goes has
        not recovered.
        """
        began = time.monotonic()
        mark, extra = self.acknowledged() + flowing, frozenset(self.extra)

        def through() -> bool:
            return self.observer.through() >= mark and all(map(self.observer.has, extra))

        self.until(through, f"articles up to {mark} did not all come out", seconds=seconds)
        return time.monotonic() - began


def _specs() -> list[TopicSpec]:
    """The topics of the pipeline, with a limit for articles that one can reach."""
    articles = topology.topic("article").name
    limit = {"max.message.bytes": str(ARTICLE_BYTES)}
    return [
        replace(spec, configs={**spec.configs, **limit}) if spec.name == articles else spec
        for spec in specs(3)
    ]


def _name(stage: str, slot: int) -> str:
    return f"{stage}-{slot}"


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
