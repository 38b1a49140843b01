"""What a source captured, as records: raw events, and dead letters for what it could not read."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime

from newswire.capture import Captured, Unreadable
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.log.contract import Outgoing
from newswire.stage.deadletter import printable
from schemas.rejected.model import OriginalRecord, Rejected


def raw_record(encoder: Encoder, item: Captured) -> Outgoing:
    """Return the raw record. Its timestamp is that of publication; the broker sets it anew (see `newswire.topics`).

    Raises ContractError and Reject as `Encoder.record` does.
    """
    now = datetime.now(UTC)
    data = item.raw.to_data()
    identity = "\x1f".join((item.key, data["captured_at"], item.raw.body))
    event_id = hashlib.sha256(identity.encode(errors="replace")).hexdigest()[:32]
    return encoder.record(
        Emit("raw", item.key, item.raw),
        data,
        event_id=event_id,
        timestamp_ms=_milliseconds(now),
        now=now,
        # Finer than a timestamp: a stage that reads several partitions can keep the order in which they were captured.
        time=now,
    )


def dead_letter(encoder: Encoder, item: Unreadable, source: str, rule_version: str) -> Outgoing:
    """Return the dead letter of what the source called `source` could not read."""
    now = datetime.now(UTC)
    rejected = Rejected(
        stage=source,
        rule_version=rule_version,
        verdict="reject",
        reason=item.reason,
        detail=printable(f"{item.what}: {item.detail}"),
        source=printable(source),
        original=_original(item),
    )
    event_id = (
        f"{source}:{hashlib.sha256(item.what.encode(errors='replace')).hexdigest()[:16]}:{now.isoformat()}"
    )
    return encoder.record(
        Emit("rejected", printable(item.what), rejected),
        rejected.to_data(),
        event_id=event_id,
        timestamp_ms=_milliseconds(now),
        now=now,
    )


def _original(item: Unreadable) -> OriginalRecord:
    kept = item.original
    whole = kept is not None and len(kept) >= item.size
    return OriginalRecord(
        value=None if kept is None else base64.b64encode(kept).decode(),
        size=item.size,
        sha256=hashlib.sha256(kept).hexdigest() if kept is not None and whole else None,
        truncated=kept is not None and not whole,
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
