"""What must hold before a stage starts. It refuses to start otherwise, and says what to do."""

from __future__ import annotations

import structlog

from newswire import topology
from newswire.errors import StageStoppedError
from newswire.log.contract import WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.stage.replay import MAX_AGE_SECONDS
from newswire.topics import flaws, specs

_LOG = structlog.get_logger("newswire.stage")


def check(log: KafkaLog, stage: topology.Stage, limits: WindowLimits) -> None:
    """Raise StageStoppedError when topics, sizes or times do not fit together; log what may be meant so."""
    clients = log.connection.limits
    for conflict in clients.conflicts(limits.seconds):
        raise StageStoppedError(
            f"the client settings of {stage.name} do not fit together: {conflict}. They are in newswire/log/limits.py"
        )
    if not clients.max_poll_interval_ms / 1000 > limits.hangs_after_seconds > limits.handling_seconds:
        raise StageStoppedError(
            "the group's poll interval must be longer than a window may hang, and that longer than its handling may take"
        )
    reads = topology.topic(stage.reads).name
    names = [reads, *(topology.topic(event).name for event in (*stage.writes, "rejected"))]
    if stage.stateful:
        names.append(topology.changelog(stage.name))
    existing = log.topics()
    missing = [name for name in names if name not in existing]
    if missing:
        raise StageStoppedError(
            f"there is no topic {', '.join(missing)}: make the topics with `newswire topics create`"
        )
    settings = log.configs(names)
    if stage.stateful:
        changelog = topology.changelog(stage.name)
        if existing[changelog] != existing[reads]:
            raise StageStoppedError(
                f"{changelog} has {existing[changelog]} partitions, {reads} has {existing[reads]}: state belongs to an input "
                "partition, so the counts must be equal. Stop the stage, delete its changelog and group, and create the topics again"
            )
        if int(settings[changelog].get("delete.retention.ms", 0)) < 2_000 * MAX_AGE_SECONDS:
            raise StageStoppedError(
                f"{changelog} must have delete.retention.ms={2_000 * MAX_AGE_SECONDS:.0f} or more: a local copy of state that misses a "
                "tombstone would keep for ever what was deleted"
            )
    wanted = [spec for spec in specs() if spec.name in names]
    found = list(
        flaws(
            wanted,
            settings,
            replicas=log.replicas(names),
            brokers=log.brokers(),
            limits=clients,
            source=reads,
        )
    )
    severe = [flaw for flaw in found if flaw.severe]
    if severe:
        raise StageStoppedError(
            f"{stage.name} does not start at {log.connection.bootstrap_servers}: {'; '.join(flaw.shown for flaw in severe)}. "
            f"{'; '.join(flaw.todo for flaw in severe)} (`newswire topics mend` does), then start it again"
        )
    for flaw in found:
        _LOG.warning("a topic is not as it should be", stage=stage.name, shown=flaw.shown)
