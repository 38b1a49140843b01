"""The real pipeline for tests: stage processes, forked, on the session's broker, in the test's own namespace."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import waiting
from forked import PYTHON, ForkingSupervisor
from wire import CAPTURED

from newswire import topology
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.lag import LagMeter
from newswire.ledger import Ledger, ledger
from newswire.log.contract import Log, Outgoing
from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor
from schemas.raw.model import Raw

T = TypeVar("T")
STAGES = [stage.name for stage in topology.STAGES]


def environment(log: KafkaLog, folder: Path) -> dict[str, str]:
    """Return the environment of a command that works on the test's own topics."""
    return {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": log.connection.bootstrap_servers,
        "NEWSWIRE_NAMESPACE": log.connection.namespace,
        "NEWSWIRE_STATE_DIR": str(folder),
    }


@contextmanager
def stages(log: KafkaLog, folder: Path, names: list[str] = STAGES, **more: str) -> Iterator[Supervisor]:
    """Run stages as supervised processes; all have ended when the block is left."""
    supervisor = ForkingSupervisor(
        environment={**environment(log, folder), "NEWSWIRE_LOG_LEVEL": "warning", **more}
    )
    try:
        for name in names:
            supervisor.add(name, [*PYTHON, "run", name])
        yield supervisor
    finally:
        supervisor.stop()


def settled(log: Log, supervisor: Supervisor, *, seconds: float = waiting.PATIENCE) -> Ledger:
    """Wait until nothing is in flight and the stages behind the articles have taken theirs; return the ledger."""
    meter = LagMeter(log)
    return until(lambda: _nothing_in_flight(log, meter, supervisor), supervisor, seconds=seconds)


def _nothing_in_flight(log: Log, meter: LagMeter, supervisor: Supervisor) -> Ledger | None:
    found = ledger(log)
    if found.total.in_flight:
        return None
    # The ledger ends at the articles: a stage behind them, killed and started again, may still have all of them before it.
    behind = [
        stage.name for stage in topology.STAGES if not stage.decides_fate and stage.name in supervisor.pids()
    ]
    return None if any(meter.lag(name) for name in behind) else found


def until(
    condition: Callable[[], T | None], supervisor: Supervisor, *, seconds: float = waiting.PATIENCE
) -> T:
    """Return what a condition gives, as soon as that is true, with the supervisor at work (`waiting.until`)."""

    def watch() -> None:
        supervisor.watch()
        assert not supervisor.given_up(), f"gave up on {supervisor.given_up()}"

    return waiting.until(condition, seconds=seconds, meanwhile=watch)


def distinct_articles(log: Log, start: int, count: int, seed: int = 7) -> list[Outgoing]:
    """Return raw records of articles that have nothing in common but their form."""
    encoder = Encoder("files", log.topics())
    return [distinct_article(encoder, number, seed=seed) for number in range(start, start + count)]


def distinct_article(
    encoder: Encoder, number: int, *, seed: int = 7, kind: str = "chaos", language: str = "en"
) -> Outgoing:
    """Return the raw record of one such article; its guid is `<kind>-<number>`."""
    raw = Raw.from_data(distinct_capture(number, seed=seed, kind=kind, language=language))
    return encoder.record(
        Emit("raw", f"{kind}:{number}", raw),
        raw.to_data(),
        event_id=f"{kind}-{number}",
        timestamp_ms=int(CAPTURED.timestamp() * 1000),
        now=CAPTURED,
    )


def distinct_capture(
    number: int, *, seed: int = 7, kind: str = "chaos", language: str = "en"
) -> dict[str, Any]:
    """Return the data of a raw event, of which no two have words in common."""
    words = random.Random(f"{seed}/{kind}/{number}")
    text = " ".join("".join(words.choices("abcdefghiklmnoprstuvw", k=words.randint(3, 9))) for _ in range(60))
    return {
        "source": {"name": "chaos", "kind": "files"},
        "captured_at": CAPTURED,
        "media_type": "text/plain",
        "body": text.capitalize() + ".",
        "guid": f"{kind}-{number}",
        "item": {"headline": f"Report number {number} on {text[:20]}", "language": language},
    }
