"""The broker: whether it answers, the topics are as they should be, the stages keep up, and no transaction stands in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from newswire import topology
from newswire.broker import k1
from newswire.broker.probe import probe
from newswire.config import Settings
from newswire.doctor.finding import Finding, fail, ok, warn
from newswire.errors import BrokerError
from newswire.lag import LagMeter
from newswire.log.client import KafkaError
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.topics import specs

_STANDS_SECONDS: Final = 20.0
"""A transaction ends, or is ended by the broker, in half of this time: what is open longer hangs."""


def look_at_broker(servers: str, settings: Settings) -> Iterator[Finding]:
    """Yield what the broker at `servers` has to say; when it does not answer, only that."""
    try:
        if settings.security_protocol == "PLAINTEXT":
            yield _cluster(servers.split(","))
        log = KafkaLog(settings.connection(servers))
        there = log.topics()
        if settings.security_protocol != "PLAINTEXT":
            yield ok("broker", f"answers at {servers} over {settings.security_protocol}")
    except (OSError, ValueError, BrokerError, KafkaError) as error:
        yield fail(
            "broker",
            f"none answers at {servers}: {error}",
            "start it (`newswire broker start`, `newswire up`), or mend --bootstrap-servers or KAFKA_BOOTSTRAP_SERVERS",
        )
        return
    try:
        missing = [spec.name for spec in specs() if spec.name not in there]
        if missing:
            yield fail(
                "topics", f"{len(missing)} are not there: {', '.join(missing)}", "`newswire topics create`"
            )
            return
        yield from _topics(log, there, settings)
        yield from _transactions(log)
        yield from _stages(log)
        yield _rejected(log, settings)
    except (BrokerError, KafkaError) as error:
        yield fail(
            "broker",
            f"stopped answering: {type(error).__name__}: {error}",
            "run doctor again; see the broker's log",
        )
    finally:
        log.close()


def _cluster(addresses: Sequence[str]) -> Finding:
    """Tell how many brokers there are, by the first that answers. Raises OSError or ValueError when none does."""
    for address in addresses:
        try:
            cluster = probe(address)
        except (OSError, ValueError):
            if address == addresses[-1]:
                raise
            continue
        break
    shown = f"{len(cluster.brokers)} at {', '.join(sorted(cluster.brokers.values()))} (cluster {cluster.cluster_id})"
    if len(cluster.brokers) < len(addresses):
        return warn(
            "broker",
            f"{shown}, of {len(addresses)} that are named",
            "start the others again: what is left may not survive the loss of one more",
        )
    return ok("broker", shown)


def _topics(log: KafkaLog, there: Mapping[str, int], settings: Settings) -> Iterator[Finding]:
    wanted = specs(settings.partitions, settings.retention_days)
    configs = log.configs([spec.name for spec in wanted])
    wrong = [difference for spec in wanted for difference in _differences(spec, configs[spec.name])]
    if wrong:
        yield warn(
            "topics",
            "; ".join(wrong),
            "if it is not meant so: set it with Kafka's own `kafka-configs.sh --alter`",
        )
    counts = {there[spec.name] for spec in wanted}
    if len(counts) > 1:
        yield warn(
            "partitions",
            "; ".join(f"{spec.name} has {there[spec.name]}" for spec in wanted),
            "give all topics the same number: a stage's changelog must have as many partitions as its input",
        )
    if not wrong:
        yield ok(
            "topics",
            f"{len(wanted)}, with the settings that are needed; {'/'.join(map(str, sorted(counts)))} partitions",
        )


def _differences(spec: TopicSpec, found: Mapping[str, str]) -> Iterator[str]:
    for name, value in spec.configs.items():
        if found.get(name) != value:
            yield f"{spec.name} has {name}={found.get(name)}, not {value}"


def _transactions(log: KafkaLog) -> Iterator[Finding]:
    report = k1.look(log.connection)
    for found in report.hanging:
        place = f"{found.open.topic}/{found.open.partition}"
        yield fail(
            "transactions",
            f"one hangs on {place} from offset {found.open.start_offset} on, and hides all that follows: {found.evidence}",
            "stop the stages, then `newswire doctor --repair` ends it as it was decided"
            if found.decision != "unknown"
            else "look at these records, then `newswire broker start --settle commit` or `--settle abort`",
        )
    standing = _standing(log)
    if standing:
        yield fail(
            "committed reads",
            f"stand still for {_STANDS_SECONDS:.0f} s below the end: {', '.join(standing)}",
            "a transaction is open and does not end: see the line above, and the broker's log",
        )
    elif not report.hanging:
        yield ok("transactions", "none hangs; committed reads reach the end of every topic")


def _standing(log: KafkaLog) -> list[str]:
    """Return the partitions whose last stable offset does not reach what was written when we began to look."""
    ends = {
        (topic.name, partition): end
        for topic in topology.TOPICS
        for partition, end in log.end_offsets(topic.name, committed=False).items()
    }
    until = time.monotonic() + _STANDS_SECONDS
    while True:
        stable = {topic: log.end_offsets(topic) for topic in {name for name, _ in ends}}
        ends = {place: end for place, end in ends.items() if stable[place[0]][place[1]] < end}
        if not ends or time.monotonic() > until:
            return [
                f"{topic}/{partition} at {stable[topic][partition]} of {end}"
                for (topic, partition), end in ends.items()
            ]
        time.sleep(0.5)


def _stages(log: KafkaLog) -> Iterator[Finding]:
    meter = LagMeter(log)
    for stage in topology.STAGES:
        lag = meter.lag(stage.name)
        group = topology.group(stage.name)
        if lag and not log.group_offsets(group, topology.topic(stage.reads).name):
            yield warn(
                stage.name,
                f"{lag:,} records wait, and it has never read any",
                f"`newswire up` or `newswire run {stage.name}`",
            )
        elif lag:
            yield warn(
                stage.name,
                f"{lag:,} records wait",
                "nothing, if the number falls: run doctor again; otherwise see its log",
            )
        else:
            yield ok(stage.name, "has taken all of its input")


def _rejected(log: KafkaLog, settings: Settings) -> Finding:
    """Compare the sizes of two topics: in offsets, which is near enough for a warning."""
    sizes = {}
    for event in ("raw", "rejected"):
        name = topology.topic(event).name
        first = log.first_offsets(name)
        sizes[event] = sum(end - first[partition] for partition, end in log.end_offsets(name).items())
    share = sizes["rejected"] / max(1, sizes["raw"], sizes["rejected"])
    if share > settings.max_reject_share:
        return warn(
            "rejected",
            f"about {share:.0%} of what went in",
            "`newswire rejected list` shows why; mend the source or the rules, then `newswire rejected retry`",
        )
    return ok("rejected", f"about {share:.0%} of what went in")
