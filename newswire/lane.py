"""A lane beside the live pipeline, for archives: what the live one has withdrawn must not come out of it."""

from __future__ import annotations

from typing import Final

from newswire import topology
from newswire.log.contract import Log, Outgoing
from newswire.replay.selection import is_withdrawal
from newswire.scan import scan

CARRIED_FROM: Final = "ce_carriedfrom"
"""Header of a raw record of a lane that is a kill notice of the live pipeline: `<topic>/<partition>/<offset>` there."""
_BATCH: Final = 200


def carry_withdrawals(live: Log, lane: Log) -> int:
    """Publish on a lane's raw topic the kill notices on the live one that are not there yet; return how many.

    Before an archive is published: what it holds of a withdrawn article is then refused in the lane as it would be on the live topics.
    Raises BrokerError when either has no raw topic.
    """
    topic = topology.topic("raw").name
    partitions = len(lane.end_offsets(topic))
    writer = lane.writer("newswire.lane.withdrawals")
    try:
        there = {
            value
            for record in scan(lane, topic, lane.end_offsets(topic, committed=False))
            for name, value in record.headers
            if name == CARRIED_FROM
        }
        made = []
        for record in scan(live, topic, live.end_offsets(topic, committed=False)):
            origin = f"{record.topic}/{record.partition}/{record.offset}".encode()
            if origin in there or not is_withdrawal(record):
                continue
            key = (record.key or b"").decode(errors="replace")
            headers = (*record.headers, (CARRIED_FROM, origin))
            made.append(
                Outgoing(
                    topic,
                    topology.partition_for(key, partitions),
                    record.key,
                    record.value,
                    record.timestamp_ms,
                    headers,
                )
            )
        for first in range(0, len(made), _BATCH):
            writer.write(made[first : first + _BATCH])
    finally:
        writer.close()
    return len(made)
