"""How far behind a reader is: a stage, or a subscriber's group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from newswire import topology
from newswire.envelope import is_control
from newswire.log.contract import Log, Record
from newswire.rejected import recorded_time

_COUNTED: Final = 200
"""Up to this many offsets the records are counted; beyond, offsets are: transaction markers then matter little."""
_EVENTS_COUNTED: Final = 2_000
"""As `_COUNTED`, for subscribers, who are shown no ticks: on a quiet topic these are most of what stands there."""


class LagMeter:
    """Tells how many records of a reader's input it has not taken yet, exactly when they are few.

    Every transaction leaves a marker that takes an offset and is no record, so that the difference of offsets is never 0 on a topic that
    is written in transactions: what is left is read and counted, once for each state of things.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._counted: dict[tuple[str, int, bool], tuple[int, int, int]] = {}

    def lag(self, stage_name: str) -> int:
        """Return the number of a stage's records. Raises BrokerError or KafkaError when the broker does not tell."""
        return self.group_lag(
            topology.group(stage_name), topology.topic(topology.stage(stage_name).reads).name
        )

    def group_lag(self, group: str, topic: str, *, events: bool = False) -> int:
        """Return the number of records of a topic that a group has not taken, or of events only, without ticks and their like.

        Raises BrokerError or KafkaError when the broker does not tell.
        """
        stable = self._log.end_offsets(topic)
        # What stands in an open transaction is on its way as well: counted by offsets, since it cannot be read yet.
        written = self._log.end_offsets(topic, committed=False)
        return sum(
            self._records(topic, partition, start, stable[partition], events=events)
            + max(0, written[partition] - stable[partition])
            for partition, start in self._starts(group, topic).items()
        )

    def oldest(self, group: str, topic: str, *, events: bool = False) -> datetime | None:
        """Return when the first record, or event, was written that a group has not taken; None where nothing that can be read waits."""
        ends = self._log.end_offsets(topic)
        found = []
        for partition, start in self._starts(group, topic).items():
            first = next(self._waiting(topic, partition, start, ends[partition], events=events), None)
            if first is not None:
                written = recorded_time(dict(first.headers).get("ce_recordedtime"))
                found.append(written or datetime.fromtimestamp(first.timestamp_ms / 1000, UTC))
        return min(found, default=None)

    def _starts(self, group: str, topic: str) -> dict[int, int]:
        done = self._log.group_offsets(group, topic)
        return {
            partition: max(done.get(partition, 0), first)
            for partition, first in self._log.first_offsets(topic).items()
        }

    def _waiting(self, topic: str, partition: int, start: int, end: int, *, events: bool) -> Iterator[Record]:
        if start < end:
            records = self._log.read(topic, partition, start, end)
            yield from (record for record in records if not events or not is_control(record))

    def _records(self, topic: str, partition: int, start: int, end: int, *, events: bool) -> int:
        if end - start > (_EVENTS_COUNTED if events else _COUNTED) or start >= end:
            return max(0, end - start)
        known = self._counted.get((topic, partition, events))
        if known is None or known[:2] != (start, end):
            count = sum(1 for _ in self._waiting(topic, partition, start, end, events=events))
            known = (start, end, count)
            self._counted[topic, partition, events] = known
        return known[2]
