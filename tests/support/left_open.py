"""Transactions as a crash leaves them open (K1), made on purpose in a real broker, without the race that leads there.

The coordinator's log is written to directly, which Kafka allows to the client id of its own administration tools; after
the restart the coordinator believes what it reads there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from kafka import ConsumerGroupMetadata, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from waiting import PATIENCE

from newswire.broker.transaction_log import State
from newswire.log.client import Connection
from newswire.log.coordinator import TRANSACTION_LOG, Coordinator, OpenTransaction, RawRecord

TOPIC = "t"
PARTITIONS = 5
GROUP = "g"


def log_value(
    state: State, producer_id: int, epoch: int, partitions: list[tuple[str, int]], version: int
) -> bytes:
    """Encode a TransactionLogValue by hand, as Kafka's schema says; times do not matter."""
    compact = version == 1
    places = {}
    for topic, partition in partitions:
        places.setdefault(topic, []).append(partition)

    def count(number: int) -> bytes:
        return bytes([number + 1]) if compact else struct.pack(">i", number)

    out = struct.pack(">hqhib", version, producer_id, epoch, 60_000, state) + count(len(places))
    for topic, ids in places.items():
        name = topic.encode()
        out += (bytes([len(name) + 1]) if compact else struct.pack(">h", len(name))) + name
        out += (
            count(len(ids))
            + b"".join(struct.pack(">i", number) for number in ids)
            + (b"\0" if compact else b"")
        )
    return out + struct.pack(">qq", 1, 1) + (b"\0" if compact else b"")


@contextmanager
def open_transaction(
    bootstrap: str,
    transactional_id: str,
    partitions: list[int],
    *,
    offsets: bool = False,
    committed_before: bool = False,
) -> Iterator[None]:
    """One record on each partition, in a transaction that is not ended while the block runs; optionally after one that was committed."""
    producer = KafkaProducer(
        bootstrap_servers=bootstrap, transactional_id=transactional_id, transaction_timeout_ms=60_000
    )
    producer.init_transactions()
    if committed_before:
        producer.begin_transaction()
        for partition in partitions:
            producer.send(TOPIC, value=b"before", partition=partition)
        producer.commit_transaction()
    producer.begin_transaction()
    for partition in partitions:
        producer.send(TOPIC, value=transactional_id.encode(), partition=partition)
    producer.flush()
    if offsets:
        place = TopicPartition(TOPIC, 0)
        producer.send_offsets_to_transaction(
            {place: OffsetAndMetadata(1, "", -1)}, ConsumerGroupMetadata(GROUP, -1, "", None)
        )
    try:
        yield
    finally:
        # The broker is dead by then: closing in order would wait for it.
        producer._sender.force_close()
        producer._sender.join(PATIENCE)


def rewrite(
    bootstrap: str,
    transactional_id: str,
    states: list[State | None],
    *,
    version: int = 1,
    only: set[int] | None = None,
) -> None:
    """Append steps for a transactional id to the coordinator's log, beside the last one that it wrote itself."""
    with Coordinator(Connection(bootstrap)) as coordinator:
        last = [
            record
            for record in coordinator.read_log()
            if record.key is not None and transactional_id.encode() in record.key
        ][-1]
        opened = [
            found for found in coordinator.open_transactions() if found.producer_id == _producer_id(last)
        ]
    places = [(found.topic, found.partition) for found in opened if only is None or found.partition in only]
    writer = KafkaProducer(
        bootstrap_servers=bootstrap, client_id="__admin_client", enable_idempotence=False, acks="all"
    )
    writer._metadata.topics = lambda: {TRANSACTION_LOG}  # the client hides internal topics from producers
    for state in states:
        named = places if state in {State.PREPARE_COMMIT, State.PREPARE_ABORT} else []
        value = (
            None
            if state is None
            else log_value(state, opened[0].producer_id, opened[0].producer_epoch, named, version)
        )
        writer.send(TRANSACTION_LOG, key=last.key, value=value, partition=last.partition).get(10)
    writer.close()


def _producer_id(record: RawRecord) -> int:
    return struct.unpack_from(">q", record.value or b"", 2)[0]


def opened(bootstrap: str) -> list[OpenTransaction]:
    with Coordinator(Connection(bootstrap)) as coordinator:
        return coordinator.open_transactions()


def committed(bootstrap: str, partition: int) -> list[bytes]:
    """The values that a reader of committed records gets, up to the high watermark, which it must be able to reach."""
    place = TopicPartition(TOPIC, partition)
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    uncommitted = KafkaConsumer(bootstrap_servers=bootstrap)
    try:
        reader.assign([place])
        end = uncommitted.end_offsets([place])[place]
        values: list[bytes] = []
        while reader.position(place) < end:
            values += [record.value for record in reader.poll(timeout_ms=500).get(place, [])]
        return values
    finally:
        reader.close()
        uncommitted.close()
