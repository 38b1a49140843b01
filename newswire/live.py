"""The whole pipeline on this machine: a broker, its topics, every stage and the clock, each in a process of its own."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from newswire import topics, topology
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.locate import Located
from newswire.broker.storage import check_writable
from newswire.config import Settings
from newswire.errors import BrokerError, StageError
from newswire.lag import LagMeter
from newswire.log.client import KafkaError
from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor

CLOCK: Final = "clock"
PARTS: Final = (*(stage.name for stage in topology.STAGES), CLOCK)
"""What runs beside the broker, in order of the flow."""
Lag = Mapping[str, int]
"""Stage -> records of its input that it has not taken yet."""


class Pipeline:
    """Starts everything on entering, stops all that it started on leaving, the broker last.

    `locate` finds or starts the broker (`newswire.broker.locate`). `stderr` is the file descriptor for
    the stages' log lines; None is ours. `say` is told what happens, for people.
    """

    def __init__(
        self,
        locate: Callable[[], Located],
        settings: Settings,
        *,
        stderr: int | None = None,
        environment: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.settings = settings
        self.broker: Located
        self.log: KafkaLog
        self._meter: LagMeter
        self.supervisor = Supervisor(stderr=stderr)
        self._environment = dict(environment or {})
        self._locate = locate
        self._say = say
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._say("looking for a broker, starting one if there is none")
            self.broker = opened.enter_context(self._locate())
            self._say(f"broker at {self.broker.bootstrap} ({self.broker.source})")
            self.log = KafkaLog(self.settings.connection(self.broker.bootstrap))
            self._meter = LagMeter(self.log)
            opened.callback(self.log.close)
            made = self.log.create(topics.specs(self.settings.partitions, self.settings.retention_days))
            self._say(f"topics: {len(made)} made" if made else "topics: all there")
            opened.callback(self.supervisor.stop)
            self._start_parts()
            self._open = opened.pop_all()
        return self

    def _start_parts(self) -> None:
        self.supervisor.environment = {
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap,
            "NEWSWIRE_STATE_DIR": str(self.settings.state_dir),
            # One port cannot serve the metrics of several processes.
            "NEWSWIRE_METRICS_PORT": "0",
            **self._environment,
        }
        for part in PARTS:
            pid = self.supervisor.add(part, command_of(part))
            self._say(f"{part}: started, pid {pid}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def watch(self, stop: threading.Event, seconds: float) -> None:
        """Look after the stages for `seconds`, or until `stop`. Raises BrokerError when the broker started here has ended."""
        self.supervisor.watch()
        stop.wait(seconds)
        started = self.broker.started
        if started is not None and started.status() is None:
            raise BrokerError(
                f"the broker at {self.broker.bootstrap} has ended{_why(started.data_dir)}; its log is in {started.data_dir}. Start again: "
                "nothing that was acknowledged is lost, and what a crash left half done is checked first"
            )

    def states(self) -> dict[str, str]:
        """Return for each part `runs`, `starts again` or `given up`."""
        running, given_up = self.supervisor.pids(), self.supervisor.given_up()
        return {
            part: "runs" if part in running else "given up" if part in given_up else "starts again"
            for part in PARTS
        }

    def lag(self) -> Lag | None:
        """Return how far behind each stage is; None while the broker does not tell."""
        try:
            return {stage.name: self._meter.lag(stage.name) for stage in topology.STAGES}
        except (BrokerError, KafkaError):
            self.log.close()
            return None

    def settle(self, stop: threading.Event, *, seconds: float = 60.0) -> None:
        """Wait until every stage has taken all of its input, or until `stop` is set.

        Raises StageError when nothing moves for `seconds`, or when a stage has stopped on purpose: what it has not taken stays where it is.
        """
        last: Lag | None = None
        stands_at = time.monotonic() + seconds
        while not stop.is_set():
            self.watch(stop, 0.2)
            lag = self.lag()
            if lag is not None and not any(lag.values()):
                return
            if lag != last:
                last, stands_at = lag, time.monotonic() + seconds
                self._say(_still(lag))
            given_up = self.supervisor.given_up()
            if given_up or time.monotonic() > stands_at:
                why = (
                    f"{', '.join(given_up)} stopped on purpose"
                    if given_up
                    else f"nothing moved for {seconds:.0f} s"
                )
                raise StageError(f"the pipeline did not take all of its input: {why}; {_still(lag)}")


def _why(folder: Path) -> str:
    """Return what is wrong with a broker's data folder, if that can be seen: a broker that cannot write ends at once."""
    try:
        check_writable(folder)
    except EmbeddedBrokerError as error:
        return f": {error.what} ({error.where}): {error.todo}"
    return ""


def _still(lag: Lag | None) -> str:
    if lag is None:
        return "the broker does not tell how far the stages are"
    return "waiting: " + ", ".join(f"{count:,} for {stage}" for stage, count in lag.items() if count)


def command_of(part: str) -> Sequence[str]:
    """Return the command that runs a stage, or the clock, as a child of this process."""
    return [sys.executable, "-m", "newswire", "run", part, "--end-with", str(os.getpid())]
