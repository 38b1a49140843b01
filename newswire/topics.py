"""Which topics are made, with which settings."""

from __future__ import annotations

from typing import Final

from newswire import topology
from newswire.log.contract import TopicSpec

DAY_MS: Final = 24 * 3600 * 1000
MAX_COMPACTION_LAG_MS: Final = 2 * DAY_MS
"""After this, what a later record of the same key has replaced is taken off the broker's disk."""


def specs(partitions: int = topology.PARTITIONS, retention_days: int = 30) -> list[TopicSpec]:
    """Return all topics of the pipeline.

    Raw records are kept for `retention_days`; what follows from them two weeks longer, so that the ledger never finds a raw record whose
    outcome has expired before it. The broker stamps raw records itself: with the timestamps of a producer that publishes an archive, or
    whose clock is wrong, retention would delete them at once. All stages carry that time on.
    """
    raw = {
        "retention.ms": str(retention_days * DAY_MS),
        "segment.ms": str(DAY_MS),
        "message.timestamp.type": "LogAppendTime",
    }
    derived = {"retention.ms": str((retention_days + 14) * DAY_MS)}
    # The most is a promise: what a purge has replaced is gone from the disk by then.
    compacted = {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": str(DAY_MS),
        "max.compaction.lag.ms": str(MAX_COMPACTION_LAG_MS),
    }
    events = [
        TopicSpec(
            topic.name,
            partitions,
            {
                "max.message.bytes": str(topic.max_bytes),
                **(compacted if topic.compacted else raw if topic.event == "raw" else derived),
            },
        )
        for topic in topology.TOPICS
    ]
    changelogs = [
        TopicSpec(
            topology.changelog(stage.name),
            partitions,
            {
                "cleanup.policy": "compact",
                "max.compaction.lag.ms": str(MAX_COMPACTION_LAG_MS),
                "max.message.bytes": str(topology.CHANGELOG_MAX_BYTES),
            },
        )
        for stage in topology.STAGES
        if stage.stateful
    ]
    return events + changelogs
