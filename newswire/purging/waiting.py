"""Waiting until every stage has passed a purge, and what follows from it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from newswire import topology
from newswire.errors import StageError
from newswire.log.contract import Log
from newswire.purging.writing import Written

_ASK_AGAIN_SECONDS: Final = 0.2


def wait(log: Log, written: Written, seconds: float, say: Callable[[str], None] = lambda _: None) -> None:
    """Return when all stages have read the purge and what the stages before them wrote until they had read it.

    Raises StageError naming the stage that has not, after so many seconds: the purge is on record, and is carried out when it runs.
    """
    deadline = time.monotonic() + seconds
    follows: dict[int, int] = {}
    for stage in topology.STAGES:
        topic = topology.topic(stage.reads).name
        own = {partition: offset + 1 for partition, offset in written.get(topic, {}).items()}
        goal = {p: max(own.get(p, 0), follows.get(p, 0)) for p in own.keys() | follows.keys()}
        said = False
        while not _passed(log, stage.name, topic, goal):
            if time.monotonic() > deadline:
                raise StageError(
                    f"{stage.name} has not read the purge within {seconds:.0f} s: is it running? The purge is in the log "
                    "and is carried out when the stage comes to it; `newswire purge check` then proves it"
                )
            if not said:
                say(f"waiting for {stage.name}")
                said = True
            time.sleep(_ASK_AGAIN_SECONDS)
        # Noted after the stage has passed: whatever followed from the purge stands below.
        written_to = next((event for event in stage.writes if event in _READ), None)
        follows = (
            {} if written_to is None else log.end_offsets(topology.topic(written_to).name, committed=False)
        )


_READ: Final = frozenset(stage.reads for stage in topology.STAGES)


def _passed(log: Log, stage: str, topic: str, goal: dict[int, int]) -> bool:
    at = log.group_offsets(topology.group(stage), topic)
    first = log.first_offsets(topic)
    # What lies between may be markers of transactions only, which no stage ever commits.
    return all(
        at.get(p, 0) >= end or not any(True for _ in log.read(topic, p, max(at.get(p, 0), first[p]), end))
        for p, end in goal.items()
    )
