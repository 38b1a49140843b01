"""D22: a join that ends between two polls of a member, as it does for one that is busy, or that shares a thread with another."""

from __future__ import annotations

from typing import Any

import pytest
from copying import until

from newswire.log.client import member_consumer
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


def _generations(log: KafkaLog) -> tuple[int, int]:
    """Return in which generation of its group a member was when its join had ended between two polls, and in which it begins to read."""
    to = log.connection
    member: Any = member_consumer(to, group=f"{to.namespace}group", slot_id=f"{to.namespace}member")
    member.subscribe([f"{to.namespace}in"])
    member.partitions_for_topic(f"{to.namespace}in")
    group = member._coordinator

    def joins() -> bool:
        member.poll(timeout_ms=1)
        return group._join_task is not None

    until(joins, "the member joins its group")
    join = group._join_task
    until(lambda: bool(join.is_done), "the join ends while nobody polls")
    joined = int(group._generation.generation_id)

    def reads() -> bool:
        member.poll(timeout_ms=200)
        return bool(member.assignment())

    until(reads, "the member has partitions")
    begun = int(group._generation.generation_id)
    member.close(autocommit=False)
    return joined, begun


def test_d22_the_client_still_forgets_such_a_join(log: KafkaLog, monkeypatch: pytest.MonkeyPatch) -> None:
    from kafka.coordinator.consumer import ConsumerCoordinator

    monkeypatch.delattr(ConsumerCoordinator, "join_group_async")
    joined, begun = _generations(log)
    # If they are equal, D22 is mended.
    assert begun > joined


def test_d22_ours_takes_what_it_was_assigned(log: KafkaLog) -> None:
    joined, begun = _generations(log)
    assert begun == joined
