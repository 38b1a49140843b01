"""A long run at half of the capacity with random faults: is memory flat, are open files flat, is everything there once?

    python benchmarks/soak.py [--minutes 60] [--seed 1] [--report soak.md] [--samples soak.csv]

Runs a broker and `newswire up`, with every stage and the clock in processes of its own, measures for a moment how many articles a second go
through all four stages, and then publishes half of that. Time goes in blocks: first a storm of random faults (a stage is killed; a stage is
stopped for longer than its session and wakes up as a zombie; the clock or a stage is asked to end; the broker is killed, or stopped, and
started again), then quiet, so that the processes live long enough for a leak to show. Memory and open files of every process are sampled
every few seconds.

The articles are a bounded population that comes round again and again in new versions: what the stages have to remember stays the same (the
report shows the number of keys), so that memory that grows is a leak. A slope is fitted by least squares over all lives of a role, each
with its own level and without its warm-up. Exit status 0: nothing lost, nothing twice, the ledger balances, memory and files are flat; 1
otherwise. Needs about 20 KB of disk for each article published.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks import varied
from benchmarks.pipeline import STAGES, Up, capacity_of, connected, lag_of, processes, settle, until, up
from benchmarks.publisher import Publisher
from benchmarks.sampling import Sampler
from benchmarks.soak_report import Findings, judge, markdown
from benchmarks.verdict import count
from newswire.broker import EmbeddedBroker
from newswire.lag import LagMeter
from newswire.live import CLOCK
from newswire.log.client import SESSION_TIMEOUT_MS, Connection
from newswire.log.kafka import KafkaLog

POPULATION: Final = 600
BLOCK_MINUTES: Final = 30.0
STORM_SHARE: Final = 0.3
CAPACITY_ARTICLES: Final = 600
_ZOMBIE_SECONDS: Final = SESSION_TIMEOUT_MS / 1000 + 4


@dataclass
class Soak:
    """One run."""

    broker: EmbeddedBroker
    folder: Path
    dice: random.Random
    minutes: float
    found: Findings
    sampler: Sampler = field(init=False)
    log: KafkaLog = field(init=False)
    running: Up = field(init=False)

    def __post_init__(self) -> None:
        self.sampler = Sampler(lambda: processes(self.running, self.broker))

    def run(self, warm_up: float) -> Findings:
        """Run everything and return what was found."""
        bootstrap = self.broker.bootstrap
        self.log = connected(Connection(bootstrap))
        with up(bootstrap, self.folder) as self.running:
            self.found.capacity = capacity_of(self.log, varied.stream(POPULATION), CAPACITY_ARTICLES)
            print(f"capacity {self.found.capacity:.1f} articles/s", file=sys.stderr, flush=True)
            publisher = Publisher(
                self.log.connection,
                rate=self.found.capacity / 2,
                start=CAPACITY_ARTICLES,
                population=POPULATION,
            )
            publisher.start()
            self._blocks(publisher)
            publisher.stop()
            settle(self.log)
            self.found.parts_at_end = sorted(self.running.parts())
        self.found.acknowledged = len(publisher.acknowledged) + CAPACITY_ARTICLES
        self.found.repeated = publisher.repeated
        self.found.samples = self.sampler.samples
        self.found.warm_up = warm_up
        self.found.outcomes = count(self.log, publisher.acknowledged)
        self.log.close()
        return self.found

    def _blocks(self, publisher: Publisher) -> None:
        began = time.monotonic()
        ends_at = began + self.minutes * 60
        block = min(BLOCK_MINUTES, self.minutes) * 60
        while time.monotonic() < ends_at:
            block_began = time.monotonic()
            block_ends = min(block_began + block, ends_at)
            while time.monotonic() < block_began + block * STORM_SHARE:
                self._wait(self.dice.uniform(10, 40) * min(1.0, block / (BLOCK_MINUTES * 60)), publisher)
                told = self.dice.choice(self._faults())()
                at = time.monotonic() - began
                self.found.faults.append((at, told))
                print(f"{at:7.0f} s: {told}", file=sys.stderr, flush=True)
            self._wait(block_ends - time.monotonic(), publisher)
            self._note_state(time.monotonic() - began, publisher)

    def _wait(self, seconds: float, publisher: Publisher) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.sampler.look_if_due()
            if publisher.error is not None:
                raise publisher.error
            if self.running.process.poll() is not None:
                raise RuntimeError(f"`newswire up` has ended: see {self.running.log_file}")
            time.sleep(min(0.5, max(0.0, deadline - time.monotonic())))

    def _note_state(self, at: float, publisher: Publisher) -> None:
        keys = {stage: _keys(self.folder / "state" / stage) for stage in STAGES}
        lag = until(lambda: lag_of(self.log, LagMeter(self.log)), "the broker tells the lag", seconds=60)
        self.found.states.append((at, len(publisher.acknowledged), keys, lag, os.getloadavg()[1]))
        print(f"{at:7.0f} s: keys {keys}, lag {lag}", file=sys.stderr, flush=True)

    def _faults(self) -> list[Callable[[], str]]:
        return [
            self._kill_stage,
            self._kill_stage,
            self._stop_stage,
            self._end_part,
            self._kill_broker,
            self._restart_broker,
        ]

    def _kill_stage(self) -> str:
        name = self.dice.choice(STAGES)
        self.running.part(name).kill()
        return f"{name} killed"

    def _stop_stage(self) -> str:
        name = self.dice.choice(STAGES)
        process = self.running.part(name)
        process.suspend()
        time.sleep(_ZOMBIE_SECONDS)
        process.resume()
        return f"{name} stopped for {_ZOMBIE_SECONDS:.0f} s, woke up as a zombie"

    def _end_part(self) -> str:
        name = self.dice.choice([*STAGES, CLOCK])
        self.running.part(name).send_signal(signal.SIGTERM)
        return f"{name} asked to end"

    def _kill_broker(self) -> str:
        self.broker.kill()
        self.broker.stop()
        self.broker.start()
        repaired = len(self.broker.checked.hanging) if self.broker.checked else 0
        return f"broker killed and started again; {repaired} hanging transactions repaired"

    def _restart_broker(self) -> str:
        self.broker.stop()
        self.broker.start()
        return "broker stopped and started again"


def _keys(folder: Path) -> int:
    """Return how many keys the local state of a stage holds."""
    keys = 0
    for path in folder.glob("*/*.sqlite"):
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        # A file that is being made anew at this moment has no table yet.
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'kv'").fetchone():
            keys += db.execute("SELECT count(*) FROM kv").fetchone()[0]
        db.close()
    return keys


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="how long it runs under load (60)")
    parser.add_argument("--seed", default="1", help="the dice of the faults (1)")
    parser.add_argument(
        "--warm-up", type=float, default=540.0, help="seconds of each process that do not count (540)"
    )
    parser.add_argument("--report", type=Path, help="write the report there, as Markdown, beside printing it")
    parser.add_argument("--samples", type=Path, help="write all samples there, as CSV")
    parser.add_argument(
        "--folder", type=Path, help="keep broker, state and log there (default: a temporary folder)"
    )
    arguments = parser.parse_args()
    command = f"python benchmarks/soak.py --minutes {arguments.minutes:g} --seed {arguments.seed}"
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        with EmbeddedBroker(folder / "broker") as broker:
            soak = Soak(
                broker,
                folder,
                random.Random(arguments.seed),
                arguments.minutes,
                Findings(command, POPULATION),
            )
            try:
                found = soak.run(arguments.warm_up)
            finally:
                if arguments.samples:
                    soak.sampler.save(arguments.samples)
    verdict = judge(found)
    report = markdown(found, verdict)
    print(report)
    if arguments.report:
        arguments.report.write_text(report, encoding="utf-8")
    return 0 if all(check.holds is not False for check in verdict) else 1


if __name__ == "__main__":
    sys.exit(main())
