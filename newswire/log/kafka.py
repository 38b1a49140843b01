"""The log on Kafka."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newswire.errors import BrokerError
from newswire.log.administration import Administration
from newswire.log.client import (
    AuthorizationError,
    Connection,
    IsolationLevel,
    OffsetSpec,
    TopicPartition,
    error_for_code,
    set_topic_config,
    topic_configs,
)
from newswire.log.contract import Record, TopicSpec
from newswire.log.groups import Groups
from newswire.log.readers import Readers
from newswire.log.slot import KafkaSlot
from newswire.log.subscription import KafkaSubscription
from newswire.log.writer import KafkaWriter


class KafkaLog:
    """`Log` on Kafka. One administration connection, made at first use."""

    def __init__(self, to: Connection) -> None:
        self.connection = to
        self._namespace = to.namespace
        self._readers = Readers(to)
        self._admin = Administration(to, on_loss=self._readers.close)

    def create(self, topics: Sequence[TopicSpec]) -> list[str]:
        """Create missing topics and wait until they can be used; return their names."""
        known = self.topics()
        missing = [spec for spec in topics if spec.name not in known]
        if missing:
            asked = {
                self._namespace + spec.name: {
                    "num_partitions": spec.partitions,
                    "replication_factor": -1,
                    "configs": dict(spec.configs),
                }
                for spec in missing
            }
            answer = self._admin.ask(
                lambda broker: broker.create_topics(asked, raise_errors=False, wait_for_metadata=False)
            )
            for made in answer.get("topics", ()):
                # 36: another process created it in the meantime, which is just as good.
                if made.get("error_code", 0) not in (0, 36):
                    raise BrokerError(
                        f"topic {made['name']} could not be created: {made.get('error_message') or made['error_code']}"
                    )
            self._admin.ask(lambda broker: broker.wait_for_topics(list(asked)))
        return [spec.name for spec in missing]

    def delete(self, topics: Sequence[str]) -> None:
        """Delete topics that there are."""
        there = [self._namespace + name for name in topics if name in self.topics()]
        if there:
            self._admin.ask(lambda broker: broker.delete_topics(there))

    def topics(self) -> dict[str, int]:
        """Return topics and partition counts."""
        return {
            found["name"].removeprefix(self._namespace): len(found["partitions"])
            for found in self._admin.ask(lambda broker: broker.describe_topics())
            if not found.get("is_internal") and found["name"].startswith(self._namespace)
        }

    def exists(self, topic: str) -> bool:
        """Return whether there is a topic. Raises AuthorizationError where we may not know: `topics` leaves such ones out."""
        return self._described(topic) is not None

    def identity(self, topic: str) -> str:
        """Return Kafka's id of the topic."""
        return str(self._describe(topic)["topic_id"])

    def configs(self, topics: list[str]) -> dict[str, dict[str, str]]:
        """Return the settings of topics as the broker sees them."""
        asked = [self._namespace + name for name in topics]
        found = self._admin.ask(lambda broker: topic_configs(broker, asked))
        return {name.removeprefix(self._namespace): settings for name, settings in found.items()}

    def configure(self, topic: str, name: str, value: str) -> None:
        """Set one setting of a topic."""
        self._admin.ask(lambda broker: set_topic_config(broker, self._namespace + topic, name, value))

    def _described(self, topic: str) -> Any:
        name = self._namespace + topic
        found = self._admin.ask(lambda broker: broker.describe_topics([name]))[0]
        error = error_for_code(found["error_code"])
        if issubclass(error, AuthorizationError):
            raise error(name)
        return None if found["error_code"] else found

    def _describe(self, topic: str) -> Any:
        found = self._described(topic)
        if found is None:
            raise BrokerError(
                f"there is no topic {self._namespace}{topic} at {self.connection.bootstrap_servers}: "
                "make the topics with `newswire topics create`"
            )
        return found

    def _partitions(self, topic: str) -> list[TopicPartition]:
        return [
            TopicPartition(self._namespace + topic, n)
            for n in range(len(self._describe(topic)["partitions"]))
        ]

    def _list_offsets(self, asked: Mapping[Any, Any], *, committed: bool = False) -> Any:
        level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
        return self._admin.ask(lambda broker: broker.list_partition_offsets(asked, isolation_level=level))

    def _offsets(self, topic: str, spec: Any, *, committed: bool = False) -> dict[int, int]:
        found = self._list_offsets(dict.fromkeys(self._partitions(topic), spec), committed=committed)
        return {tp.partition: found[tp].offset for tp in sorted(found)}

    def first_offsets(self, topic: str) -> dict[int, int]:
        """Return the first offset kept."""
        return self._offsets(topic, OffsetSpec.EARLIEST)

    def end_offsets(self, topic: str, *, committed: bool = True) -> dict[int, int]:
        """Return last stable offsets, or high watermarks."""
        return self._offsets(topic, OffsetSpec.LATEST, committed=committed)

    def below_end(self) -> dict[tuple[str, int], tuple[int, int]]:
        """Return (topic, partition) -> (last stable offset, offset after the last record), where the first has not reached the second.

        Of the pipeline's topics, and of Kafka's own topic of group offsets: what is unstable there is an offset that nobody can fetch.
        """
        ours = tuple(self._namespace + room for room in ("news.", "newswire."))
        asked = {
            TopicPartition(found["name"], partition["partition_index"]): OffsetSpec.LATEST
            for found in self._admin.ask(lambda broker: broker.describe_topics())
            if found["name"].startswith(ours) or found["name"] == "__consumer_offsets"
            for partition in found["partitions"]
        }
        written = self._list_offsets(asked)
        stable = self._list_offsets(asked, committed=True)
        return {
            (tp.topic.removeprefix(self._namespace), tp.partition): (stable[tp].offset, written[tp].offset)
            for tp in sorted(asked)
            if stable[tp].offset < written[tp].offset
        }

    def replicas(self, topics: Sequence[str]) -> dict[str, int]:
        """Return on how many brokers each topic is kept: the smallest number of its partitions."""
        return {
            topic: min(len(partition["replica_nodes"]) for partition in self._describe(topic)["partitions"])
            for topic in topics
        }

    def brokers(self) -> int:
        """Return how many brokers there are."""
        return len(self._admin.ask(lambda broker: broker.describe_cluster())["brokers"])

    def offsets_at(self, topic: str, timestamp_ms: int) -> dict[int, int]:
        """Return first offsets at or after a time; the end where there is none."""
        found, ends = self._offsets(topic, timestamp_ms), self.end_offsets(topic)
        return {partition: offset if offset >= 0 else ends[partition] for partition, offset in found.items()}

    def group_offsets(self, group: str, topic: str) -> dict[int, int]:
        """Return committed offsets of a group."""
        name = self._namespace + group
        asked = {name: self._partitions(topic)}
        found = self._admin.ask(lambda broker: broker.list_group_offsets(asked))
        return {tp.partition: at.offset for tp, at in sorted(found.get(name, {}).items()) if at.offset >= 0}

    @property
    def groups(self) -> Groups:
        """The groups of consumers of this namespace."""
        return Groups(self._admin.ask, self._namespace)

    def delete_records(self, topic: str, before: Mapping[int, int]) -> None:
        """Delete the records of partitions before the given offsets, for good."""
        asked = {TopicPartition(self._namespace + topic, p): offset for p, offset in before.items()}
        self._admin.ask(lambda broker: broker.delete_records(asked))

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        """Yield committed records in `[start, end)`, waiting for open transactions below `end`."""
        return self._readers.read(topic, partition, start, end)

    def slot(self, *, topic: str, group: str, slot_id: str) -> KafkaSlot:
        """Join a group as a static member."""
        self._admin.knock()
        return KafkaSlot(self.connection, topic=topic, group=group, slot_id=slot_id)

    def writer(self, writer_id: str) -> KafkaWriter:
        """Return a transactional writer."""
        self._admin.knock()
        return KafkaWriter(self.connection, writer_id)

    def subscribe(
        self, topic: str, *, start: Mapping[int, int] | None, group: str | None = None
    ) -> KafkaSubscription:
        """Follow a topic."""
        partitions = self._partitions(topic)
        if group is not None and start:
            self._begin(group, topic, start)
        return KafkaSubscription(
            self.connection,
            topic,
            partitions,
            start=start,
            group=group,
            ends=lambda: self.end_offsets(topic, committed=False),
        )

    def _begin(self, group: str, topic: str, start: Mapping[int, int]) -> None:
        """Give a group a position where it has none."""
        known = self.group_offsets(group, topic)
        self.groups.begin(group, topic, {p: offset for p, offset in start.items() if p not in known})

    def close(self) -> None:
        """Close the administration connection and readers."""
        self._readers.close()
        self._admin.close()
