"""The whole pipeline under fire: rounds of random faults; at the end every article once, and the ledger balances.

`make chaos` runs it; NEWSWIRE_CHAOS_ROUNDS sets the rounds (10), NEWSWIRE_CHAOS_SEED the dice. Faults: a stage is killed; a stage is
stopped for longer than its session and its transaction may last, and wakes up as a zombie; the broker is killed and started again.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from running import STAGES, distinct_articles, settled, stages, until
from wire import make_topics, payloads, publish

from newswire.broker import EmbeddedBroker
from newswire.log.client import SESSION_TIMEOUT_MS, Connection
from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(7200)]

ROUNDS = int(os.environ.get("NEWSWIRE_CHAOS_ROUNDS", "10"))
SEED = os.environ.get("NEWSWIRE_CHAOS_SEED", "1")
ARTICLES_A_ROUND = 200


def test_rounds_of_random_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dice = random.Random(SEED)
    with EmbeddedBroker(tmp_path / "broker") as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        make_topics(log, partitions=3)
        with stages(log, tmp_path) as supervisor:
            faults: list[Callable[[Supervisor], str]] = [
                lambda running: killed(running, dice.choice(STAGES)),
                lambda running: stopped_for_long(running, dice.choice(STAGES)),
                lambda running: broker_killed(running, broker),
            ]
            to_come: list[Callable[[Supervisor], str]] = []
            for number in range(ROUNDS):
                # Every kind once, in any order, before one comes again.
                to_come = to_come or dice.sample(faults, len(faults))
                publish(log, *distinct_articles(log, number * ARTICLES_A_ROUND, ARTICLES_A_ROUND))
                wait(supervisor, dice.uniform(0, 1.5))
                told = to_come.pop()(supervisor)
                with capsys.disabled():
                    print(f"\nround {number + 1} of {ROUNDS} (seed {SEED}): {told}", flush=True)
            book = settled(log, supervisor, seconds=600)
        articles = payloads(log, "article")
        log.close()
    expected = ARTICLES_A_ROUND * ROUNDS
    assert book.balanced
    assert (book.total.entered, book.total.published, book.total.rejected) == (expected, expected, 0)
    assert Counter(article["guid"] for article in articles) == {f"chaos-{n}": 1 for n in range(expected)}


def wait(supervisor: Supervisor, seconds: float) -> None:
    """Let time pass with the supervisor at work: the moment of a fault is what is random."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        supervisor.watch()
        time.sleep(0.01)


def killed(supervisor: Supervisor, name: str) -> str:
    os.kill(until(lambda: supervisor.pids().get(name), supervisor), signal.SIGKILL)
    return f"{name} killed"


def stopped_for_long(supervisor: Supervisor, name: str) -> str:
    pid = until(lambda: supervisor.pids().get(name), supervisor)
    os.kill(pid, signal.SIGSTOP)
    seconds = SESSION_TIMEOUT_MS / 1000 + 4
    wait(supervisor, seconds)
    os.kill(pid, signal.SIGCONT)
    return f"{name} stopped for {seconds:.0f} s, woke up as a zombie"


def broker_killed(supervisor: Supervisor, broker: EmbeddedBroker) -> str:
    broker.kill()
    broker.stop()
    wait(supervisor, 1.0)
    broker.start()
    return f"broker killed and started again; repaired {len(broker.checked.hanging) if broker.checked else 0} hanging transactions"
