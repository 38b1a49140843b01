"""The broker: whether it answers, the topics are as they should be, the stages keep up, and no transaction stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from newswire import topology
from newswire.broker.probe import probe
from newswire.config import Settings
from newswire.doctor.finding import Finding, fail, ok, warn
from newswire.doctor.stages import look_at_rejects, look_at_stages
from newswire.doctor.transactions import look_at_transactions
from newswire.errors import BrokerError
from newswire.log.client import KafkaError
from newswire.log.kafka import KafkaLog
from newswire.topics import flaws as topic_flaws
from newswire.topics import specs


def look_at_broker(
    servers: str, settings: Settings, *, stands_seconds: float | None = None
) -> Iterator[Finding]:
    """Yield what the broker at `servers` has to say; when it does not answer, only that.

    `stands_seconds`: how long committed reads may stand below the end; by default as long as the clients' limits say.
    """
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
        yield from look_at_transactions(
            log, log.connection.limits.stands_seconds if stands_seconds is None else stands_seconds
        )
        yield from look_at_stages(log)
        yield look_at_rejects(log, settings.max_reject_share)
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
    flaws = list(
        topic_flaws(
            wanted,
            configs,
            replicas=log.replicas([spec.name for spec in wanted]),
            brokers=log.brokers(),
            limits=log.connection.limits,
            source=topology.topic("raw").name,
        )
    )
    for severe in (True, False):
        of_kind = [flaw for flaw in flaws if flaw.severe is severe]
        if of_kind:
            yield (fail if severe else warn)(
                "topics",
                "; ".join(flaw.shown for flaw in of_kind),
                "the stages refuse to start like this; `newswire topics mend`, or: "
                + "; ".join(flaw.todo for flaw in of_kind)
                if severe
                else "if it is not meant so: set it with Kafka's own `kafka-configs.sh --alter`",
            )
    alike = [spec for spec in wanted if spec.name not in topology.single_changelogs()]
    counts = {there[spec.name] for spec in alike}
    if len(counts) > 1:
        yield warn(
            "partitions",
            "; ".join(f"{spec.name} has {there[spec.name]}" for spec in alike),
            "give all topics the same number: a stage's changelog must have as many partitions as its input",
        )
    if not flaws:
        yield ok(
            "topics",
            f"{len(wanted)}, with the settings that are needed; {'/'.join(map(str, sorted(counts)))} partitions",
        )
