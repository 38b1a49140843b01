"""The order in which the records of one window are handled."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

from newswire.envelope import rfc3339
from newswire.log.contract import Record


def in_time_order(records: Sequence[Record]) -> Iterable[Record]:
    """Yield records by time across partitions, each partition in its own order: an original before its copy, if it came before.

    The time is what `ce_time` says, since the broker stamps a producer's batch as a whole and each partition at its own moment.
    """
    by_partition: dict[int, list[Record]] = {}
    for record in records:
        by_partition.setdefault(record.partition, []).append(record)
    if len(by_partition) == 1:
        return records
    return heapq.merge(*by_partition.values(), key=_time)


def _time(record: Record) -> bytes:
    said = next((value for name, value in record.headers if name == "ce_time"), None)
    return said or rfc3339(record.timestamp_ms)
