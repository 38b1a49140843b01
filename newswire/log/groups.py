"""Groups of consumers, as the broker knows them: which there are, who is in them, and where they begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from newswire.errors import BrokerError
from newswire.log.client import OffsetAndMetadata, TopicPartition, UnknownMemberIdError


class Groups:
    """Of one namespace, which stands before all names in Kafka and in none here. `ask` asks the broker, again where that may help."""

    def __init__(self, ask: Callable[[Callable[[Any], Any]], Any], namespace: str) -> None:
        self._ask = ask
        self._namespace = namespace

    def names(self) -> list[str]:
        """Return the groups that have a position or members."""
        found = sorted(group["group_id"] for group in self._ask(lambda broker: broker.list_groups()))
        return [name.removeprefix(self._namespace) for name in found if name.startswith(self._namespace)]

    def topics(self, group: str) -> list[str]:
        """Return the topics in which a group has a position."""
        name = self._namespace + group
        found = self._ask(lambda broker: broker.list_group_offsets({name: None})).get(name, {})
        topics = sorted({tp.topic for tp, at in found.items() if at.offset >= 0})
        return [topic.removeprefix(self._namespace) for topic in topics if topic.startswith(self._namespace)]

    def members(self, group: str) -> dict[str, str]:
        """Return who reads for a group now: the slot, or the client's own name for itself -> the host it is on, as the broker sees it."""
        name = self._namespace + group
        found = self._ask(lambda broker: broker.describe_groups([name])).get(name, {})
        return {
            (member["group_instance_id"] or member["member_id"]).removeprefix(self._namespace): member[
                "client_host"
            ].removeprefix("/")
            for member in found.get("members", ())
        }

    def begin(self, group: str, topic: str, start: Mapping[int, int]) -> None:
        """Give a group its first position in partitions. Raises BrokerError when the broker refuses."""
        new = {
            TopicPartition(self._namespace + topic, p): OffsetAndMetadata(offset, "", -1)
            for p, offset in start.items()
        }
        name = self._namespace + group
        for tp, answer in self._ask(lambda broker: broker.alter_group_offsets(name, new)).items():
            # Unknown member: refused, because the group has members. Then one of them has said where it begins.
            if answer.errno not in (0, UnknownMemberIdError.errno):
                raise BrokerError(
                    f"the position of group {group} in {topic} {tp.partition} cannot be set: {answer.__name__}"
                )
