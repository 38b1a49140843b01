"""Dead letters: a record that could not be taken, byte for byte, with everything needed to understand and to retry it."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import orjson

from newswire import topology
from newswire.envelope import Encoder, is_control, raw_ref, trace_of
from newswire.event import Emit
from newswire.log.contract import Outgoing, Record
from schemas.core.lineage import RecordRef
from schemas.rejected.model import Header, OriginalRecord, Rejected

VerdictName = Literal["reject", "drop", "retries-exhausted", "internal"]
_TRUNCATED_TO: Final = 1024 * 1024
_ROOM_FOR_THE_REST: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record is refused; the fields are those of the `rejected` event."""

    verdict: VerdictName
    reason: str
    detail: str
    path: str | None = None
    traceback: str | None = None
    keep_original: bool = True
    """Whether the dead letter may hold what the record said."""


def dead_letter(
    record: Record,
    why: Refusal,
    *,
    stage: str,
    rule_version: str,
    attempt: int = 1,
    encoder: Encoder,
    now: datetime,
) -> Outgoing:
    """Return the dead letter of a record that a stage read."""
    here = RecordRef(topic=record.topic, partition=record.partition, offset=record.offset)
    headers = dict(record.headers)
    # What only tells a stage something decides about no raw record, also where it names one.
    raw = (
        here
        if topology.event_on(record.topic) == "raw"
        else None
        if is_control(record)
        else _raw_from(headers)
    )
    source, article_id = _who(record)
    rejected = Rejected(
        stage=stage,
        rule_version=rule_version,
        verdict=why.verdict,
        reason=why.reason,
        detail=printable(why.detail),
        path=why.path,
        attempt=attempt,
        traceback=printable(why.traceback) if why.traceback else None,
        source=source,
        article_id=article_id,
        raw=raw,
        input=here,
        original=original(record) if why.keep_original else without_content(record),
    )
    key = (record.key or b"").decode(errors="replace")
    return encoder.record(
        Emit("rejected", key, rejected),
        rejected.to_data(),
        event_id=f"{stage}:{record.topic}:{record.partition}:{record.offset}:rejected",
        timestamp_ms=record.timestamp_ms,
        now=now,
        traceparent=trace_of(headers),
        raw=raw,
    )


def original(record: Record) -> OriginalRecord:
    """Return the record as a dead letter keeps it; a value too large for the dead-letter topic is cut, and says so."""
    value = record.value
    limit = (topology.topic("rejected").max_bytes - _ROOM_FOR_THE_REST) * 3 // 4
    kept = value[:_TRUNCATED_TO] if value is not None and len(value) > limit else value
    return OriginalRecord(
        key=_base64(record.key),
        value=_base64(kept),
        headers=tuple(Header(name=name, value=_base64(content)) for name, content in record.headers),
        timestamp_ms=record.timestamp_ms,
        size=len(value or b""),
        sha256=None if value is None else hashlib.sha256(value).hexdigest(),
        truncated=kept is not value,
    )


def without_content(record: Record) -> OriginalRecord:
    """Return what a dead letter keeps of a record whose content must not be stored: that it was there, its key, size and checksum.

    Marked as cut: a retry takes the record itself, as long as that is kept.
    """
    return original(record).model_copy(update={"value": None, "headers": (), "truncated": True})


def printable(text: str) -> str:
    """Return the text with what JSON cannot hold replaced: half surrogate pairs and NUL."""
    return text.encode(errors="replace").decode().replace("\0", "\ufffd")


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _raw_from(headers: dict[str, bytes]) -> RecordRef | None:
    found = raw_ref(headers)
    return None if found is None else RecordRef(topic=found[0], partition=found[1], offset=found[2])


def _who(record: Record) -> tuple[str | None, str | None]:
    """Return source name and article id as far as a broken record still tells them."""
    try:
        data = orjson.loads(record.value or b"null")
    except orjson.JSONDecodeError:
        return None, None
    if not isinstance(data, dict):
        return None, None
    source = data.get("source")
    name = source.get("name") if isinstance(source, dict) else None
    article_id = data.get("article_id")
    return (name if isinstance(name, str) and name else None), (article_id if _is_id(article_id) else None)


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value and uuid.UUID(value).version == 5
    except ValueError:
        return False
