"""Transactions that a crash left open: each state is made on purpose (tests/support/left_open.py) in a broker, which is then killed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kafka import KafkaProducer, TopicPartition
from left_open import GROUP, PARTITIONS, TOPIC, committed, open_transaction, opened, rewrite
from quick_broker import QUICK
from waiting import PATIENCE

from newswire.broker import EmbeddedBroker
from newswire.broker.k1 import UndecidedTransactionError, _look, check_and_repair
from newswire.broker.transaction_log import State
from newswire.log.client import Connection, KafkaError, admin
from newswire.log.coordinator import TRANSACTION_LOG, Coordinator, NotReadyError, OpenTransaction, RawRecord

pytestmark = [pytest.mark.broker, pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running broker with the topic."""
    with EmbeddedBroker(tmp_path_factory.mktemp("busy")) as broker:
        client = admin(Connection(broker.bootstrap))
        client.create_topics({TOPIC: {"num_partitions": PARTITIONS, "replication_factor": 1}})
        client.close()
        yield broker.bootstrap


@pytest.fixture
def started(broker: EmbeddedBroker) -> EmbeddedBroker:
    bootstrap = broker.start()
    client = admin(Connection(bootstrap))
    client.create_topics({TOPIC: {"num_partitions": PARTITIONS, "replication_factor": 1}})
    client.close()
    return broker


@contextmanager
def asking_all_the_time(bootstrap: str) -> Iterator[list[list[OpenTransaction]]]:
    """A client that asks for the broker all the time, as a stage does whose broker is away; give the first answer that it gets."""
    answers: list[list[OpenTransaction]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                answers.append(opened(bootstrap))
            except (KafkaError, NotReadyError):
                continue
            return

    client = threading.Thread(target=ask)
    client.start()
    try:
        yield answers
        client.join(PATIENCE)
    finally:
        over.set()
        client.join(PATIENCE)


def test_transactions_left_open_are_ended_as_they_were_decided_before_anybody_reaches_the_broker(
    started: EmbeddedBroker,
) -> None:
    """Committed, aborted, prepared and torn ones, while a client that comes back at once asks for the broker."""
    bootstrap = started.bootstrap
    with (
        open_transaction(bootstrap, "to-commit", [0], offsets=True),
        open_transaction(bootstrap, "to-abort", [1]),
        open_transaction(bootstrap, "prepared", [2]),
        open_transaction(bootstrap, "torn", [3, 4]),
    ):
        rewrite(bootstrap, "to-commit", [State.PREPARE_COMMIT, State.COMPLETE_COMMIT])
        rewrite(bootstrap, "to-abort", [State.PREPARE_ABORT, State.COMPLETE_ABORT], version=0)
        rewrite(bootstrap, "prepared", [State.PREPARE_COMMIT])
        rewrite(bootstrap, "torn", [State.PREPARE_COMMIT, State.COMPLETE_COMMIT])
        with Coordinator(Connection(bootstrap)) as coordinator:
            (half,) = [
                found
                for found in coordinator.open_transactions()
                if (found.topic, found.partition) == (TOPIC, 4)
            ]
            coordinator.write_marker(half, commit=True)
        assert len(opened(bootstrap)) == 5  # partitions 0 to 3, and one of __consumer_offsets
        started.kill()
    started.stop()

    with asking_all_the_time(bootstrap) as hanging_at_first:
        assert started.start() == bootstrap

    assert hanging_at_first == [[]]
    decisions = {
        (found.open.topic, found.open.partition): found.decision for found in started.checked.hanging
    }
    # What was only prepared is for the coordinator to finish. Often it does; often it loses the very race of K1.
    assert decisions.pop((TOPIC, 2), "commit") == "commit"
    assert {place: decision for place, decision in decisions.items() if place[0] == TOPIC} == {
        (TOPIC, 0): "commit",
        (TOPIC, 1): "abort",
        (TOPIC, 3): "commit",
    }
    assert opened(bootstrap) == []
    assert committed(bootstrap, 0) == [b"to-commit"]
    assert committed(bootstrap, 1) == []
    assert committed(bootstrap, 2) == [b"prepared"]
    assert committed(bootstrap, 3) == committed(bootstrap, 4) == [b"torn"]
    client = admin(Connection(bootstrap))
    offsets = client.list_group_offsets({GROUP: None})
    client.close()
    assert offsets[GROUP][TopicPartition(TOPIC, 0)].offset == 1


def test_an_unknown_end_is_reported_and_not_touched(started: EmbeddedBroker) -> None:
    bootstrap = started.bootstrap
    with (
        open_transaction(bootstrap, "forgotten", [0]),
        open_transaction(bootstrap, "known", [1]),
        open_transaction(bootstrap, "second", [2], committed_before=True),
    ):
        rewrite(bootstrap, "forgotten", [None])
        # That its transaction before was committed, on the same partition and by the same epoch, decides nothing about this one.
        rewrite(bootstrap, "second", [None])
        rewrite(bootstrap, "known", [State.PREPARE_COMMIT, State.COMPLETE_COMMIT])
        started.kill()
    started.stop()

    with pytest.raises(UndecidedTransactionError, match="left open by a crash") as caught:
        started.start()

    assert started.status() is None
    undecided = caught.value.report.undecided
    assert [(found.open.topic, found.open.partition, found.repaired) for found in undecided] == [
        (TOPIC, 0, False),
        (TOPIC, 2, False),
    ]
    assert "forgotten" in undecided[0].evidence
    assert "no decision" in undecided[1].evidence
    (repaired,) = [other for other in caught.value.report.hanging if other not in undecided]
    assert (repaired.open.partition, repaired.decision, repaired.repaired) == (1, "commit", True)

    # The broker was stopped in order now, but the check has not passed: it is made again, until a person decides.
    assert (started.data_dir / "transactions-unchecked").exists()
    deciding = EmbeddedBroker(started.data_dir, settings=QUICK, settle="abort")
    with deciding:
        assert opened(deciding.bootstrap) == []
        assert committed(deciding.bootstrap, 0) == []
        assert committed(deciding.bootstrap, 1) == [b"known"]
        assert committed(deciding.bootstrap, 2) == [b"before"]
        assert check_and_repair(Connection(deciding.bootstrap)).hanging == ()
    assert not (started.data_dir / "transactions-unchecked").exists()


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("again", [True, False])
def test_what_others_do_meanwhile_is_not_taken_for_hanging(busy: str, before: bool, again: bool) -> None:
    """A live writer ends its transaction, and may begin the next one there, before or after the check reads the log."""
    writer = KafkaProducer(bootstrap_servers=busy, transactional_id=f"{before}-{again}")
    writer.init_transactions()

    def begin() -> None:
        writer.begin_transaction()
        writer.send(TOPIC, value=b"v", partition=0).get(10)

    def go_on() -> None:
        writer.commit_transaction()
        if again:
            begin()

    class Meddled(Coordinator):
        def read_log(self, topic: str = TRANSACTION_LOG) -> Iterator[RawRecord]:
            if before:
                go_on()
            yield from super().read_log(topic)
            if not before:
                go_on()

    begin()
    with Meddled(Connection(busy)) as coordinator:
        report = _look(coordinator)
    if again:
        writer.commit_transaction()
    writer.close()
    assert report is None or report.hanging == ()
