"""How far behind a stage is."""

from __future__ import annotations

from typing import Final

from newswire import topology
from newswire.log.contract import Log

_COUNTED: Final = 200
"""Up to this many offsets the records are counted; beyond, offsets are: transaction markers then matter little."""


class LagMeter:
    """Tells how many records of a stage's input it has not taken yet, exactly when they are few.

    Every transaction leaves a marker that takes an offset and is no record, so that the difference of offsets is never 0 on a topic that
    is written in transactions: what is left is read and counted, once for each state of things.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._counted: dict[tuple[str, int], tuple[int, int, int]] = {}

    def lag(self, stage_name: str) -> int:
        """Return the number of records. Raises BrokerError or KafkaError when the broker does not tell."""
        topic = topology.topic(topology.stage(stage_name).reads).name
        first = self._log.first_offsets(topic)
        done = self._log.group_offsets(topology.group(stage_name), topic)
        stable = self._log.end_offsets(topic)
        # What stands in an open transaction is on its way as well: counted by offsets, since it cannot be read yet.
        written = self._log.end_offsets(topic, committed=False)
        return sum(
            self._records(topic, partition, max(done.get(partition, 0), first[partition]), end)
            + max(0, written[partition] - end)
            for partition, end in stable.items()
        )

    def _records(self, topic: str, partition: int, start: int, end: int) -> int:
        if end - start > _COUNTED or start >= end:
            return max(0, end - start)
        known = self._counted.get((topic, partition))
        if known is None or known[:2] != (start, end):
            known = (start, end, sum(1 for _ in self._log.read(topic, partition, start, end)))
            self._counted[topic, partition] = known
        return known[2]
