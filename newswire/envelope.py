"""CloudEvents 1.0 on Kafka: binary mode out; binary and structured mode, and bare JSON, in.

Sources: CloudEvents 1.0.2 core and Kafka protocol binding; its Recorded Time and Distributed Tracing extensions; W3C Trace Context.
Written by hand because it runs for every record; the `cloudevents` SDK is the oracle in the tests.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

import schemas
from newswire import topology
from newswire.errors import ContractError, Reject
from newswire.event import Emit, Event
from newswire.log.contract import Headers, Outgoing, Record
from schemas.core.lineage import RecordRef
from schemas.validation import Invalid, Validator, reader, writer

_TRACEPARENT: Final = re.compile(rb"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
STRUCTURED: Final = b"application/cloudevents+json"
RETRY_OF: Final = "ce_retryof"
"""Header of a record that is a dead letter's original published again: `<topic>/<partition>/<offset>` of the letter."""
REPLAY_OF: Final = "ce_replayof"
"""Header of an event that is the newer state of its article after a replay: `<side topic>/<partition>/<offset>` that it was made as."""


def event_type(event: str) -> str:
    """Return the CloudEvents `type` of an event, e.g. `newswire.article.v1`."""
    return f"newswire.{event}.v{schemas.version(event)}"


CONTROL: Final = ("tick", "purge", "carried")
"""Events that stand beside others on the inputs of stages: they tell a stage something, and decide no raw record's fate."""
_FROM_OUTSIDE: Final = ("tick", "purge")
"""Those that no stage writes: whose input they may stand on is for the stage to say. The others belong where the topology has them."""
_COORDINATES: Final = re.compile(r"([^/]+)/([0-9]{1,9})/([0-9]{1,18})")
_CONTROL_TYPES: Final = frozenset(("ce_type", event_type(event).encode()) for event in CONTROL)
_PURGE_TYPE: Final = ("ce_type", event_type("purge").encode())
_CARRIED_TYPE: Final = ("ce_type", event_type("carried").encode())
_EVENT_BY_TYPE: Final = {event_type(event).encode(): event for event in schemas.EVENTS}


@functools.cache
def _reader(event: str) -> Validator:
    return reader(event)


@functools.cache
def _fixed_headers(event: str, source: str) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", event_type(event).encode()),
        ("ce_source", source.encode()),
        ("ce_dataschema", schemas.schema_id(event).encode()),
        ("content-type", b"application/json"),
    )


def decode(record: Record) -> Event:
    """Return the event that a record holds, checked against its published schema.

    Raises Reject with the reason `empty-value`, `not-json`, `unknown-type`, `wrong-type` or `schema`.
    """
    if not record.value:
        raise Reject("empty-value", "the record has no value: publish the event as JSON, or nothing at all")
    headers = dict(record.headers)
    try:
        data = orjson.loads(record.value)
    except orjson.JSONDecodeError as error:
        raise Reject("not-json", f"the value is not JSON in UTF-8 (RFC 8259): {error}") from None
    if headers.get("content-type", b"").startswith(STRUCTURED):
        data, headers = _from_structured(data)
    name = _name(headers.get("ce_type"), record.topic)
    try:
        _reader(name).check(data)
    except Invalid as invalid:
        raise Reject("schema", f"breaks {schemas.schema_id(name)}: {invalid}", invalid.path) from None
    # Anybody may publish raw events: which partition an article has is for normalize to decide, not for them.
    partition_key = None if name == "raw" else headers.get("ce_partitionkey")
    return Event(
        name=name,
        id=headers["ce_id"].decode(errors="replace") if "ce_id" in headers else _default_id(record),
        key=(record.key or b"").decode(errors="replace"),
        data=data,
        ref=RecordRef.model_construct(topic=record.topic, partition=record.partition, offset=record.offset),
        timestamp_ms=record.timestamp_ms,
        traceparent=trace_of(headers),
        partition_key=partition_key.decode(errors="replace") if partition_key else None,
    )


def _name(given: bytes | None, topic: str) -> str:
    expected = topology.event_on(topic)
    if given is None:
        return expected
    name = _EVENT_BY_TYPE.get(given)
    if name is None:
        raise Reject(
            "unknown-type", f"ce_type {given.decode(errors='replace')!r} is no event of ours", "/type"
        )
    if name not in (expected, *_FROM_OUTSIDE, *topology.control_on(expected)):
        raise Reject(
            "wrong-type",
            f"a {name} event does not belong on {topic}, which carries {expected} events",
            "/type",
        )
    return name


def _from_structured(envelope: Any) -> tuple[Any, dict[str, bytes]]:
    """Return data and attributes of a structured-mode event, the attributes as the headers of binary mode."""
    if not isinstance(envelope, dict) or "data" not in envelope:
        raise Reject(
            "schema", "a structured CloudEvent is an object with `data` (CloudEvents JSON format)", "/data"
        )
    attributes = {
        name if name in ("traceparent", "tracestate") else f"ce_{name}": str(value).encode(errors="replace")
        for name, value in envelope.items()
        if name not in ("data", "data_base64")
    }
    return envelope["data"], attributes


def _default_id(record: Record) -> str:
    return f"{record.topic}:{record.partition}:{record.offset}"


def trace_of(headers: Mapping[str, bytes]) -> str | None:
    """Return the `traceparent` header; None when there is none, or one that is not as W3C Trace Context has it."""
    given = headers.get("traceparent", b"")
    return given.decode() if _TRACEPARENT.fullmatch(given) else None


def is_control(record: Record) -> bool:
    """Return whether a record is one of `CONTROL`, without decoding it: it is no news, and decides no fate."""
    return not _CONTROL_TYPES.isdisjoint(record.headers)


def is_purge(record: Record) -> bool:
    """Return whether a record is a purge, without decoding it."""
    return _PURGE_TYPE in record.headers


def is_carried(record: Record) -> bool:
    """Return whether a record says that an article is carried, without decoding it. Of `CONTROL` only these come from a raw record."""
    return _CARRIED_TYPE in record.headers


def speaks_of_article(record: Record) -> bool:
    """Return whether a record is news, or says that an article is carried: what is left out are ticks and purges. Without decoding it."""
    return is_carried(record) or not is_control(record)


def event_in(made: Outgoing) -> str:
    """Return the event that a record of ours holds."""
    return _EVENT_BY_TYPE[dict(made.headers)["ce_type"]]


def means_control(record: Record | Outgoing) -> bool:
    """Return whether a stage would take a record for one of `CONTROL`, in binary mode or, which costs decoding it, in structured mode."""
    if not _CONTROL_TYPES.isdisjoint(record.headers):
        return True
    if not dict(record.headers).get("content-type", b"").startswith(STRUCTURED):
        return False
    try:
        _, attributes = _from_structured(orjson.loads(record.value or b""))
    except (orjson.JSONDecodeError, Reject):
        return False
    return ("ce_type", attributes.get("ce_type")) in _CONTROL_TYPES


def raw_ref(headers: Mapping[str, bytes]) -> tuple[str, int, int] | None:
    """Return topic, partition and offset of the raw record that a record comes from, by its `ce_rawref` header.

    None where there is no such header, or one that is none of ours: whoever publishes on a stage's input may write anything into it.
    """
    return coordinates(headers.get("ce_rawref", b"").decode(errors="replace"))


def coordinates(text: str) -> tuple[str, int, int] | None:
    """Return topic, partition and offset out of `<topic>/<partition>/<offset>`; None where the text is not that."""
    found = _COORDINATES.fullmatch(text)
    return None if found is None else (found[1], int(found[2]), int(found[3]))


class Encoder:
    """Turns a stage's or source's events into records, for topics with given partition counts."""

    def __init__(self, origin: str, partitions: Mapping[str, int]) -> None:
        self._origin = origin
        self._partitions = partitions
        self._source = f"/newswire/{origin}"

    def from_stage(self, emit: Emit, cause: Event, index: int, now: datetime) -> Outgoing:
        """Return the record of the `index`-th event that follows from `cause`. The same input gives the same `ce_id`."""
        event_id = f"{self._origin}:{cause.ref.topic}:{cause.ref.partition}:{cause.ref.offset}:{index}"
        data = None if emit.data is None else emit.data.to_data()
        if cause.partition_key:
            # Decided once, by normalize: a revision that is in another language must meet its earlier states.
            emit = replace(emit, language=cause.partition_key)
        return self.record(
            emit,
            data,
            event_id=event_id,
            timestamp_ms=cause.timestamp_ms,
            now=now,
            traceparent=cause.traceparent,
            raw=_raw_of(data) or (cause.ref if cause.name == "raw" else None),
        )

    def record(
        self,
        emit: Emit,
        data: dict[str, Any] | None,
        *,
        event_id: str,
        timestamp_ms: int,
        now: datetime,
        time: datetime | None = None,
        traceparent: str | None = None,
        raw: RecordRef | None = None,
        topic: str | None = None,
        partition: int | None = None,
    ) -> Outgoing:
        """Return a record. Raises ContractError when the data breaks the schema, Reject when it is larger than the topic takes.

        `time` is what `ce_time` says, to the microsecond; without it, the record's timestamp.
        """
        to = topology.written_to(self._origin, emit.event) if topic is None else None
        name = topic or to.name  # type: ignore[union-attr] # one of the two is given
        value = None if data is None else self._checked(emit.event, data)
        trace_id = traceparent[3:35] if traceparent else hashlib.sha256(event_id.encode()).hexdigest()[:32]
        span_id = hashlib.blake2b(event_id.encode(), digest_size=8).hexdigest()
        headers: Headers = (
            *_fixed_headers(emit.event, self._source),
            ("ce_id", event_id.encode()),
            ("ce_time", rfc3339(timestamp_ms) if time is None else _instant(time, "microseconds")),
            ("ce_recordedtime", _instant(now)),
            ("ce_subject", emit.key.encode()),
            ("traceparent", f"00-{trace_id}-{span_id}-01".encode()),
        )
        if emit.language:
            headers = (*headers, ("ce_partitionkey", emit.language.encode()))
        if raw is not None:
            headers = (*headers, ("ce_rawref", f"{raw.topic}/{raw.partition}/{raw.offset}".encode()))
        if partition is None:
            by_language = to is not None and to.partition_by == "language" and emit.language
            partition = topology.partition_for(
                emit.language if by_language else emit.key, self._partitions[name]
            )
        made = Outgoing(name, partition, emit.key.encode(), value, timestamp_ms, headers)
        if to is not None and made.size > to.max_bytes:
            raise Reject(
                "too-large",
                f"its {emit.event} event has {made.size:,} bytes; {name} takes {to.max_bytes:,} at most",
            )
        return made

    @staticmethod
    def _checked(event: str, data: dict[str, Any]) -> bytes:
        try:
            writer(event).check(data)
        except Invalid as invalid:
            raise ContractError(f"a {event} event breaks its schema: {invalid}", invalid.path) from None
        try:
            return orjson.dumps(data)
        except TypeError as error:
            # Half a surrogate pair, in a string whose schema does not look inside it.
            raise ContractError(f"a {event} event cannot be written as JSON in UTF-8: {error}") from None


def _raw_of(data: dict[str, Any] | None) -> RecordRef | None:
    lineage = (data or {}).get("lineage")
    return RecordRef.model_construct(**lineage["was_derived_from"]) if lineage else None


def rfc3339(timestamp_ms: int) -> bytes:
    """Return a record timestamp as it stands in headers: RFC 3339 in UTC, to the millisecond."""
    return _instant(datetime.fromtimestamp(timestamp_ms / 1000, tz=UTC))


def _instant(moment: datetime, timespec: str = "milliseconds") -> bytes:
    return moment.isoformat(timespec=timespec).replace("+00:00", "Z").encode()
