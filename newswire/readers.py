"""Who reads a topic, and whether that goes on: the look that `newswire status` and `newswire doctor` share."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from newswire import topology
from newswire.lag import LagMeter
from newswire.log.kafka import KafkaLog

State = Literal["idle", "works", "slow", "stands", "nobody"]
LOOKS_SECONDS: Final = 2.0
"""Between two looks at a position that does not stand at the end."""
_PATIENCE_SECONDS: Final = 30.0
"""A reader that has members and takes nothing may do so for this long: they join, rebuild state, or work on a window."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A consumer group and a topic that it reads."""

    group: str
    """Name of the group, without the namespace."""
    topic: str
    """Name of the topic."""
    stage: str | None
    """Name of the stage whose group it is; None for a subscriber's."""
    waiting: int
    """Records that it has not taken; of a subscriber events only, which are counted exactly up to 2,000 offsets of a partition."""
    oldest: datetime | None
    """When the first of them was written to the topic, as far as that can be read."""
    positions: Mapping[int, int]
    """Partition -> its committed position; empty when it has never read any."""
    members: Mapping[str, str]
    """Slot, or the client's own name for itself -> host. Empty when no process reads for the group."""
    taken: int | None = None
    """Offsets that it moved on between two looks; None when there was one look."""

    def state(self, now: datetime) -> State:
        """Return what this means.

        `idle`: there is nothing to take. `nobody`: records wait, and no process reads. `works`: records wait, and it goes on. `stands`:
        records wait since half a minute or longer, a process reads, and nothing was taken between two looks; `slow`: not for so long yet.
        """
        if not self.waiting:
            return "idle"
        if not self.members:
            return "nobody"
        if self.taken:
            return "works"
        waits = 0.0 if self.oldest is None else (now - self.oldest).total_seconds()
        return "stands" if waits > _PATIENCE_SECONDS else "slow"


class Readers:
    """Looks at the stages, and at the groups of subscribers. Raises BrokerError or KafkaError when the broker does not tell."""

    def __init__(self, log: KafkaLog) -> None:
        self._log = log
        self._meter = LagMeter(log)

    def stages(self) -> list[Reader]:
        """Return how it stands with each stage, in order of the flow."""
        return self._twice(
            [
                (topology.group(stage.name), topology.topic(stage.reads).name, stage.name)
                for stage in topology.STAGES
            ]
        )

    def subscribers(self) -> list[Reader]:
        """Return how it stands with each group that is not ours and has a position in a topic of the contract."""
        ours = {topology.group(stage.name) for stage in topology.STAGES}
        topics = {topic.name for topic in topology.TOPICS}
        return self._twice(
            [
                (group, topic, None)
                for group in self._log.groups.names()
                if group not in ours
                for topic in self._log.groups.topics(group)
                if topic in topics
            ]
        )

    def _twice(self, asked: Sequence[tuple[str, str, str | None]]) -> list[Reader]:
        """Look once, and where members leave records waiting once more, so that what goes on is told from what stands."""
        found = [self._look(*one) for one in asked]
        if any(reader.waiting and reader.members for reader in found):
            time.sleep(LOOKS_SECONDS)
            found = [self._moved(reader) if reader.waiting and reader.members else reader for reader in found]
        return found

    def _look(self, group: str, topic: str, stage: str | None) -> Reader:
        events = stage is None
        waiting = self._meter.group_lag(group, topic, events=events)
        return Reader(
            group,
            topic,
            stage,
            waiting,
            self._meter.oldest(group, topic, events=events) if waiting else None,
            self._log.group_offsets(group, topic),
            self._log.groups.members(group),
        )

    def _moved(self, before: Reader) -> Reader:
        now = self._look(before.group, before.topic, before.stage)
        taken = sum(at - before.positions.get(partition, at - 1) for partition, at in now.positions.items())
        return replace(now, taken=taken)


def span(seconds: float) -> str:
    """Return a length of time for a person, in its largest whole unit: `41 s`, `12 min`, `3 h`, `2 d`."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def waits(reader: Reader, now: datetime) -> str:
    """Return what waits for a reader, in words."""
    count = f"{reader.waiting:,} record{'s wait' if reader.waiting != 1 else ' waits'}"
    if reader.oldest is None:
        return count
    return f"{count}, since {reader.oldest.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({span((now - reader.oldest).total_seconds())})"


def who(reader: Reader) -> str:
    """Return which processes read, in words."""
    return ", ".join(f"{name} on {host}" for name, host in sorted(reader.members.items())) or "no process"
