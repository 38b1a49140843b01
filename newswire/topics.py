"""Which topics are made, with which settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from newswire import topology
from newswire.log.contract import TopicSpec
from newswire.log.limits import Limits

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
            name,
            1 if name in topology.single_changelogs() else partitions,
            {
                "cleanup.policy": "compact",
                "max.compaction.lag.ms": str(MAX_COMPACTION_LAG_MS),
                "max.message.bytes": str(topology.CHANGELOG_MAX_BYTES),
            },
        )
        for name in topology.changelogs()
    ]
    return events + changelogs


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about a topic that is not as it should be. `severe`: a stage that uses it must not run."""

    shown: str
    todo: str
    severe: bool
    mend: tuple[str, str, str] | None = None
    """Topic, setting and the value that would do; None where it is not a setting of the topic."""


_MUST_BE: Final = {
    "cleanup.policy": ("delete", "records would be kept too long, or one of a key taken for all of them"),
    "message.timestamp.type": (
        "CreateTime",
        "the time of a record, by which stages decide and retention deletes, would be another",
    ),
}
"""Setting -> its value where a TopicSpec says nothing, and what goes wrong with another."""


def flaws(
    wanted: Sequence[TopicSpec],
    configs: Mapping[str, Mapping[str, str]],
    *,
    replicas: Mapping[str, int],
    brokers: int,
    limits: Limits,
    source: str,
) -> Iterator[Flaw]:
    """Yield what is not as wanted, of topics that exist: by the settings the broker has, and for clients with these limits.

    `source` is the topic that the others follow from, and so may not be kept for a shorter time than.
    """
    for spec in wanted:
        found = configs[spec.name]
        for setting, (usual, harm) in _MUST_BE.items():
            needed, is_ = spec.configs.get(setting, usual), found.get(setting)
            if is_ != needed:
                yield _severe(spec, f"{setting}={is_}, not {needed}: {harm}", f"{setting}={needed}")
        yield from _sizes(spec, found, limits)
        if "compact" not in found.get("cleanup.policy", "") and _retention(found) < _retention(
            configs[source]
        ):
            longest = configs[source]["retention.ms"]
            yield _severe(
                spec,
                f"retention.ms={found['retention.ms']}, shorter than that of {source} ({longest}): what became of a record would be gone "
                "before the record",
                f"retention.ms={spec.configs.get('retention.ms', longest)} or more",
            )
        yield from _copies(spec, found, replicas[spec.name], brokers)
        for setting, value in spec.configs.items():
            if setting not in _MUST_BE and setting != "max.message.bytes" and found.get(setting) != value:
                yield Flaw(f"{spec.name} has {setting}={found.get(setting)}, not {value}", "", severe=False)


def _severe(spec: TopicSpec, shown: str, setting: str) -> Flaw:
    name, _, value = setting.partition(" ")[0].partition("=")
    mend = (spec.name, name, value)
    return Flaw(f"{spec.name} has {shown}", f"set {setting} on {spec.name}", severe=True, mend=mend)


def _retention(found: Mapping[str, str]) -> float:
    kept = int(found["retention.ms"])
    return kept if kept >= 0 else float("inf")


def _sizes(spec: TopicSpec, found: Mapping[str, str], limits: Limits) -> Iterator[Flaw]:
    """Compare what is written, what the topic takes, what the clients send and fetch."""
    needed, takes = int(spec.configs["max.message.bytes"]), int(found["max.message.bytes"])
    if takes < needed:
        yield _severe(
            spec,
            f"max.message.bytes={takes:,}, but records of up to {needed:,} bytes are written to it: one would stop the stage",
            f"max.message.bytes={needed}",
        )
    if limits.batch_bytes > takes:
        yield _severe(
            spec,
            f"max.message.bytes={takes:,}, less than a producer sends at once (batch_bytes, {limits.batch_bytes:,})",
            f"max.message.bytes={max(needed, limits.batch_bytes)}",
        )
    if needed > limits.request_bytes:
        yield Flaw(
            f"{spec.name} holds records of up to {needed:,} bytes, but the producer takes {limits.request_bytes:,} (request_bytes)",
            f"raise request_bytes in newswire/log/limits.py to {needed}",
            severe=True,
        )
    if takes > limits.fetch_bytes:
        yield _severe(
            spec,
            f"max.message.bytes={takes:,}, more than a consumer fetches at once (fetch_bytes, {limits.fetch_bytes:,})",
            f"max.message.bytes={needed}",
        )


def _copies(spec: TopicSpec, found: Mapping[str, str], replicas: int, brokers: int) -> Iterator[Flaw]:
    """Compare on how many brokers a record is kept, and on how many it is before it counts as written."""
    in_sync = int(found["min.insync.replicas"])
    if in_sync > replicas:
        yield _severe(
            spec,
            f"min.insync.replicas={in_sync}, but is kept on {replicas} broker(s): brokers before 4.0 would take no record at all",
            f"min.insync.replicas={replicas} (or give it {in_sync} replicas)",
        )
    elif brokers > 1 and replicas < 2:
        yield Flaw(
            f"{spec.name} is kept on one broker of {brokers}: its loss loses records", "", severe=False
        )
    elif brokers > 2 and in_sync < 2:
        yield Flaw(
            f"{spec.name} has min.insync.replicas={in_sync}: a record counts as written when one broker has it",
            "",
            severe=False,
        )
    elif brokers > 1 and in_sync == replicas:
        yield Flaw(
            f"{spec.name} has min.insync.replicas={in_sync} of {replicas}: the loss of one broker stops writing",
            "",
            severe=False,
        )
