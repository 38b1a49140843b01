"""The bare transactional copy with kafka-python: what the stages are measured beside. No schema, no handler, no state, no checks.

As a process: `python benchmarks/bare.py BOOTSTRAP FROM TO ID [GROUP]` copies until SIGTERM.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from kafka import KafkaProducer

from newswire.log.client import (
    Connection,
    OffsetAndMetadata,
    TopicPartition,
    member_consumer,
    transactional_producer,
)
from newswire.log.contract import WindowLimits

WINDOW = WindowLimits()


def copy(bootstrap: str, source: str, sink: str, name: str, group: str, stop: threading.Event) -> None:
    """Copy records from one topic to another, partition by partition, a transaction for each window, until asked to stop.

    `name` is the transactional id and the id within the group.
    """
    to = Connection(bootstrap)
    producer = transactional_producer(to, name)
    producer.init_transactions()
    consumer = member_consumer(to, group=group, slot_id=name)
    consumer.subscribe([source])
    consumer.partitions_for_topic(source)
    while not stop.is_set():
        batch, membership = _window(consumer)
        if batch:
            write(producer, sink, batch, membership)
    consumer.close(autocommit=False)
    producer.close(timeout=5)


def _window(consumer: Any) -> tuple[list[Any], Any]:
    batch: list[Any] = []
    size = 0
    membership = None
    closes = time.monotonic() + 0.5
    while time.monotonic() < closes and len(batch) < WINDOW.records and size < WINDOW.bytes:
        wait = max(0.0, closes - time.monotonic())
        polled = consumer.poll(timeout_ms=int(wait * 1000), max_records=WINDOW.records - len(batch))
        membership = consumer.group_metadata()
        if polled and not batch:
            closes = time.monotonic() + WINDOW.seconds
        for found in polled.values():
            batch += found
            size += sum(len(record.value) for record in found)
    return batch, membership


def write(producer: Any, sink: str, batch: list[Any], membership: Any) -> None:
    """Copy a batch and commit its offsets, in one transaction."""
    producer.begin_transaction()
    futures = [
        producer.send(
            sink,
            value=record.value,
            key=record.key,
            headers=list(record.headers),
            partition=record.partition,
            timestamp_ms=record.timestamp,
        )
        for record in batch
    ]
    producer.flush(timeout=5)
    for future in futures:
        future.get(timeout=5)
    offsets = {TopicPartition(r.topic, r.partition): OffsetAndMetadata(r.offset + 1, "", -1) for r in batch}
    producer.send_offsets_to_transaction(offsets, membership)
    producer.commit_transaction()


def start(
    bootstrap: str, source: str, sink: str, name: str, group: str | None = None
) -> subprocess.Popen[bytes]:
    """Start one copy as a process."""
    return subprocess.Popen([sys.executable, __file__, bootstrap, source, sink, name, group or name])


@contextmanager
def chain(bootstrap: str, topics: Sequence[str]) -> Iterator[None]:
    """Run copies one behind the other, from the first topic to the last, each in a process of its own."""
    running = [start(bootstrap, source, sink, f"copy.{source}") for source, sink in pairwise(topics)]
    try:
        yield
    finally:
        end(running)


def end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask processes to end, and end those that do not."""
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class AcknowledgedEverywhere(threading.Thread):
    """A plain producer (acks=all, no transactions): writes a record to each of a topic's partitions until all are acknowledged."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        super().__init__(daemon=True)
        self._topic = topic
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap.split(","),
            acks="all",
            retry_backoff_ms=20,
            reconnect_backoff_max_ms=500,
        )
        self._partitions = self._producer.partitions_for(topic)
        self._write()  # connected everywhere before anything happens
        self.done_at = 0.0

    def run(self) -> None:
        self._write()
        self.done_at = time.monotonic()
        self._producer.close(timeout=10)

    def _write(self) -> None:
        for future in [self._producer.send(self._topic, b"x", partition=p) for p in self._partitions]:
            future.get(timeout=100)


if __name__ == "__main__":
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    copy(*sys.argv[1:6], stopping)
