"""What must hold before a stage starts. It refuses to start otherwise, and says what to do."""

from __future__ import annotations

from newswire import topology
from newswire.errors import StageStoppedError
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.stage.replay import MAX_AGE_SECONDS


def check(log: KafkaLog, stage: topology.Stage, limits: WindowLimits) -> None:
    """Raise StageStoppedError when topics, sizes or times do not fit together."""
    clients = log.connection.limits
    for conflict in clients.conflicts(limits.seconds):
        raise StageStoppedError(f"the client settings of {stage.name} do not fit together: {conflict}")
    if not clients.max_poll_interval_ms / 1000 > limits.hangs_after_seconds > limits.handling_seconds:
        raise StageStoppedError(
            "the group's poll interval must be longer than a window may hang, and that longer than its handling may take"
        )
    written = [topology.topic(event) for event in (*stage.writes, "rejected")]
    existing = log.topics()
    names = [topology.topic(stage.reads).name, *(topic.name for topic in written)]
    if stage.stateful:
        names.append(topology.changelog(stage.name))
    missing = [name for name in names if name not in existing]
    if missing:
        raise StageStoppedError(
            f"there is no topic {', '.join(missing)}: make the topics with `newswire topics create`"
        )
    settings = log.configs(names)
    limits_of = {topic.name: topic.max_bytes for topic in written}
    if stage.stateful:
        changelog = topology.changelog(stage.name)
        limits_of[changelog] = topology.CHANGELOG_MAX_BYTES
        if existing[changelog] != existing[names[0]]:
            raise StageStoppedError(
                f"{changelog} has {existing[changelog]} partitions, {names[0]} has {existing[names[0]]}: state belongs to an input "
                "partition, so the counts must be equal. Stop the stage, delete its changelog and group, and create the topics again"
            )
        if "compact" not in settings[changelog].get("cleanup.policy", ""):
            raise StageStoppedError(f"{changelog} must have cleanup.policy=compact, or state expires with it")
        if int(settings[changelog].get("delete.retention.ms", 0)) < 2_000 * MAX_AGE_SECONDS:
            raise StageStoppedError(
                f"{changelog} must have delete.retention.ms={2_000 * MAX_AGE_SECONDS:.0f} or more: a local copy of state that misses a "
                "tombstone would keep for ever what was deleted"
            )
    for name, needed in limits_of.items():
        taken = int(settings[name]["max.message.bytes"])
        if taken < needed or needed > clients.request_bytes:
            raise StageStoppedError(
                f"{name} takes records of {taken:,} bytes, but {stage.name} writes up to {needed:,}: set max.message.bytes={needed}"
            )
