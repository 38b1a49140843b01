"""D22: a join that ends between two polls of a member, as it does for one that is busy, or that shares a thread with another."""

from __future__ import annotations

from typing import Any

import pytest
from waiting import until

from newswire.log.client import member_consumer
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


def _generations(log: KafkaLog) -> tuple[int, int]:
    """Return in which generation of its group a member was when its join had ended between two polls, and in which it begins to read."""
    member = _joining(log)
    group = member._coordinator
    until(lambda: bool(group._join_task.is_done), "the join ends while nobody polls")
    joined = int(group._generation.generation_id)

    def reads() -> bool:
        member.poll(timeout_ms=200)
        return bool(member.assignment())

    until(reads, "the member has partitions")
    begun = int(group._generation.generation_id)
    member.close(autocommit=False)
    return joined, begun


def _joining(log: KafkaLog) -> Any:
    """Return a member whose join is under way after a poll.

    On a busy machine a join may begin and end within one poll: then another member has to do.
    """
    to = log.connection
    for number in range(20):
        member: Any = member_consumer(
            to, group=f"{to.namespace}group-{number}", slot_id=f"{to.namespace}member"
        )
        member.subscribe([f"{to.namespace}in"])
        member.partitions_for_topic(f"{to.namespace}in")

        def polled(member: Any = member) -> bool:
            member.poll(timeout_ms=1)
            return member._coordinator._join_task is not None or bool(member.assignment())

        until(polled, "the member joins its group")
        if not member.assignment():
            return member
        member.close(autocommit=False)
    raise AssertionError("every join has ended within a poll")


def test_d22_the_client_still_forgets_such_a_join(log: KafkaLog, monkeypatch: pytest.MonkeyPatch) -> None:
    from kafka.coordinator.consumer import ConsumerCoordinator

    monkeypatch.delattr(ConsumerCoordinator, "join_group_async")
    joined, begun = _generations(log)
    # If they are equal, D22 is mended.
    assert begun > joined


def test_d22_ours_takes_what_it_was_assigned(log: KafkaLog) -> None:
    joined, begun = _generations(log)
    assert begun == joined
