"""Where all stages stand, noted in an order in which no record can hide while the pipeline runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newswire import topology
from newswire.envelope import raw_ref
from newswire.log.contract import Log
from newswire.scan import scan

RawRef = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Ends of topics and positions of stages, by the order argued in `take`."""

    ends: dict[str, dict[int, int]] = field(default_factory=dict)
    """Event -> partition -> the offset up to which its topic is to be read: the last one written, so that `Log.read` waits for what
    was open."""
    positions: dict[str, dict[int, int]] = field(default_factory=dict)
    """Stage -> partition of its input -> the offset that it has yet to read."""
    held: dict[str, set[RawRef]] = field(default_factory=dict)
    """Article id -> raw records under embargo that the held topic still names; compaction keeps the last one of each article."""

    def waits(self, stage: str, partition: int, offset: int) -> bool:
        """Return whether a record of a stage's input was still to be read by it."""
        return offset >= self.positions[stage].get(partition, 0)


def take(log: Log) -> Snapshot:
    """Return a snapshot in which every raw record below its end has an outcome, or waits somewhere, unless it was lost.

    Each hop of a record is one transaction: the stage's input offset and the record that follows. Records only move down the pipeline,
    and three rules of order make sure that one that moves while we look is seen at least once:

    1. A stage's position is noted *before* the ends of the topics it writes. If the position is past a record, its transaction had been
       decided by then, so what it wrote is below ends that are noted later (`committed=False`: what is acknowledged is below the last
       written offset at once, and reading waits for its markers). If the position is not past it, it counts as waiting.
    2. A position may be too old, never too new: Kafka shows an offset once its transaction is decided. Too old means only that a record
       counts as waiting unless an outcome is seen, and outcomes go first.
    3. An embargo ends in a transaction of another record's, long after the position passed the article: so the held topic is not only
       noted but *read* before the ends of `unique` and `duplicate` are noted. Whoever reads a tombstone there knows that its
       transaction is decided, and finds what was released below the ends noted then. A release that comes later is not seen at all.

    What moves too fast is seen twice, as waiting and as done; then done counts. The ends of `raw` come first: they say what went in.
    """
    seen = Snapshot()
    _note_ends(log, "raw", seen)
    for stage in topology.STAGES:
        seen.positions[stage.name] = log.group_offsets(
            topology.group(stage.name), topology.topic(stage.reads).name
        )
        if "held" in stage.writes:
            _note_ends(log, "held", seen)
            seen.held.update(_read_held(log, seen.ends["held"]))
        for event in stage.writes:
            if event != "held":
                _note_ends(log, event, seen)
    _note_ends(log, "rejected", seen)
    return seen


def _note_ends(log: Log, event: str, into: Snapshot) -> None:
    into.ends[event] = log.end_offsets(topology.topic(event).name, committed=False)


def _read_held(log: Log, ends: Mapping[int, int]) -> dict[str, set[RawRef]]:
    held: dict[str, set[RawRef]] = {}
    for record in scan(log, topology.topic("held").name, ends):
        key = (record.key or b"").decode(errors="replace")
        if record.value is None:
            held.pop(key, None)
            continue
        found = raw_ref(dict(record.headers))
        held.setdefault(key, set()).update(() if found is None else (found,))
    return held
