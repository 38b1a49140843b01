"""What a handler is given and what it gives back. Knows neither Kafka nor JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from newswire.state.contract import State
from schemas.core.contract import Contract, utc_from_ms
from schemas.core.lineage import Activity, RecordRef


@dataclass(frozen=True, slots=True)
class Event:
    """A record that was read, decoded and found valid against its published schema."""

    name: str
    """Event name, e.g. `raw`."""
    id: str
    """CloudEvents `id`."""
    key: str
    """Record key: the article id; for `raw` the capture key; empty for a tick."""
    data: Mapping[str, Any]
    """The decoded payload. Read it with `Model.from_data(event.data)`."""
    ref: RecordRef
    """Where the record stands."""
    timestamp_ms: int
    """Record timestamp, milliseconds since 1970-01-01 UTC: when the raw record was published, carried through all stages."""
    traceparent: str | None = None
    """W3C Trace Context of the capture."""
    partition_key: str | None = None
    """What the record was partitioned by, where that is not its key: the language of the article's first capture."""

    @property
    def time(self) -> datetime:
        """The record timestamp as an instant in UTC. It is the only clock a handler may read."""
        return utc_from_ms(self.timestamp_ms)

    def used_by(self, stage: str, rule_version: str) -> Activity:
        """Return the lineage entry of a stage that read this record."""
        return Activity(stage=stage, rule_version=rule_version, used=self.ref)


@dataclass(frozen=True, slots=True)
class Emit:
    """An event to be written."""

    event: str
    """Event name: decides topic and schema."""
    key: str
    """Record key."""
    data: Contract | None
    """The payload; None writes a tombstone."""
    language: str = ""
    """Partition key on topics that are partitioned by language, unless the event that was read already carries one."""


class Handler(Protocol):
    """A stage's rules: pure, so that the same input and state give the same bytes, in any process, at any time.

    A handler reads no clock, draws no random numbers and does no input or output. It raises `Reject`, `Retry` or `Drop` to decide about a
    record otherwise than by emitting events. Whatever it put into `state` in that call is then undone.
    """

    name: str
    """Stage name, as in the topology."""
    rule_version: str
    """Changes with every change of the rules that changes output."""

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the events that follow from one event. `state` is that of the event's partition."""
        ...
