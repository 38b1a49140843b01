"""Following a topic on Kafka: what `tail` and `newswire.subscribe` stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from newswire.log.client import Connection, OffsetAndMetadata, TopicPartition, consumer, member_consumer
from newswire.log.contract import Record
from newswire.log.convert import record_from

_COMMIT_TIMEOUT_MS: Final = 5_000
_MAX_POLL_INTERVAL_MS: Final = 300_000
"""An application may take five minutes over one event before the group gives its partitions to another member."""


class KafkaSubscription:
    """`Subscription` on Kafka."""

    def __init__(
        self,
        to: Connection,
        topic: str,
        partitions: Sequence[TopicPartition],
        *,
        start: Mapping[int, int] | None,
        group: str | None,
        ends: Callable[[], Mapping[int, int]],
    ) -> None:
        self._ends = ends
        self._namespace = to.namespace
        self._topic = to.namespace + topic
        self._group = group
        if group is not None:
            self._consumer: Any = member_consumer(
                to, group=to.namespace + group, slot_id=None, max_poll_interval_ms=_MAX_POLL_INTERVAL_MS
            )
            self._consumer.subscribe([self._topic])
            # As in a stage's slot: the topic must be known before the group deals it out.
            self._consumer.partitions_for_topic(self._topic)
            return
        self._consumer = consumer(to)
        self._consumer.assign(list(partitions))
        for tp in partitions:
            if start is not None and tp.partition in start:
                self._consumer.seek(tp, start[tp.partition])
            else:
                self._consumer.seek_to_beginning(tp)

    def poll(self, seconds: float, limit: int = 500) -> Sequence[Record]:
        """Return committed records as they come."""
        batch = self._consumer.poll(timeout_ms=max(0, int(seconds * 1000)), max_records=limit)
        return [
            record_from(found, self._namespace) for of_partition in batch.values() for found in of_partition
        ]

    def commit(self, offsets: Mapping[int, int]) -> None:
        """Remember the group's position; of partitions that moved meanwhile their new member does."""
        if self._group is None:
            raise ValueError("only a subscription with a group has a position to remember: give it a group")
        assigned = self._consumer.assignment()
        mine = {
            TopicPartition(self._topic, p): OffsetAndMetadata(offset, "", -1)
            for p, offset in offsets.items()
            if TopicPartition(self._topic, p) in assigned
        }
        if mine:
            self._consumer.commit(mine, timeout_ms=_COMMIT_TIMEOUT_MS)

    def at_end(self) -> bool:
        """Return whether the position has reached the end of every partition that is read.

        The end is the last record written, not the last stable one: a transaction that was acknowledged a moment ago may not be marked
        as committed in every partition yet.
        """
        assigned = list(self._consumer.assignment())
        ends = self._ends()
        return bool(assigned) and all(self._consumer.position(tp) >= ends[tp.partition] for tp in assigned)

    def close(self) -> None:
        """Leave; the group keeps the position that was committed."""
        # Bounded: an interrupt in the middle of a call can leave the client waiting for itself.
        self._consumer.close(autocommit=False, timeout_ms=5_000)
