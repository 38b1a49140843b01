"""A stage before which a backlog waits holds no more of it than its windows and fetches allow, however much that is."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from running import environment
from wire import everything, make_topics, publish, raw_record

from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits

pytestmark = [pytest.mark.broker, pytest.mark.long, pytest.mark.timeout(600)]
MIB = 1 << 20
PARTITIONS = 2
RECORDS = 1_500
LARGE = 60
"""Of these, so many have a megabyte."""
WINDOW = WindowLimits(bytes=MIB)
FETCH = Limits(partition_fetch_bytes=MIB)
COPIES = 6
"""How often a record's bytes are held while it is handled: as it was fetched, as a record, parsed, as a model, encoded, in the producer."""
_TRANSACTION = 100
"""Records: a few megabytes, which a busy machine takes within the time that a transaction may last."""
HELD = WINDOW.bytes + 2 * PARTITIONS * FETCH.partition_fetch_bytes
"""Bytes: a window, one fetch of each partition beyond it, and the next one, which comes in meanwhile."""

# The peak is VmHWM: unlike ru_maxrss it is not inherited from the process that started this one.
STAGE = """
import json, sys
from dataclasses import replace
from pathlib import Path
sys.path[:0] = {paths!r}
from newswire import topology
from newswire.config import load
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.stage.loop import StageLoop
from wire import TinyNormalize

def peak():
    [line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024

windows = []
to = replace(load().connection({servers!r}), limits=Limits(partition_fetch_bytes={fetch}))
log = KafkaLog(to)
slot = log.slot(topic="news.raw.v1", group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0))
poll = slot.poll
def noted(limits, idle):
    window = poll(limits, idle)
    if window is not None:
        windows.append(sum(record.size for record in window.records))
    return window
slot.poll = noted
loop = StageLoop(TinyNormalize(), log, slot, Path({folder!r}), limits=WindowLimits(bytes={window}))
done = 0
while done < 100:
    done += loop.step(0.5)
before = peak()
{rest}
print(json.dumps({{"before": before, "peak": peak(), "largest": max(windows), "done": done}}))
"""
DRAINED = """
while done < {records}:
    done += loop.step(0.5)
loop.close()
"""
# What the bound is there against: a window that takes all that waits.
HOARDED = """
del windows[:]
noted(WindowLimits(seconds=120.0, records=10**9, bytes={rest}), 120.0)
"""


def run(log: KafkaLog, folder: Path, rest: str) -> dict[str, int]:
    root = Path(__file__).resolve().parents[2]
    script = STAGE.format(
        paths=[str(root), str(root / "tests" / "support")],
        servers=log.connection.bootstrap_servers,
        folder=str(folder / "state"),
        fetch=FETCH.partition_fetch_bytes,
        window=WINDOW.bytes,
        rest=rest,
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(log, folder),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def backlog(log: KafkaLog) -> int:
    """Write 100 records to warm up on, and behind them a backlog; return its bytes."""
    dice = random.Random(4)
    sizes = [MIB] * LARGE + [dice.randint(100, 8_000) for _ in range(RECORDS - LARGE)]
    dice.shuffle(sizes)
    word = "news " * (MIB // 5)
    publish(log, *(raw_record(log, f"warm-{n}", partition=n % PARTITIONS) for n in range(100)))
    writer = log.writer("backlog")
    for first in range(0, RECORDS, _TRANSACTION):
        numbers = range(first, min(first + _TRANSACTION, RECORDS))
        writer.write([raw_record(log, f"g{n}", word[: sizes[n]], partition=n % PARTITIONS) for n in numbers])
    writer.close()
    return sum(sizes)


def test_a_backlog_is_taken_in_bounded_pieces(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log, partitions=PARTITIONS)
    waiting = backlog(kafka_log)
    # The measure is one that can be failed: all at once is more than what is allowed.
    assert waiting > 2 * COPIES * HELD
    hoarded = run(kafka_log, tmp_path / "hoarded", HOARDED.format(rest=waiting * 9 // 10))
    assert hoarded["peak"] - hoarded["before"] > COPIES * HELD
    found = run(kafka_log, tmp_path, DRAINED.format(records=RECORDS + 100 - hoarded["done"]))
    assert found["largest"] <= WINDOW.bytes + PARTITIONS * FETCH.partition_fetch_bytes, found
    assert found["peak"] - found["before"] <= COPIES * HELD, found
    assert len(everything(kafka_log, "normalized")) == RECORDS + 100
