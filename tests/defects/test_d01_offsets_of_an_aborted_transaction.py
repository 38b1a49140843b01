"""D1: offsets that an aborted transaction was to commit are committed by the next one, of partitions perhaps no longer owned."""

from __future__ import annotations

import pytest
from copying import copies, offsets, open_slot, publish, values, window_of
from waiting import until

from newswire.errors import StageError
from newswire.log.client import ConsumerGroupMetadata, KafkaError, OffsetAndMetadata, TopicPartition
from newswire.log.contract import Window
from newswire.log.kafka import KafkaLog

pytestmark = pytest.mark.broker


def _places(log: KafkaLog) -> list[TopicPartition]:
    return [TopicPartition(f"{log.connection.namespace}in", partition) for partition in (0, 1)]


def test_d01_the_client_still_commits_offsets_of_an_aborted_transaction(log: KafkaLog, bare: object) -> None:
    producer, (first, second) = bare, _places(log)
    group = f"{log.connection.namespace}copy"
    producer.begin_transaction()
    with pytest.raises(KafkaError):
        producer.send_offsets_to_transaction(
            {first: OffsetAndMetadata(10, "", -1), second: OffsetAndMetadata(99, "", -1)},
            ConsumerGroupMetadata(group, 7, "a-member-that-is-none", None),
        )
    producer.abort_transaction()
    producer.begin_transaction()
    producer.send_offsets_to_transaction(
        {first: OffsetAndMetadata(3, "", -1)}, ConsumerGroupMetadata(group, -1, "", None)
    )
    producer.commit_transaction()
    until(lambda: 0 in log.group_offsets("copy", "in"), "the group's offset")
    assert log.group_offsets("copy", "in") == {0: 3, 1: 99}, (
        "D1 is mended: a producer may be used after an abort"
    )


def test_d01_our_slot_ends_instead_and_its_successor_commits_only_its_own(log: KafkaLog) -> None:
    expected = publish(log, "a", "b", partition=0) + publish(log, "c", partition=1)
    slot = open_slot(log)
    window = window_of(slot)
    snapshot, count = window.membership
    stale = snapshot._replace(member_id="a-member-that-is-none")
    # The broker refuses the member, as it does after a rebalance that the client has not noticed yet.
    slot._check = lambda membership: stale
    with pytest.raises(StageError, match="start the stage again"):
        slot.commit(Window(window.records, (stale, count)), copies(window.records), {0: 10, 1: 99})
    del slot._check
    with pytest.raises(StageError, match="not to be used again"):
        slot.commit(window, copies(window.records), offsets(window.records))
    assert log.group_offsets("copy", "in") == {}
    successor = open_slot(log)
    while values(log, "out") != expected:
        window = window_of(successor)
        successor.commit(window, copies(window.records), offsets(window.records))
        for partition, offset in log.group_offsets("copy", "in").items():
            assert offset <= log.end_offsets("in", committed=False)[partition]
    successor.close()
    slot.close()
