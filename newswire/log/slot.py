"""A stage's exclusive place in its group, on Kafka: windows in, transactions out.

The rules come from a hundred rounds of faults (`docs/architecture.md`, delivery): the membership is noted beside the records, never read at
commit time (defect D14); a window in which the group moved is thrown away whole; ids are fixed per slot, so that a restart fences its
predecessor; and after any error but `Moved` the process ends.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from newswire.errors import StageError
from newswire.log.client import (
    Connection,
    ConsumerRebalanceListener,
    KafkaError,
    KafkaTimeoutError,
    TopicPartition,
    admin,
    member_consumer,
    remove_member,
)
from newswire.log.contract import Moved, Outgoing, Record, Window, WindowLimits
from newswire.log.convert import record_from
from newswire.log.transaction import TransactionalProducer

_LOG = structlog.get_logger("newswire.log")


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc] # kafka-python has no types
    """Counts rebalances. It runs on the client's IO thread and may do nothing else there (D11)."""

    def __init__(self) -> None:
        self.count = 0

    def on_partitions_revoked(self, revoked: Any) -> None:
        """Count."""
        del revoked
        self.count += 1

    def on_partitions_assigned(self, assigned: Any) -> None:
        """Count."""
        del assigned
        self.count += 1

    def on_partitions_lost(self, lost: Any) -> None:
        """Count."""
        del lost
        self.count += 1


class KafkaSlot:
    """`Slot` on Kafka."""

    def __init__(self, to: Connection, *, topic: str, group: str, slot_id: str) -> None:
        self._to = to
        self._topic = to.namespace + topic
        self._group = to.namespace + group
        self._slot_id = to.namespace + slot_id
        # The producer first: taking the transactional id fences whoever held the slot before.
        self._producer = TransactionalProducer(to, slot_id)
        self._consumer = member_consumer(to, group=self._group, slot_id=self._slot_id)
        self._rebalances = _Rebalances()
        self._held: set[int] = set()
        self._consumer.subscribe([self._topic], listener=self._rebalances)
        # Before joining: a leader of the group that does not know the topic's partitions yet deals out none, and may never notice.
        self._consumer.partitions_for_topic(self._topic)

    def partitions(self) -> frozenset[int]:
        """Return the partitions held now."""
        return frozenset(tp.partition for tp in self._consumer.assignment())

    def poll(self, limits: WindowLimits, idle_seconds: float) -> Window | None:
        """Return the next window, or None after `idle_seconds`. Raises `Moved`."""
        records: list[Record] = []
        size = 0
        membership: Any = None
        closes_at = time.monotonic() + idle_seconds
        while True:
            wait = closes_at - time.monotonic()
            if (
                (membership is not None and wait <= 0)
                or len(records) >= limits.records
                or size >= limits.bytes
            ):
                break
            before = self.membership()
            batch = self._consumer.poll(
                timeout_ms=max(0, int(wait * 1000)), max_records=limits.records - len(records)
            )
            if not batch:
                if membership is None and wait <= 0:
                    return None
                continue
            noted = self.membership()
            # Noted directly after the poll that returned the records, and the same as before it: they were read under this membership.
            if noted != before or (membership is not None and noted != membership):
                raise Moved
            if membership is None:
                membership = noted
                closes_at = time.monotonic() + limits.seconds
            for of_partition in batch.values():
                for found in of_partition:
                    record = record_from(found, self._to.namespace)
                    records.append(record)
                    size += record.size
        self._check(membership)
        return Window(records, membership)

    def membership(self) -> tuple[Any, int]:
        """Return the group membership and the count of rebalances: a window holds for one value of it."""
        snapshot = self._consumer.group_metadata()
        return snapshot._replace(state=None), self._rebalances.count

    def _check(self, membership: Any) -> Any:
        """Return the group membership of a window that may still be committed; raise `Moved` otherwise."""
        snapshot, _ = membership
        if self.membership() != membership or snapshot.generation_id < 0 or not snapshot.member_id:
            raise Moved
        return snapshot

    def commit(self, window: Window, outputs: Sequence[Outgoing], offsets: Mapping[int, int]) -> list[int]:
        """Write outputs and offsets in one transaction. Raises `Moved` before anything is written."""
        snapshot = self._check(window.membership)
        by_partition = {TopicPartition(self._topic, p): offset for p, offset in offsets.items()}
        try:
            return self._producer.write(outputs, by_partition, snapshot)
        except KafkaError as error:
            raise StageError(
                f"the transaction of {self._slot_id} failed ({type(error).__name__}: {error}); whether it was committed is decided by "
                "what the group's offsets say at the next start, so start the stage again. If it comes again, `newswire doctor` looks for "
                "the cause: a broker that is away, or whose disk is full"
            ) from error

    def rewind(self) -> None:
        """Go back to the committed offsets of all partitions held: positions of kept partitions survive a rebalance, so all are set."""
        for tp in self._consumer.assignment():
            committed = self._committed(tp)
            if committed is None:
                self._consumer.seek_to_beginning(tp)
            else:
                self._consumer.seek(tp, committed)

    def _committed(self, tp: Any) -> int | None:
        waits_ms = self._to.limits.committed_ms
        try:
            offset: int | None = self._consumer.committed(tp, timeout_ms=waits_ms)
        except KafkaTimeoutError as error:
            # The client says no more than "None" (D19).
            raise StageError(
                f"the broker has not said within {waits_ms / 1000:g} s where {self._group} goes on in {tp.topic}/{tp.partition}: it does "
                "not answer, or the offset stands in a transaction that is open and does not end. `newswire doctor` tells which"
            ) from error
        return offset

    def hold(self, partition: int, offset: int) -> None:
        """Pause a partition at an offset."""
        tp = TopicPartition(self._topic, partition)
        if tp in self._consumer.assignment():
            self._consumer.seek(tp, offset)
            self._consumer.pause(tp)
            self._held.add(partition)

    def resume(self, partition: int) -> None:
        """Read a held partition again."""
        self._held.discard(partition)
        tp = TopicPartition(self._topic, partition)
        if tp in self._consumer.assignment():
            self._consumer.resume(tp)

    def keep_alive(self) -> None:
        """Poll with everything paused, so that the group does not expel a busy member."""
        assigned = self._consumer.assignment()
        self._consumer.pause(*assigned)
        found = self._consumer.poll(timeout_ms=0)
        now_assigned = self._consumer.assignment()
        self._consumer.resume(*(tp for tp in now_assigned if tp.partition not in self._held))
        if found or now_assigned != assigned:
            raise Moved

    def close(self) -> None:
        """Leave the group at once, so that other slots need not wait for the session to end."""
        self._consumer.close(autocommit=False, timeout_ms=2_000)
        self._producer.close()
        try:
            client = admin(self._to, bootstrap_timeout_ms=2_000)
            try:
                remove_member(client, self._group, self._slot_id)
            finally:
                client.close()
        except KafkaError as error:
            _LOG.warning(
                "could not leave the group; it notices by itself", group=self._group, error=str(error)
            )
