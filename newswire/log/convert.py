"""From kafka-python's records to ours."""

from __future__ import annotations

from typing import Any

from newswire.log.contract import Record


def record_from(found: Any, namespace: str) -> Record:
    """Return our record for a kafka-python `ConsumerRecord`. A header without a value reads as an empty one."""
    return Record(
        topic=found.topic.removeprefix(namespace),
        partition=found.partition,
        offset=found.offset,
        timestamp_ms=max(found.timestamp, 0),
        key=found.key,
        value=found.value,
        headers=tuple((name, value or b"") for name, value in found.headers),
    )
