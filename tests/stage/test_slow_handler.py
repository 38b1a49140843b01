"""A handler that takes its time: its slot stays in the group, nothing is done twice, and it ends soon when it is asked to."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from running import environment
from wire import TinyNormalize, everything, make_topics, payloads, publish, raw_record

from newswire import topology
from newswire.event import Emit, Event
from newswire.log.client import Connection
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.stage.loop import StageLoop
from newswire.state.contract import State

pytestmark = [pytest.mark.broker, pytest.mark.timeout(600)]
POLL_INTERVAL = 6.0
RECORDS = 36


class SlowNormalize(TinyNormalize):
    """Takes `seconds` over each record; `began` counts the tries of each."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.began: Counter[tuple[int, int]] = Counter()

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        self.began[event.ref.partition, event.ref.offset] += 1
        time.sleep(self.seconds)
        yield from super().handle(event, state)


@pytest.fixture
def impatient_log(bootstrap_servers: str, namespace: str) -> Iterator[KafkaLog]:
    """A log whose groups expel a member that does not poll for six seconds."""
    limits = Limits(max_poll_interval_ms=int(1000 * POLL_INTERVAL))
    log = KafkaLog(Connection(bootstrap_servers, namespace=namespace, limits=limits))
    make_topics(log)
    yield log
    log.close()


def loop_on(log: KafkaLog, folder: Path, handler: TinyNormalize, limits: WindowLimits) -> StageLoop:
    slot = log.slot(
        topic="news.raw.v1", group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0)
    )
    return StageLoop(handler, log, slot, folder, limits=limits)


def test_d12_a_slow_stage_is_not_expelled(impatient_log: KafkaLog, state_dir: Path) -> None:
    """Its first window holds work for twice the time after which a member that does not poll is expelled."""
    publish(impatient_log, *(raw_record(impatient_log, f"g{n}", partition=n % 2) for n in range(RECORDS)))
    handler = SlowNormalize(2 * POLL_INTERVAL / RECORDS)
    loop = loop_on(impatient_log, state_dir, handler, WindowLimits(seconds=0.5, handling_seconds=1.0))
    generations, done, deadline = set(), 0, time.monotonic() + 120
    while done < RECORDS:
        assert time.monotonic() < deadline, f"only {done} of {RECORDS} came"
        handled = loop.step(0.5)
        done += handled
        if handled:
            generations.add(str(loop._slot.membership()))
    loop.close()
    assert len(generations) == 1
    assert set(handler.began.values()) == {1}
    assert Counter(data["guid"] for data in payloads(impatient_log, "normalized")) == {
        f"g{n}": 1 for n in range(RECORDS)
    }
    assert payloads(impatient_log, "rejected") == []


def test_a_slow_stage_ends_after_the_record_at_hand(kafka_log: KafkaLog, state_dir: Path) -> None:
    """What it has handled of its window is committed, the rest is left to its successor; in whole, everything once."""
    make_topics(kafka_log)
    publish(kafka_log, *(raw_record(kafka_log, f"g{n}", partition=n % 2) for n in range(40)))
    stop = threading.Event()
    handler = SlowNormalize(0.1)
    handle = handler.handle

    def stopping_at_the_third(event: Event, state: State) -> Iterable[Emit]:
        if len(handler.began) == 2:
            stop.set()
        return handle(event, state)

    handler.handle = stopping_at_the_third  # type: ignore[method-assign]
    loop_on(kafka_log, state_dir, handler, WindowLimits(handling_seconds=60.0)).run(stop)
    assert len(handler.began) == len(payloads(kafka_log, "normalized")) == 3
    rest = TinyNormalize()
    loop = loop_on(kafka_log, state_dir, rest, WindowLimits())
    done = 0
    deadline = time.monotonic() + 120
    while done < 37:
        assert time.monotonic() < deadline
        done += loop.step(0.5)
    loop.close()
    assert Counter(data["guid"] for data in payloads(kafka_log, "normalized")) == {
        f"g{n}": 1 for n in range(40)
    }


HANGING = """
import sys, threading
from pathlib import Path
sys.path[:0] = {paths!r}
from newswire import topology
from newswire.config import load
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.stage.loop import StageLoop
from wire import TinyNormalize

class Hanging(TinyNormalize):
    def handle(self, event, state):
        if event.data["guid"] == "hangs":
            threading.Event().wait()
        return super().handle(event, state)

log = KafkaLog(load().connection({servers!r}))
slot = log.slot(topic="news.raw.v1", group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0))
loop = StageLoop(Hanging(), log, slot, Path({folder!r}), limits=WindowLimits(hangs_after_seconds=3.0))
while log.group_offsets(topology.group("normalize"), "news.raw.v1").get(0, 0) < 3:
    loop.step(0.5)
loop.close()
"""


@pytest.mark.chaos
@pytest.mark.timeout(1800)
def test_a_record_over_which_the_handler_hangs_becomes_a_dead_letter(
    kafka_log: KafkaLog, tmp_path: Path
) -> None:
    """Every try ends the process; the journal counts them, and what is around the record goes through."""
    make_topics(kafka_log)
    publish(kafka_log, *(raw_record(kafka_log, name, partition=0) for name in ("before", "hangs", "after")))
    root = Path(__file__).resolve().parents[2]
    script = HANGING.format(
        paths=[str(root), str(root / "tests" / "support")],
        servers=kafka_log.connection.bootstrap_servers,
        folder=str(tmp_path / "state"),
    )
    ends = []
    for _ in range(8):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment(kafka_log, tmp_path),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        ends.append(done.returncode)
        if done.returncode != 6:
            break
        assert "a window of normalize" in done.stdout + done.stderr
    # Three ends over the same window, three over the record alone; fewer where it was alone in its window from the beginning.
    assert ends in ([6] * 6 + [0], [6] * 5 + [0], [6] * 4 + [0], [6] * 3 + [0])
    assert [data["guid"] for data in payloads(kafka_log, "normalized")] == ["before", "after"]
    [letter] = payloads(kafka_log, "rejected")
    assert (letter["reason"], letter["verdict"]) == ("ends-the-process", "internal")
    assert len(everything(kafka_log, "raw")) == 3
