"""What is used of kafka-python, which has no types: everything beyond here is typed.

Only this module and `newswire.log.mends`, which mends some of it, import it.

The settings are those that were measured to survive faults; each says why it is not the default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kafka import (
    ConsumerGroupMetadata,
    ConsumerRebalanceListener,
    IsolationLevel,
    KafkaAdminClient,
    KafkaConsumer,
    KafkaProducer,
    OffsetAndMetadata,
    OffsetSpec,
    TopicPartition,
)
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    MemberToRemove,
    ResourcePattern,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.errors import (
    AuthorizationError,
    InvalidTransactionTimeoutError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NodeNotReadyError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    UnknownMemberIdError,
    UnknownTopicOrPartitionError,
)
from kafka.errors import for_code as error_for_code
from kafka.net.sasl import get_sasl_mechanism
from kafka.net.sasl.oauth import AbstractTokenProvider
from kafka.protocol.producer.transaction import WriteTxnMarkersRequest
from kafka.serializer import Serializer

from newswire.errors import BrokerError
from newswire.log import mends
from newswire.log.limits import MAX_REQUEST_BYTES, SESSION_TIMEOUT_MS, TRANSACTION_TIMEOUT_MS, Limits

__all__ = [
    "MAX_REQUEST_BYTES",
    "NOTHING",
    "SESSION_TIMEOUT_MS",
    "TRANSACTION_TIMEOUT_MS",
    "AuthorizationError",
    "Connection",
    "ConsumerGroupMetadata",
    "ConsumerRebalanceListener",
    "InvalidTransactionTimeoutError",
    "IsolationLevel",
    "KafkaConnectionError",
    "KafkaError",
    "KafkaTimeoutError",
    "NodeNotReadyError",
    "NotCoordinatorError",
    "OffsetAndMetadata",
    "OffsetSpec",
    "TopicAlreadyExistsError",
    "TopicPartition",
    "UnknownMemberIdError",
    "UnknownTopicOrPartitionError",
    "WriteTxnMarkersRequest",
    "acl",
    "admin",
    "consumer",
    "error_for_code",
    "member_consumer",
    "remove_member",
    "sasl_mechanism",
    "scram_user",
    "token_provider",
    "topic_configs",
    "transactional_producer",
]


@dataclass(frozen=True, slots=True)
class Connection:
    """Where Kafka is and how to get in."""

    bootstrap_servers: str
    """`host:port`, several separated by commas."""
    security: dict[str, Any] = field(default_factory=dict, repr=False)
    """kafka-python's security settings (`security_protocol`, `ssl_*`, `sasl_*`). Kept out of `repr`: they hold secrets."""
    namespace: str = ""
    """Put before the name of every topic, group and transactional id, so that several pipelines share one Kafka without meeting."""
    limits: Limits = field(default_factory=Limits)
    """Times and sizes of the clients."""

    @property
    def guarded(self) -> bool:
        """Whether the broker is to be met with TLS or a login."""
        return bool(self.security.get("security_protocol", "PLAINTEXT") != "PLAINTEXT")

    def _common(self, bootstrap_timeout_ms: int = 10_000) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "client_id": "newswire",
            "bootstrap_timeout_ms": bootstrap_timeout_ms,
            "reconnect_backoff_max_ms": 500,
            "retry_backoff_ms": 20,
            **self.security,
        }


def admin(to: Connection, *, bootstrap_timeout_ms: int = 10_000) -> Any:
    """Return an administration client."""
    return KafkaAdminClient(**to._common(bootstrap_timeout_ms), request_timeout_ms=15_000)  # noqa: SLF001 - one module


def consumer(to: Connection, **overrides: Any) -> Any:
    """Return a consumer of committed records that belongs to no group and commits nothing by itself."""
    settings = {
        **to._common(),  # noqa: SLF001 - one module
        "isolation_level": to.limits.isolation,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "allow_auto_create_topics": False,
        "max_partition_fetch_bytes": to.limits.partition_fetch_bytes,
        "fetch_max_bytes": to.limits.fetch_bytes,
        "fetch_max_wait_ms": 100,
    }
    return KafkaConsumer(**(settings | overrides))


def member_consumer(to: Connection, *, group: str, slot_id: str | None, **overrides: Any) -> Any:
    """Return a consumer that is a member of a group: a static one under `slot_id`, a dynamic one without."""
    settings: dict[str, Any] = {
        "group_id": group,
        "group_instance_id": slot_id,
        "session_timeout_ms": to.limits.session_ms,
        "heartbeat_interval_ms": min(1_000, to.limits.session_ms // 3),
        "max_poll_interval_ms": to.limits.max_poll_interval_ms,
        "max_poll_records": 1_000,
    }
    return consumer(to, **(settings | overrides))


NOTHING: Final = object()
"""The value of a record that has neither key nor value. Kafka takes such a record; kafka-python refuses it, unless it learns so late."""


class _Values(Serializer):  # type: ignore[misc] # kafka-python has no types
    """Lets bytes through as they are, and makes no value of `NOTHING`."""

    def serialize(self, topic: str, headers: Any, data: Any) -> Any:
        """Return the bytes of a value."""
        del topic, headers
        return None if data is NOTHING else data


def transactional_producer(to: Connection, transactional_id: str) -> Any:
    """Return a producer for transactions. Its delivery gives up before the transaction times out."""
    limits = to.limits
    producer = KafkaProducer(
        **to._common(),  # noqa: SLF001 - one module
        transactional_id=transactional_id,
        transaction_timeout_ms=limits.transaction_ms,
        delivery_timeout_ms=limits.delivery_ms,
        request_timeout_ms=limits.request_ms,
        max_block_ms=20_000,
        linger_ms=5,
        batch_size=limits.batch_bytes,
        max_request_size=limits.request_bytes,
        allow_auto_create_topics=False,
        value_serializer=_Values(),
    )
    mends.keep_requests(producer)
    return producer


def topic_configs(using: Any, topics: list[str]) -> dict[str, dict[str, str]]:
    """Return every setting of each topic: topic -> name -> value."""
    # The default filter hides settings that come from the broker's own configuration.
    answer = using.describe_configs([ConfigResource("TOPIC", name) for name in topics], config_filter="all")
    found: dict[str, dict[str, str]] = {}
    for resources in answer.values():
        for name, settings in resources.items():
            found[name] = {key: str(data["value"]) for key, data in settings.items()}
    return found


def set_topic_config(using: Any, topic: str, name: str, value: str) -> None:
    """Set one setting of a topic, and leave its others as they are. Raises BrokerError when the broker refuses."""
    answer = using.alter_configs([ConfigResource("TOPIC", topic, configs={name: value})], incremental=True)
    refused = [why for resources in answer.values() for why in resources.values() if why != "OK"]
    if refused:
        raise BrokerError(f"{name}={value} cannot be set on {topic}: {refused[0]}")


def remove_member(using: Any, group: str, slot_id: str) -> None:
    """Make a static member leave its group, which closing its consumer does not."""
    using.remove_group_members(group, [MemberToRemove(group_instance_id=slot_id, reason="stopped")])


def scram_user(name: str, mechanism: str, password: str) -> Any:
    """Return a user to be made, for an administration client. Only what the password is checked with goes to the broker."""
    return UserScramCredentialUpsertion(name, mechanism, password, iterations=8192)


def acl(principal: str, resource: str, name: str, operation: str, *, prefixed: bool) -> Any:
    """Return a rule that allows an operation (`Read`) on a resource (`transactional-id`), for an administration client."""
    kind = ResourceType[resource.upper().replace("-", "_")]
    pattern = ACLResourcePatternType.PREFIXED if prefixed else ACLResourcePatternType.LITERAL
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).upper()
    return ACL(
        principal, "*", ACLOperation[words], ACLPermissionType.ALLOW, ResourcePattern(kind, name, pattern)
    )


class _Tokens(AbstractTokenProvider):  # type: ignore[misc] # kafka-python has no types
    """kafka-python's way to ask for a bearer token."""

    def __init__(self, source: Callable[[], str]) -> None:
        super().__init__()
        self._source = source

    def token(self) -> str:
        """Return the token to show now."""
        return self._source()


def token_provider(source: Callable[[], str]) -> Any:
    """Return what `sasl_oauth_token_provider` takes: `source` is asked for a token whenever a connection is made."""
    return _Tokens(source)


def sasl_mechanism(name: str, host: str, security: Mapping[str, Any]) -> Any:
    """Return the client's side of one SASL login (`auth_bytes`, `receive`, `is_done`); `security` as in `Connection`."""
    return get_sasl_mechanism(name)(host=host, **security)


mends.everywhere()
