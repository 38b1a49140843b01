"""Carrying a purge out: write it, wait, write it again while the stages have more than one record takes out, and look."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from newswire import topology
from newswire.envelope import is_control
from newswire.errors import StageError
from newswire.log.contract import Log
from newswire.log.kafka import KafkaLog
from newswire.purging.concerned import Concerned
from newswire.purging.finding import Finding
from newswire.purging.proof import look, remaining
from newswire.purging.waiting import wait
from newswire.purging.writing import write

_LOOK_AGAIN_SECONDS: Final = 0.5
_LOCAL_SECONDS: Final = 15.0
"""How long local copies of state may take to follow the changelog."""


def carry_out(
    log: KafkaLog, what: Concerned, *, seconds: float, say: Callable[[str], None] = lambda _: None
) -> None:
    """Write a purge and return when the stages have carried it out. Raises StageError when they have not within `seconds` a round."""
    left = None
    while True:
        written = write(log, what.purge, stories(log, what))
        say(f"purge {what.purge.purge_id} is in the log")
        wait(log, written, seconds, say)
        if what.purge.lift:
            return
        now = remaining(log, what.purge)
        if not now:
            return
        if left is not None and now >= left:
            raise StageError(
                f"the stages have read purge {what.purge.purge_id} and still remember {now} articles: see `newswire purge check`"
            )
        left = now
        say(f"{now:,} articles are left for the next record")


def prove(log: KafkaLog, what: Concerned, state_dirs: Sequence[Path]) -> list[Finding]:
    """Look everywhere; local copies have some seconds to follow what was committed."""
    gives_up_at = time.monotonic() + _LOCAL_SECONDS
    while True:
        findings = look(log, what, state_dirs)
        late = any(found.holds and found.kind == "local" for found in findings)
        if not late or time.monotonic() > gives_up_at:
            return findings
        time.sleep(_LOOK_AGAIN_SECONDS)


def stories(log: Log, what: Concerned) -> dict[int, set[str]]:
    """Return the stories on record that hold something of a purge, by the partition of the stage that wrote them."""
    name = topology.topic("story").name
    partitions = log.topics()[topology.topic("article").name]
    latest: dict[bytes | None, int | None] = {}
    for partition, end in log.end_offsets(name, committed=False).items():
        for record in log.read(name, partition, log.first_offsets(name)[partition], end):
            if is_control(record):
                continue
            word = dict(record.headers).get("ce_partitionkey", b"").decode(errors="replace")
            holds = bool(word) and what.holds("story", record)
            latest[record.key] = topology.partition_for(word, partitions) if holds else None
    found: dict[int, set[str]] = {}
    for key, of in latest.items():
        if of is not None:
            found.setdefault(of, set()).add((key or b"").decode(errors="replace"))
    return found


def delete_records(log: KafkaLog, findings: list[Finding]) -> dict[str, dict[int, int]]:
    """Delete, from append-only topics, the beginnings in which every record is concerned; return topic -> partition -> first offset kept.

    Only what the stage that reads the topic has passed: nothing that is on its way is lost.
    """
    done: dict[str, dict[int, int]] = {}
    for found in findings:
        before = dict(found.deletable)
        for stage in topology.STAGES:
            if topology.topic(stage.reads).name == found.place:
                at = log.group_offsets(topology.group(stage.name), found.place)
                before = {p: min(offset, at.get(p, 0)) for p, offset in before.items()}
        before = {p: offset for p, offset in before.items() if offset > 0}
        if before:
            log.delete_records(found.place, before)
            done[found.place] = before
    return done
