"""What the broker itself knows of transactions: which are open on partitions, what the coordinator says, what its log says.

For the K1 check (newswire.broker.k1) and the alarm for a last stable offset that stands still; stages need none of it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from newswire.log.client import (
    Connection,
    KafkaError,
    TopicPartition,
    WriteTxnMarkersRequest,
    admin,
    consumer,
    error_for_code,
)

TRANSACTION_LOG = "__transaction_state"
_READ_TIMEOUT = 120.0  # seconds without a single record


class NotReadyError(Exception):
    """The broker cannot answer yet (no leader, coordinator still loading): ask again."""


@contextlib.contextmanager
def _not_ready() -> Iterator[None]:
    try:
        yield
    except KafkaError as error:
        if error.retriable:
            raise NotReadyError(str(error) or type(error).__name__) from error
        raise


@dataclass(frozen=True, slots=True)
class OpenTransaction:
    """A transaction that is open on one partition: read-committed readers stop at `start_offset`.

    `coordinator_epoch` is the one of the last marker that this producer got there, -1 for none.
    """

    topic: str
    partition: int
    producer_id: int
    producer_epoch: int
    start_offset: int
    coordinator_epoch: int
    leader: int


@dataclass(frozen=True, slots=True)
class KnownTransaction:
    """What the coordinator says of a transactional id; `state` as in Kafka's protocol (`Ongoing`, `PrepareCommit`, …)."""

    transactional_id: str
    producer_id: int
    state: str


@dataclass(frozen=True, slots=True)
class RunningTransaction:
    """A transaction that the coordinator has as begun and not ended: since when (ms since 1970, its clock), and for how long at most."""

    transactional_id: str
    producer_id: int
    began_ms: int
    timeout_ms: int


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record of an internal topic, as bytes; `value` None is a tombstone. `timestamp` in ms since 1970."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Coordinator:
    """Asks the brokers at `to`. Use as a context manager. Its methods raise NotReadyError when asking again may help."""

    def __init__(self, to: Connection) -> None:
        self._to = to
        self._admin: Any = None

    def __enter__(self) -> Self:
        self._admin = admin(self._to)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admin.close()

    def known(self) -> list[KnownTransaction]:
        """Return every transactional id that the coordinators know, with its state."""
        with _not_ready():
            answer = self._admin.list_transactions()
        return [
            KnownTransaction(row.transactional_id, row.producer_id, row.state.value)
            for rows in answer.values()
            for row in rows
        ]

    def running(self, producer_ids: Collection[int]) -> list[RunningTransaction]:
        """Return what these producers have begun and not ended."""
        ids = [
            row.transactional_id
            for row in self.known()
            if row.producer_id in producer_ids and row.state == "Ongoing"
        ]
        with _not_ready():
            answer = self._admin.describe_transactions(ids)
        return [
            RunningTransaction(
                name, found.producer_id, found.transaction_start_time_ms, found.transaction_timeout_ms
            )
            for name, found in sorted(answer.items())
        ]

    def open_transactions(self) -> list[OpenTransaction]:
        """Return the transactions open on any partition of any topic, internal ones included, as their leaders see it."""
        leaders = self._leaders()
        if not leaders:
            return []
        with _not_ready():
            answer = self._admin.describe_producers(list(leaders))
        return sorted(
            (
                OpenTransaction(
                    topic=place.topic,
                    partition=place.partition,
                    producer_id=producer.producer_id,
                    producer_epoch=producer.producer_epoch,
                    start_offset=producer.current_transaction_start_offset,
                    coordinator_epoch=producer.coordinator_epoch,
                    leader=leaders[place],
                )
                for place, state in answer.items()
                for producer in state.active_producers
                if producer.current_transaction_start_offset >= 0
            ),
            key=lambda found: (found.topic, found.partition, found.producer_id),
        )

    def write_marker(self, at: OpenTransaction, *, commit: bool) -> None:
        """End an open transaction on its partition by a commit or abort marker, past the coordinator.

        The marker carries the coordinator epoch that the partition has: a lower one is refused by the leader, a higher
        one would fence the real coordinator off. Raises KafkaError when the leader refuses.
        """
        marker = WriteTxnMarkersRequest.WritableTxnMarker(
            producer_id=at.producer_id,
            producer_epoch=at.producer_epoch,
            transaction_result=commit,
            topics=[
                WriteTxnMarkersRequest.WritableTxnMarker.WritableTxnMarkerTopic(
                    name=at.topic, partition_indexes=[at.partition]
                )
            ],
            coordinator_epoch=at.coordinator_epoch,
        )
        # The public abort_transaction can only abort; the request is the same.
        manager = self._admin._manager  # noqa: SLF001
        answer = manager.run(self._send, WriteTxnMarkersRequest(markers=[marker]), at.leader)
        for result in answer.markers:
            for topic in result.topics:
                for partition in topic.partitions:
                    if partition.error_code != 0:
                        raise error_for_code(partition.error_code)(f"no marker on {at.topic}-{at.partition}")

    async def _send(self, request: Any, node: int) -> Any:
        return await self._admin._manager.send(request, node_id=node)  # noqa: SLF001

    def read_log(self, topic: str = TRANSACTION_LOG) -> Iterator[RawRecord]:
        """Yield the records of every partition of a topic up to its present end, committed or not; none if it is not there.

        Within a partition they come in offset order.
        """
        places = [place for place in self._leaders() if place.topic == topic]
        if not places:
            return
        reader = consumer(self._to, isolation_level="read_uncommitted", max_poll_records=5_000)
        try:
            reader.assign(places)
            ends = reader.end_offsets(places)
            reader.seek_to_beginning(*places)
            late = time.monotonic() + _READ_TIMEOUT
            while any(reader.position(place) < ends[place] for place in places):
                polled = reader.poll(timeout_ms=500)
                if polled:
                    late = time.monotonic() + _READ_TIMEOUT
                elif time.monotonic() > late:
                    raise NotReadyError(f"{topic} could not be read to its end within {_READ_TIMEOUT:.0f} s")
                for place, records in polled.items():
                    for record in records:
                        if record.offset < ends[place]:
                            yield RawRecord(
                                place.partition, record.offset, record.timestamp, record.key, record.value
                            )
        finally:
            reader.close()

    def _leaders(self) -> dict[TopicPartition, int]:
        with _not_ready():
            topics = self._admin.describe_topics()
        leaders = {}
        for topic in topics:
            for partition in topic["partitions"]:
                if partition["leader_id"] < 0:
                    raise NotReadyError(f"{topic['name']}-{partition['partition_index']} has no leader yet")
                leaders[TopicPartition(topic["name"], partition["partition_index"])] = partition["leader_id"]
        return leaders
