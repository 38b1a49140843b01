"""What a source captured, as records: raw events, and dead letters for what it could not read."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from newswire.capture import Captured, Unreadable
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.log.contract import Outgoing
from newswire.stage.deadletter import printable
from newswire.text.logins import without_logins
from schemas.raw.model import Raw
from schemas.rejected.model import OriginalRecord, Rejected


def raw_record(encoder: Encoder, item: Captured) -> Outgoing:
    """Return the raw record: all that was captured but the logins in its addresses.

    Its timestamp is that of publication; the broker sets it anew (see `newswire.topics`).

    Raises ContractError and Reject as `Encoder.record` does.
    """
    now = datetime.now(UTC)
    raw, key = _without_logins(item.raw), without_logins(item.key)
    data = raw.to_data()
    identity = "\x1f".join((key, data["captured_at"], item.raw.body))
    event_id = hashlib.sha256(identity.encode(errors="replace")).hexdigest()[:32]
    return encoder.record(
        Emit("raw", key, raw),
        data,
        event_id=event_id,
        timestamp_ms=_milliseconds(now),
        now=now,
        # Finer than a timestamp: a stage that reads several partitions can keep the order in which they were captured.
        time=now,
    )


def _without_logins(raw: Raw) -> Raw:
    """Return an event whose addresses say to nobody how to log in there. The body stays as it came."""
    changed: dict[str, Any] = {
        name: without_logins(given)
        for name in ("url", "guid")
        if (given := getattr(raw, name)) and "@" in given
    }
    if raw.http is not None and "@" in raw.http.requested_url + raw.http.final_url + "".join(
        raw.http.redirects
    ):
        asked = {name: without_logins(getattr(raw.http, name)) for name in ("requested_url", "final_url")}
        changed["http"] = raw.http.model_copy(
            update={**asked, "redirects": tuple(map(without_logins, raw.http.redirects))}
        )
    if raw.references:
        changed["references"] = tuple(
            each.model_copy(
                update={
                    name: given and without_logins(given)
                    for name, given in (("url", each.url), ("guid", each.guid))
                }
            )
            for each in raw.references
        )
    return raw.model_copy(update=changed) if changed else raw


def dead_letter(encoder: Encoder, item: Unreadable, source: str, rule_version: str) -> Outgoing:
    """Return the dead letter of what the source called `source` could not read."""
    now = datetime.now(UTC)
    rejected = Rejected(
        stage=source,
        rule_version=rule_version,
        verdict="reject",
        reason=item.reason,
        detail=printable(without_logins(f"{item.what}: {item.detail}")),
        source=printable(source),
        original=_original(item),
    )
    event_id = (
        f"{source}:{hashlib.sha256(item.what.encode(errors='replace')).hexdigest()[:16]}:{now.isoformat()}"
    )
    return encoder.record(
        Emit("rejected", printable(without_logins(item.what)), rejected),
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
