"""Reading topics from one end to the other, as reports do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newswire.envelope import is_control
from newswire.log.contract import Log, Record


def scan(
    log: Log, topic: str, ends: Mapping[int, int], starts: Mapping[int, int] | None = None
) -> Iterator[Record]:
    """Yield the committed records of a topic up to before `ends`, partition by partition; ticks, purges and `carried` are left out.

    Begins at `starts`; at the first record kept in partitions that are not named there. A scan reads every record in between, so that
    its time grows with the topic.
    """
    firsts = log.first_offsets(topic)
    for partition, end in sorted(ends.items()):
        start = max(firsts.get(partition, 0), (starts or {}).get(partition, 0))
        if start < end:
            yield from (record for record in log.read(topic, partition, start, end) if not is_control(record))


def record_at(log: Log, topic: str, partition: int, offset: int) -> Record | None:
    """Return the record at a place; None where none is kept."""
    end = log.end_offsets(topic, committed=False).get(partition, 0)
    if not log.first_offsets(topic).get(partition, 0) <= offset < end:
        return None
    # Nothing is read where the offset is one of an aborted record or of a marker.
    return next((r for r in log.read(topic, partition, offset, offset + 1) if r.offset == offset), None)
