"""D20, D21: of three brokers one is killed, and another takes over what it has led: transactions, groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from copying import outgoing, values
from quick_broker import QUICK
from waiting import until

from newswire.broker import EmbeddedBroker
from newswire.log.client import (
    Connection,
    KafkaError,
    KafkaTimeoutError,
    NotCoordinatorError,
    TopicPartition,
    admin,
    transactional_producer,
)
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits

pytestmark = [pytest.mark.broker, pytest.mark.chaos, pytest.mark.timeout(400)]
PATIENT = Limits(transaction_ms=120_000, watchdog_seconds=110, flush_seconds=100, delivery_ms=100_000)
"""So that nothing else ends the transaction than what is tested."""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[tuple[EmbeddedBroker, KafkaLog]]:
    with EmbeddedBroker(tmp_path / "broker", brokers=3, settings=QUICK) as broker:
        made = KafkaLog(replace(Connection(broker.bootstrap), limits=PATIENT))
        made.create([TopicSpec("out", 1)])
        yield broker, made
        made.close()


def _number(coordinator: object) -> int:
    """Return the number (from 0) of a broker that the client calls `1` or `coordinator-1`."""
    return int(str(coordinator).rpartition("-")[2]) - 1


def _leader(producer: Any) -> int:
    """Return the number of the broker that leads a producer's transactions."""
    return _number(producer._transaction_manager._transaction_coordinator)


def _leader_of_readers(client: Any) -> int:
    """Return the number of the broker that leads the group's offsets, as far as an administration client knows."""
    return _number(client._manager.run(client._find_coordinator_id, "readers"))


def _producer(log: KafkaLog, name: str, *, led_by: int | None = None, as_it_is: bool = False) -> Any:
    """Return a producer whose transactions are led by a certain broker, if one is given."""
    for number in range(100):
        producer = transactional_producer(log.connection, f"{name}-{number}")
        if as_it_is:
            del producer._sender._client.await_ready
        producer.init_transactions()
        if led_by in (None, _leader(producer)):
            return producer
        producer.close(timeout=5)
    raise AssertionError("no transactional id falls to that broker")


def test_d20_the_client_forgets_what_it_was_about_to_send_and_ours_does_not(
    log: tuple[EmbeddedBroker, KafkaLog],
) -> None:
    broker, on = log
    ours = _producer(on, "ours")
    bare = _producer(on, "bare", led_by=_leader(ours), as_it_is=True)
    broker.kill(_leader(ours))
    for producer, value in ((bare, b"forgotten"), (ours, b"told later")):
        producer.begin_transaction()
        producer.send("out", value, partition=0)
    ours.flush(timeout=100)
    ours.commit_transaction()
    # Another broker has led transactions for as long as ours took, and some time more. If this does not raise, D20 is mended.
    with pytest.raises(KafkaTimeoutError):
        bare.flush(timeout=5)
    bare._sender.force_close()
    ours.close(timeout=10)
    assert values(on, "out") == {"told later": 1}


def test_d21_the_client_asks_the_former_coordinator_for_ever_and_ours_looks_again(
    log: tuple[EmbeddedBroker, KafkaLog],
) -> None:
    broker, on = log
    on.writer("w").write([outgoing("out", "one", 0)])
    # Both have found the group's coordinator.
    on.subscribe("out", start={0: 1}, group="readers").close()
    bare = admin(on.connection)
    asked = {"readers": [TopicPartition("out", 0)]}
    assert on.group_offsets("readers", "out") == {0: 1}
    bare.list_group_offsets(asked)
    number = _leader_of_readers(bare)
    broker.kill(number)
    until(lambda: _moved(on, number), "another broker leads the group")
    broker.revive(number)
    # If this does not raise, D21 is mended.
    with pytest.raises(NotCoordinatorError):
        bare.list_group_offsets(asked)
    bare.close()
    assert on.group_offsets("readers", "out") == {0: 1}


def _moved(log: KafkaLog, number: int) -> bool:
    """Return whether another broker than this one leads the group's offsets."""
    client = admin(log.connection)
    try:
        return _leader_of_readers(client) != number
    except KafkaError:
        return False
    finally:
        client.close()
