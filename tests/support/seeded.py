"""The seeds through the whole pipeline, on the log in memory: fast, and the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newswire import topology
from newswire.log.contract import Outgoing, Record, WindowLimits
from newswire.log.memory import MemoryLog
from newswire.source import SourceLoop
from newswire.stage.loop import StageLoop
from newswire.stage.runner import load_handler
from newswire.topics import specs
from producers.files import FilesSource

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def run_stage_on(log: MemoryLog, stage: str, folder: Path) -> None:
    """Let one stage read everything there is for it, in windows of an odd size, then leave."""
    slot = log.slot(
        topic=topology.topic(topology.stage(stage).reads).name,
        group=topology.group(stage),
        slot_id=topology.slot_id(stage, 0),
    )
    loop = StageLoop(load_handler(stage), log, slot, folder / stage, limits=WindowLimits(records=17))
    while loop.step(0.0):
        pass
    loop.close()


def seeded_log(folder: Path, paths: Sequence[Path] = (SEEDS,), partitions: int = 3) -> MemoryLog:
    """Return a log with the seeds published and every stage done."""
    log = copied([], partitions)
    SourceLoop(FilesSource([str(path) for path in paths]), log, log.writer("seeds")).run()
    for stage in topology.STAGES:
        run_stage_on(log, stage.name, folder)
    return log


def copied(records: Sequence[Record], partitions: int = 3) -> MemoryLog:
    """Return a new log that holds these records, each at its own place."""
    log = MemoryLog()
    log.create(specs(partitions))
    log.writer("copy").write(
        [Outgoing(r.topic, r.partition, r.key or b"", r.value, r.timestamp_ms, r.headers) for r in records]
    )
    return log
