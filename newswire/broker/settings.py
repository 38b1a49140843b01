"""The broker's settings: what Kafka's defaults get wrong for a small broker on one machine, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newswire.broker.ports import HOST

LARGEST_RECORD = 20 << 20  # bytes; bodies are capped at 8 MiB, their dead letters carry them base64-encoded
_INTERNAL_PARTITIONS = (
    5  # instead of 50 a topic: every one is a folder with four files, opened at every start
)


@dataclass(frozen=True, slots=True)
class NodePorts:
    """The loopback ports of one node: for clients, and for the controllers' quorum."""

    client: int
    controller: int


def server_properties(
    node_id: int,
    ports: Mapping[int, NodePorts],
    log_dir: str,
    extra: Mapping[str, str],
) -> dict[str, str]:
    """Return the `server.properties` of one node, by name.

    `ports` are those of every node of the cluster, `extra` wins over what is here (Kafka's own names; see
    https://kafka.apache.org/documentation/#brokerconfigs).
    """
    nodes = len(ports)
    replicas = str(min(3, nodes))
    in_sync = "2" if nodes >= 3 else "1"
    own = ports[node_id]
    return {
        "process.roles": "broker,controller",
        "node.id": str(node_id),
        # Voters by configuration, not by the quorum's own log: the ports may then change between two starts.
        "controller.quorum.voters": ",".join(
            f"{node}@{HOST}:{port.controller}" for node, port in ports.items()
        ),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listeners": f"PLAINTEXT://{HOST}:{own.client},CONTROLLER://{HOST}:{own.controller}",
        "advertised.listeners": f"PLAINTEXT://{HOST}:{own.client}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": log_dir,
        # Topics are made from the topology, on purpose; a typing error in a name must not make one.
        "auto.create.topics.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        "offsets.topic.num.partitions": str(_INTERNAL_PARTITIONS),
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.num.partitions": str(_INTERNAL_PARTITIONS),
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": str(_INTERNAL_PARTITIONS),
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": in_sync,
        **_missed_after(nodes),
        # A group forms at once: nobody else is about to join, and a stage is restarted often.
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # A transaction whose writer died is aborted within a second of its timeout, not within ten.
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
        # A laptop may be closed for weeks. Offsets that expire would send the whole log through the stages again.
        "offsets.retention.minutes": str(366 * 24 * 60),
        # By the record's own time stamp, which for news may be years ago: kept unless the topic says otherwise.
        "log.retention.ms": "-1",
        "message.max.bytes": str(LARGEST_RECORD),
        "replica.fetch.max.bytes": str(LARGEST_RECORD),
        "replica.fetch.response.max.bytes": str(LARGEST_RECORD),
        "socket.request.max.bytes": str(5 * LARGEST_RECORD),
        # Memory and threads for one machine. The cleaner's default buffer alone is 128 MiB, and an index of 1 MiB
        # still covers a segment of 512 MiB.
        "log.cleaner.dedupe.buffer.size": str(16 << 20),
        "log.cleaner.io.buffer.size": str(LARGEST_RECORD),
        "log.index.size.max.bytes": str(1 << 20),
        "num.network.threads": "2",
        "num.io.threads": "4",
        "background.threads": "2",
        "num.recovery.threads.per.data.dir": "2",
    } | dict(extra)


def _missed_after(nodes: int) -> dict[str, str]:
    """Return after what silence a broker is missed: until then, all that a dead one has led waits.

    One broker keeps Kafka's 9 s, although a start after SIGKILL waits for that: fenced for a moment, it leaves no known leaders, and the
    coordinator then drops commit markers (K1).
    """
    if nodes < 3:
        return {}
    return {"broker.session.timeout.ms": "6000", "broker.heartbeat.interval.ms": "1000"}


def as_properties(values: Mapping[str, str]) -> str:
    """Write settings in the format of java.util.Properties."""

    def escape(text: str) -> str:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        # The format is Latin-1 by definition; a home folder may be called otherwise.
        return "".join(c if " " <= c <= "~" else "".join(f"\\u{u:04x}" for u in _utf16(c)) for c in text)

    return "".join(f"{escape(name)}={escape(value)}\n" for name, value in values.items())


def _utf16(character: str) -> list[int]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


def java_options(version: int, temporary: Path) -> list[str]:
    """Return the JVM options of the broker for a Java of this major version; `temporary` gets its native libraries."""
    options = [
        "-Xms96m",
        "-Xmx512m",
        "-XX:+UseSerialGC",  # a heap this small is collected in milliseconds; G1 costs 60 MB and a dozen threads
        # The quick compiler only. Measured over 40,000 records of 3.6 KB in transactions: less processor time and less
        # memory than with both, and a start in 2.0 s instead of 3.4: a broker this small is never the bottleneck.
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Xshare:auto",
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={temporary}",
        "-Dorg.slf4j.simpleLogger.logFile=System.out",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
        "-Dorg.slf4j.simpleLogger.showThreadName=false",
        # These print every setting at each start, or a line for every replica.
        "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn",
        "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn",
    ]
    if version >= 24:  # JEP 472: the compression libraries are native
        options.append("--enable-native-access=ALL-UNNAMED")
    return options
