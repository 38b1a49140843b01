"""D2, D3, D6, D7: what a record that the broker refuses does to kafka-python's producer: commits that lose records, or never return."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from copying import outgoing, values
from waiting import PATIENCE

from newswire.errors import StageError
from newswire.log.client import KafkaError
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.log.transaction import TransactionalProducer

pytestmark = pytest.mark.broker
SMALL = 2_000
"""`max.message.bytes` of the topic."""
OVERSIZE = "x" * 3 * SMALL


@pytest.fixture
def small(log: KafkaLog) -> str:
    """A topic that takes small records only, by its full name."""
    log.create([TopicSpec("small", 1, {"max.message.bytes": str(SMALL)})])
    return f"{log.connection.namespace}small"


def _out_of_order(producer: object, topic: str) -> None:
    """Bring the client's sequence numbers out of step with the broker's, as a lost batch does."""
    manager = producer._transaction_manager
    place = next(place for place in manager._sequence_numbers if place.topic == topic)
    manager._sequence_numbers[place] += 5


def test_d02_the_client_still_commits_without_a_record_that_was_refused(log: KafkaLog, bare: object) -> None:
    producer, topic = bare, f"{log.connection.namespace}out"
    producer.begin_transaction()
    producer.send(topic, b"before", partition=0).get(10)
    producer.commit_transaction()
    producer.begin_transaction()
    _out_of_order(producer, topic)
    lost = producer.send(topic, b"lost", partition=0)
    producer.commit_transaction()
    assert lost.failed() or not lost.is_done, (
        "D2 is mended: a commit fails when a record of it was not written"
    )
    assert values(log, "out") == Counter(["before"])


def test_d02_ours_fails_before_the_commit_and_a_successor_loses_nothing(log: KafkaLog) -> None:
    producer = TransactionalProducer(log.connection, "ours")
    producer.write([outgoing("out", "before")])
    _out_of_order(producer._producer, f"{log.connection.namespace}out")
    with pytest.raises(KafkaError):
        producer.write([outgoing("out", "after")])
    _goes_on_exactly(log, producer, "out", "before", "after")


def test_d03_the_client_still_loses_the_transaction_after_a_refused_record(
    log: KafkaLog, bare: object, small: str
) -> None:
    producer = bare
    producer.begin_transaction()
    refused = producer.send(small, OVERSIZE.encode(), partition=0)
    with pytest.raises(KafkaError):
        refused.get(10)
    producer.abort_transaction()
    producer.begin_transaction()
    producer.send(small, b"lost", partition=0)
    producer.commit_transaction()
    assert values(log, "small") == Counter(), "D3 is mended: a producer may be used after a refused record"


def test_d03_ours_refuses_to_go_on_and_a_successor_loses_nothing(log: KafkaLog, small: str) -> None:
    producer = TransactionalProducer(log.connection, "ours")
    with pytest.raises(KafkaError):
        producer.write([outgoing("small", OVERSIZE)])
    _goes_on_exactly(log, producer, "small", "after")


def test_d06_the_client_still_never_returns_from_a_commit_after_a_split_batch(
    bare: object, small: str
) -> None:
    producer = bare
    producer.begin_transaction()
    _oversize_and_more(producer, small)
    commit = threading.Thread(target=lambda: _quietly(producer.commit_transaction), daemon=True)
    commit.start()
    commit.join(4)
    assert commit.is_alive(), "D6 is mended: a commit returns although a record was refused"


def test_d07_the_client_still_cannot_flush_a_batch_that_is_split(bare: object, small: str) -> None:
    producer = bare
    producer.begin_transaction()
    _oversize_and_more(producer, small)
    with pytest.raises(KafkaError, match="Future not done"):
        producer.flush(timeout=20)
    # A close flushes too. It raises as long as the parts of the batch are under way, and not when they have come to their end before.


@pytest.mark.parametrize("more", [0, 1, 20])
def test_d06_d07_ours_fails_at_once_and_a_successor_loses_nothing(
    log: KafkaLog, small: str, more: int
) -> None:
    producer = TransactionalProducer(log.connection, "ours")
    with pytest.raises(KafkaError):
        producer.write(
            [outgoing("small", OVERSIZE), *(outgoing("small", f"with-{number}") for number in range(more))]
        )
    _goes_on_exactly(log, producer, "small", "after")


def _oversize_and_more(producer: object, topic: str) -> None:
    # In one batch, however long this thread has to wait for its turn in between: a commit or a flush sends it at once.
    producer._accumulator.config["linger_ms"] = 100_000
    for value in (OVERSIZE, "small-1", "small-2"):
        producer.send(topic, value.encode(), partition=0)


def _quietly(call: object) -> None:
    try:
        call()
    except KafkaError:
        return


def _goes_on_exactly(log: KafkaLog, failed: TransactionalProducer, topic: str, *expected: str) -> None:
    """The failed producer refuses and closes without harm; the next one under its id writes the last value, and all is there once."""
    with pytest.raises(StageError, match="not to be used again"):
        failed.write([outgoing(topic, "never")])
    failed.close()
    failed._producer._sender.join(PATIENCE)
    assert not failed._producer._sender.is_alive()
    successor = TransactionalProducer(log.connection, "ours")
    successor.write([outgoing(topic, expected[-1])])
    successor.close()
    assert values(log, topic) == Counter(expected)
