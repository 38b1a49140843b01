"""D4, D10, D15, D18: a broker that stands still (SIGSTOP) in the middle of a transaction, and goes on later as if nothing had been."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from copying import (
    POINTS,
    before,
    copied_by_restarts,
    copier,
    is_stopped,
    outgoing,
    publish,
    said,
    values,
)
from waiting import PATIENCE, until

from newswire.broker import EmbeddedBroker
from newswire.errors import StageError
from newswire.log.client import Connection, KafkaError, transactional_producer
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.log.transaction import TransactionalProducer

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]
IMPATIENT = Limits(
    transaction_ms=20_000, watchdog_seconds=60, flush_seconds=5, delivery_ms=4_000, request_ms=2_000
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A broker of this module's own: the session's must not be frozen under other tests."""
    # It must not take itself for dead when it goes on: it would then refuse everything until it has registered again.
    settings = {"broker.session.timeout.ms": "120000"}
    with EmbeddedBroker(tmp_path_factory.mktemp("frozen"), settings=settings) as started:
        yield started


@pytest.fixture
def log(broker: EmbeddedBroker, namespace: str) -> Iterator[KafkaLog]:
    made = KafkaLog(Connection(broker.bootstrap, namespace=namespace))
    made.create([TopicSpec("in", 2), TopicSpec("out", 2)])
    yield made
    made.close()


@contextmanager
def frozen(broker: EmbeddedBroker) -> Iterator[None]:
    """The broker does nothing while the block runs, but its connections stand."""
    running = broker.status()
    assert running is not None
    java = running.nodes[0].java.pid
    os.kill(java, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(java, signal.SIGCONT)


def test_d04_the_client_still_commits_without_records_that_have_expired(
    broker: EmbeddedBroker, log: KafkaLog
) -> None:
    producer = transactional_producer(
        replace(log.connection, limits=IMPATIENT), f"{log.connection.namespace}bare"
    )
    topic = f"{log.connection.namespace}out"
    producer.init_transactions()
    producer.begin_transaction()
    for partition in (0, 1):
        producer.send(topic, b"early", partition=partition).get(10)
    with frozen(broker):
        expired = []
        for number in range(20):
            expired.append(producer.send(topic, f"expired-{number}".encode(), partition=number % 2))
            # Into batches of their own, so that one is on its way and others wait behind it.
            time.sleep(0.02)
        until(lambda: all(future.is_done for future in expired), "the records expire")
        assert all(future.failed() for future in expired)
    # If this raises, D4 is mended: a commit fails when records of it have expired.
    producer.commit_transaction()
    producer._sender.force_close()
    assert values(log, "out").total() < 22


def test_d04_ours_commits_nothing_and_a_successor_loses_nothing(
    broker: EmbeddedBroker, log: KafkaLog
) -> None:
    producer = TransactionalProducer(replace(log.connection, limits=IMPATIENT), "ours")
    slot = type("Slot", (), {"_producer": producer})
    freezing = frozen(broker)
    before(slot, "flush", freezing.__enter__)
    with pytest.raises(KafkaError):
        producer.write([outgoing("out", "expired"), outgoing("out", "expired", 1)])
    freezing.__exit__(None, None, None)
    producer.close()
    successor = TransactionalProducer(log.connection, "ours")
    successor.write([outgoing("out", "whole")])
    successor.close()
    assert values(log, "out") == {"whole": 1}


@pytest.mark.chaos
@pytest.mark.parametrize("point", POINTS)
def test_d04_d10_d18_a_broker_that_freezes_in_a_transaction_costs_a_restart_and_no_record(
    broker: EmbeddedBroker, log: KafkaLog, tmp_path: Path, point: str
) -> None:
    """At `commit_transaction` the outcome is unknown (D10); offsets and commit have no timeout of their own (D18)."""
    expected = publish(log, *(f"record-{number}" for number in range(20)))
    with copier(log, tmp_path, stops_at=point) as process:
        until(lambda: is_stopped(process), f"the stage comes to {point}")
        with frozen(broker):
            os.kill(process.pid, signal.SIGCONT)
            # By the watchdog or by an error of the client, whichever comes first, and with the broker still frozen.
            until(lambda: process.poll() is not None, "the process ends")
        assert process.returncode == StageError.exit_code, said(tmp_path)
    copied_by_restarts(log, tmp_path, expected)


def test_d15_the_client_still_leaves_its_sender_running_when_close_fails(
    broker: EmbeddedBroker, log: KafkaLog
) -> None:
    producer = transactional_producer(log.connection, f"{log.connection.namespace}bare")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(f"{log.connection.namespace}out", b"arrives", partition=0).get(20)
    with frozen(broker):
        producer.send(f"{log.connection.namespace}out", b"waits", partition=0)
        with pytest.raises(KafkaError):
            producer.close(timeout=0.5)
        alive = producer._sender.is_alive()
    producer._sender.force_close()
    assert alive, "D15 is mended: `abandon` may close the producer"


def test_d15_ours_leaves_no_sender_behind(broker: EmbeddedBroker, log: KafkaLog) -> None:
    limits = replace(IMPATIENT, flush_seconds=0.5, delivery_ms=15_000)
    producer = TransactionalProducer(replace(log.connection, limits=limits), "ours")
    slot = type("Slot", (), {"_producer": producer})
    freezing = frozen(broker)
    before(slot, "flush", freezing.__enter__)
    with pytest.raises(KafkaError):
        producer.write([outgoing("out", "waits")])
    sender = producer._producer._sender
    assert sender.is_alive()
    producer.close()
    sender.join(PATIENCE)
    assert not sender.is_alive()
    freezing.__exit__(None, None, None)
