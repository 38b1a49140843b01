"""D11, D13, D16, D19: rebalance listeners, the pause between transactions, fenced members, offsets that are not stable."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from copying import (
    WINDOW,
    copied_by_restarts,
    copier,
    copies,
    copy,
    offsets,
    open_slot,
    outgoing,
    publish,
    said,
    values,
    window_of,
)
from kafka import KafkaProducer
from waiting import PATIENCE, until

from newswire.errors import StageError
from newswire.log.client import (
    ConsumerGroupMetadata,
    ConsumerRebalanceListener,
    OffsetAndMetadata,
    TopicPartition,
    member_consumer,
    transactional_producer,
)
from newswire.log.contract import Moved
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.log.transaction import TransactionalProducer

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


class _Commits(ConsumerRebalanceListener):
    """Commits when partitions go, as is usual in other clients."""

    def __init__(self) -> None:
        self.consumer = None
        self.errors = []

    def on_partitions_revoked(self, revoked: object) -> None:
        try:
            self.consumer.commit()
        except RuntimeError as error:
            self.errors.append(str(error))

    def on_partitions_assigned(self, assigned: object) -> None:
        pass


def test_d11_the_client_still_cannot_commit_in_a_rebalance_listener(log: KafkaLog) -> None:
    publish(log, "a")
    listener = _Commits()
    consumer = member_consumer(log.connection, group=f"{log.connection.namespace}bare", slot_id=None)
    listener.consumer = consumer
    consumer.subscribe([f"{log.connection.namespace}in"], listener=listener)
    until(lambda: bool(consumer.poll(timeout_ms=200)), "the first member reads")
    second = member_consumer(log.connection, group=f"{log.connection.namespace}bare", slot_id=None)
    second.subscribe([f"{log.connection.namespace}in"])
    try:
        until(
            lambda: (consumer.poll(timeout_ms=100), second.poll(timeout_ms=100), second.assignment())[-1],
            "the second member gets partitions",
        )
    finally:
        consumer.close(autocommit=False, timeout_ms=2_000)
        second.close(autocommit=False, timeout_ms=2_000)
    assert any("IO thread" in error for error in listener.errors), (
        "D11 is mended: a listener may use the consumer"
    )


def _rebalanced(slot: Any, since: int) -> bool:
    with suppress(Moved):
        slot.poll(WINDOW, 0.1)
    return slot._rebalances.count > since


def test_d11_our_listener_only_counts_and_the_window_is_thrown_away(log: KafkaLog) -> None:
    expected = publish(log, "a", partition=0) + publish(log, "b", partition=1)
    first = open_slot(log, 0)
    window = window_of(first)
    counted = first._rebalances.count
    stop = threading.Event()
    copying = [threading.Thread(target=copy, args=(open_slot(log, 1), stop))]
    copying[0].start()
    until(first._consumer._coordinator.need_rejoin, "the first member hears of the second")
    until(lambda: _rebalanced(first, counted), "the first member takes part in the rebalance")
    with pytest.raises(Moved):
        first.commit(window, copies(window.records), offsets(window.records))
    first.rewind()
    copying.append(threading.Thread(target=copy, args=(first, stop)))
    copying[1].start()
    until(lambda: values(log, "out").total() >= expected.total(), "both copy everything")
    stop.set()
    for thread in copying:
        thread.join(PATIENCE)
    assert values(log, "out") == expected


def _always_concurrent(producer: Any) -> None:
    """Have every request of a transaction taken for one that the broker has refused once: the transaction before is being completed."""
    manager = producer._sender._transaction_manager
    following = manager.next_request_handler

    def refused_once(*given: object) -> object:
        handler = following(*given)
        if handler is not None:
            handler._is_retry = True
        return handler

    manager.next_request_handler = refused_once


def test_d13_transactions_back_to_back_do_not_wait_for_the_clients_long_pause(log: KafkaLog) -> None:
    """Ours beside those of the client as it comes, which pauses for 100 ms whenever the one before is still being completed."""
    ours = TransactionalProducer(log.connection, "ours")
    theirs = transactional_producer(log.connection, f"{log.connection.namespace}theirs")
    theirs._sender.config["retry_backoff_ms"] = KafkaProducer.DEFAULT_CONFIG["retry_backoff_ms"]
    theirs.init_transactions()
    _always_concurrent(ours._producer)
    _always_concurrent(theirs)

    def write_theirs(name: str) -> None:
        theirs.begin_transaction()
        theirs.send(f"{log.connection.namespace}out", name.encode(), partition=1)
        theirs.commit_transaction()

    took: dict[str, list[float]] = {"ours": [], "theirs": []}
    for number in range(10):  # in turn, so that both meet the same load
        began = time.monotonic()
        ours.write([outgoing("out", f"ours {number}")])
        took["ours"].append(time.monotonic() - began)
        began = time.monotonic()
        write_theirs(f"theirs {number}")
        took["theirs"].append(time.monotonic() - began)
    ours.close()
    theirs.close()
    # The quickest of each: what the machine was busy with in between is in neither.
    assert min(took["ours"]) < min(took["theirs"]), took
    assert values(log, "out") == {f"{who} {number}": 1 for who in took for number in range(10)}


def test_d16_a_member_that_was_fenced_ends_and_nothing_is_copied_twice(log: KafkaLog, tmp_path: Path) -> None:
    """The slot in two folders, so that no lock keeps the second process away: the second one takes it, the first one ends."""
    expected = publish(log, "a")
    with copier(log, tmp_path / "first") as first:
        until(lambda: values(log, "out") == expected, "the first process copies")
        with copier(log, tmp_path / "second") as second:
            numbers = itertools.count(1)

            def goes_on() -> None:
                number = next(numbers)
                expected.update(publish(log, f"b-{number}", partition=number % 2))

            until(lambda: first.poll() is not None, "the first process ends", meanwhile=goes_on)
            assert first.returncode == StageError.exit_code, said(tmp_path / "first")
            until(
                lambda: second.poll() is not None or values(log, "out") == expected,
                "the second process goes on, or was fenced itself",
            )
    copied_by_restarts(log, tmp_path / "first", expected)


@contextmanager
def _unstable(log: KafkaLog, offset: int) -> Iterator[object]:
    """An offset of the group stands in a transaction that its producer does not end while the block runs."""
    producer = transactional_producer(
        replace(log.connection, limits=Limits(transaction_ms=60_000)), f"{log.connection.namespace}holder"
    )
    producer.init_transactions()
    producer.begin_transaction()
    place = TopicPartition(f"{log.connection.namespace}in", 0)
    producer.send_offsets_to_transaction(
        {place: OffsetAndMetadata(offset, "", -1)},
        ConsumerGroupMetadata(f"{log.connection.namespace}copy", -1, "", None),
    )
    yield producer
    producer._sender.force_close()


def _values(slot: Any) -> list[bytes]:
    """Return what comes next to a slot that has little patience with a busy broker."""
    try:
        window = slot.poll(WINDOW, 0.5)
    except Moved:
        until(lambda: _rewinds(slot), "the slot's offsets")
        window = None
    return [] if window is None else [record.value for record in window.records]


def _rewinds(slot: Any) -> bool:
    try:
        slot.rewind()
    except StageError:
        return False
    return True


def test_d19_an_offset_in_an_open_transaction_is_explained_and_waited_for(log: KafkaLog) -> None:
    publish(log, "a", "b")
    impatient = KafkaLog(replace(log.connection, limits=Limits(committed_ms=500)))
    slot = open_slot(impatient)
    until(lambda: _values(slot), "the records")
    with _unstable(log, 1) as producer:
        with pytest.raises(
            StageError,
            match=r"in/0: it does not answer, or the offset stands in a transaction .*newswire doctor",
        ):
            slot.rewind()
        producer.commit_transaction()
    # The transaction is being completed, which may take longer than so little patience.
    until(lambda: _rewinds(slot), "the offset is stable")
    assert until(lambda: _values(slot), "the second record") == [b"b"]
    slot.close()
    impatient.close()
