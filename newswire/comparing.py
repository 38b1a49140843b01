"""Two articles side by side by the rules of deduplicate, wherever they come from: the topics, files or addresses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from newswire import topology
from newswire.errors import NewswireError
from newswire.log.contract import Log, Record
from newswire.naming import is_meant, names_of
from newswire.purging.marks import purge_of
from newswire.scan import scan
from newswire.stage.runner import load_handler
from schemas.normalized.model import Normalized


def compare(one: Normalized, other: Normalized) -> dict[str, Any]:
    """Return what becomes of `other` when `one` came before it, and why: the fields are those of `consumers/deduplicate/compare`."""
    handler: Any = load_handler("deduplicate")
    compared: dict[str, Any] = handler.compare(one, other)
    return compared


def captured(log: Log, asked: Iterable[str]) -> dict[str, Normalized]:
    """Return the last capture of each article that is asked for, by its id, its guid, or its address as captured or in its canonical form.

    Reads `news.normalized.v1` and, for purges, `news.unique.v1`. Raises NewswireError for what is not there, or was purged.
    """
    wanted = {name: names_of(name) for name in asked}
    found: dict[str, tuple[tuple[Any, ...], Record]] = {}
    normalized = topology.topic("normalized").name
    for record in scan(log, normalized, log.end_offsets(normalized)):
        for name, names in wanted.items():
            if record.value is not None and is_meant(record, names):
                place = (record.timestamp_ms, record.partition, record.offset)
                if name not in found or found[name][0] < place:
                    found[name] = place, record
    gone = purged(log, {record.key or b"" for _, record in found.values()})
    for name in wanted:
        if name not in found:
            raise NewswireError(
                f"no article {name!r} is on {normalized}: give an article id, an address as captured, a guid, or a file. What was captured "
                "before the topic's retention is gone"
            )
        if found[name][1].key in gone:
            raise NewswireError(f"{name!r} was purged: what it said is not shown (`newswire purge list`)")
    return {
        name: Normalized.from_data(orjson.loads(record.value or b"")) for name, (_, record) in found.items()
    }


def purged(log: Log, keys: set[bytes]) -> set[bytes]:
    """Return those articles whose last word on `unique` is that they were purged."""
    topic = topology.topic("unique").name
    ends = log.end_offsets(topic)
    partitions = {topology.partition_for(key.decode(errors="replace"), len(ends)) for key in keys}
    last: dict[bytes, Record] = {}
    for record in scan(log, topic, {each: ends[each] for each in partitions if each in ends}):
        if record.key in keys:
            last[record.key] = record
    return {key for key, record in last.items() if purge_of(record) is not None}
