"""D14, D14b: the membership that the client tells at commit time is not the one under which the records were read.

JoinGroup and SyncGroup run on the client's own thread: one short poll that times out starts them, and the generation then moves on
without another poll, while `assignment()` is still the old one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from copying import copies, copy, offsets, open_slot, publish, values, window_of
from waiting import PATIENCE, until

from newswire.errors import StageError
from newswire.log.client import ConsumerGroupMetadata, TopicPartition
from newswire.log.contract import Moved, Window
from newswire.log.kafka import KafkaLog
from newswire.log.transaction import TransactionalProducer

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


@contextmanager
def _generation_moves_on_without_a_poll(log: KafkaLog, first: Any) -> Iterator[None]:
    """Bring `first` to where it has rejoined without having polled again: with its old assignment, under the new generation.

    While the block runs another slot is a member, and copies what it is given.
    """
    stop = threading.Event()
    second = open_slot(log, 1)
    other = threading.Thread(target=copy, args=(second, stop))
    consumer = first._consumer
    generation = consumer.group_metadata().generation_id
    other.start()
    try:
        # The heartbeat has heard that the group rebalances; nobody has polled.
        until(consumer._coordinator.need_rejoin, "the first member hears of the second")
        assert consumer.group_metadata().generation_id == generation
        consumer.poll(timeout_ms=1)
        until(
            lambda: consumer.group_metadata().generation_id > generation,
            "the generation moves on by itself",
        )
        yield
    finally:
        stop.set()
        other.join(PATIENCE)


def _filled(log: KafkaLog) -> Any:
    return publish(log, "a", "b", partition=0) + publish(log, "c", "d", partition=1)


def _whole(slot: Any) -> Window:
    """Return one window with all that was published."""
    window = window_of(slot)
    while len(window.records) < 4:
        slot.rewind()
        window = window_of(slot)
    return window


def test_d14_the_membership_at_commit_time_still_fences_nobody(log: KafkaLog) -> None:
    _filled(log)
    first = open_slot(log)
    window = _whole(first)
    by_partition = {TopicPartition(first._topic, p): offset for p, offset in offsets(window.records).items()}
    with _generation_moves_on_without_a_poll(log, first):
        now = first._consumer.group_metadata()
        # What a loop would write that asks for the membership when it commits: taken, though the partitions have moved.
        first._producer.write([], by_partition, now)
    first._producer.close()
    first._consumer.close(autocommit=False, timeout_ms=2_000)


def test_d14_the_membership_noted_beside_the_records_is_refused_by_the_broker(log: KafkaLog) -> None:
    _filled(log)
    first = open_slot(log)
    window = _whole(first)
    snapshot, _ = window.membership
    # The wall behind the next test's: if the slot did not notice, the broker would refuse.
    first._check = lambda membership: snapshot
    with _generation_moves_on_without_a_poll(log, first):
        with pytest.raises(StageError, match=r"IllegalGeneration|CommitFailed|Fenced"):
            first.commit(window, copies(window.records), offsets(window.records))
        first._consumer.close(autocommit=False, timeout_ms=2_000)
        first._producer.close()


def test_d14_our_slot_throws_the_window_away_and_nothing_is_lost_or_repeated(log: KafkaLog) -> None:
    expected = _filled(log)
    first = open_slot(log)
    window = _whole(first)
    with _generation_moves_on_without_a_poll(log, first):
        with pytest.raises(Moved):
            first.commit(window, copies(window.records), offsets(window.records))
        first.rewind()
        stop = threading.Event()
        mine = threading.Thread(target=copy, args=(first, stop))
        mine.start()
        until(lambda: values(log, "out").total() >= expected.total(), "both copy everything")
        stop.set()
        mine.join(PATIENCE)
    assert values(log, "out") == expected


def test_d14b_a_commit_of_no_member_is_still_taken_unchecked(log: KafkaLog) -> None:
    _filled(log)
    holder = open_slot(log)
    _whole(holder)
    stranger = TransactionalProducer(log.connection, "stranger")
    nobody = ConsumerGroupMetadata(f"{log.connection.namespace}copy", -1, "", None)
    # Kafka's own rule, kept for clients that know no groups: it will not change, so our slot never commits as nobody.
    stranger.write([], {TopicPartition(f"{log.connection.namespace}in", 0): 1}, nobody)
    stranger.close()
    until(lambda: log.group_offsets("copy", "in"), "the group's offset")
    assert log.group_offsets("copy", "in") == {0: 1}
    holder.close()


def test_d14b_our_slot_commits_nothing_as_nobody(log: KafkaLog) -> None:
    expected = _filled(log)
    slot = open_slot(log)
    window = _whole(slot)
    # What the client's heartbeat does when the broker no longer knows the member.
    slot._consumer._coordinator.reset_generation()
    assert slot._consumer.group_metadata().generation_id < 0
    with pytest.raises(Moved):
        slot.commit(
            Window(window.records, slot.membership()), copies(window.records), offsets(window.records)
        )
    assert values(log, "out") == {}
    slot.rewind()
    while values(log, "out") != expected:
        window = window_of(slot)
        slot.commit(window, copies(window.records), offsets(window.records))
    slot.close()
