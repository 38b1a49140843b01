"""Purges into the log: into every partition of what stages with state read, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Final

from newswire import topology
from newswire.envelope import Encoder
from newswire.event import Emit
from newswire.log.contract import Log, Outgoing
from schemas.purge.model import Purge

_WRITER: Final = "newswire.purge"
_STORIES: Final = 2_000
"""Stories that one record names."""

Written = dict[str, dict[int, int]]
"""Topic -> partition -> the offset of its last purge record."""


def write(log: Log, purge: Purge, stories: Mapping[int, Iterable[str]] | None = None) -> Written:
    """Write a purge; return where it stands. `stories`: partition of the articles topic -> stories on record that hold something of it."""
    records = list(_records(log, purge, stories or {}))
    writer = log.writer(_WRITER)
    try:
        offsets = writer.write(records)
    finally:
        writer.close()
    written: Written = {}
    for record, offset in zip(records, offsets, strict=True):
        last = written.setdefault(record.topic, {})
        last[record.partition] = max(offset, last.get(record.partition, -1))
    return written


def _records(log: Log, purge: Purge, stories: Mapping[int, Iterable[str]]) -> Iterator[Outgoing]:
    partitions = log.topics()
    encoder = Encoder("purge", partitions)
    now = datetime.now(UTC)
    told_of_stories = topology.topic("article").name
    for topic in topology.purged_topics():
        for partition in range(partitions[topic]):
            named = sorted(stories.get(partition, ())) if topic == told_of_stories else []
            for number, some in enumerate(_chunks(named)):
                part = purge.model_copy(update={"story_ids": some})
                yield encoder.record(
                    # What follows from it goes to the partition of the same number: where the article's earlier records are.
                    Emit("purge", purge.purge_id, part, language=word_for(partition, partitions[topic])),
                    part.to_data(),
                    event_id=f"{purge.purge_id}:{now.timestamp():.3f}:{topic}:{partition}:{number}",
                    timestamp_ms=round(purge.at.timestamp() * 1000),
                    now=now,
                    topic=topic,
                    partition=partition,
                )


def _chunks(stories: list[str]) -> Iterator[tuple[str, ...]]:
    for at in range(0, max(1, len(stories)), _STORIES):
        yield tuple(stories[at : at + _STORIES])


def word_for(partition: int, partitions: int) -> str:
    """Return a partition key that leads to a partition."""
    return next(
        word for n in count() if topology.partition_for(word := f"purge-{n}", partitions) == partition
    )
