"""What reaches an engine through its socket: the suite's broker fixture (testcontainers), and our broker in Docker."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from container_engine.engine import Engine
from waiting import until

from newswire.log.contract import Outgoing, TopicSpec
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.containers, pytest.mark.timeout(300)]


def write_and_read(log: KafkaLog) -> None:
    log.create([TopicSpec("there.and.back", 1)])
    writer = log.writer("there.and.back")
    [offset] = writer.write([Outgoing("there.and.back", 0, b"key", b"value", int(time.time() * 1000))])
    writer.close()
    [record] = log.read("there.and.back", 0, offset, offset + 1)
    assert (record.key, record.value) == (b"key", b"value")


@pytest.mark.skipif(
    "KAFKA_BOOTSTRAP_SERVERS" in os.environ, reason="the fixture takes the broker that is given"
)
def test_the_broker_fixture_runs_kafka_in_a_container(
    engine: Engine, bootstrap_servers: str, kafka_log: KafkaLog
) -> None:
    port = bootstrap_servers.rpartition(":")[2]
    [published] = [
        line for line in engine.lines("ps", "--format", "{{.Image}} {{.Ports}}") if f":{port}->" in line
    ]
    assert "apache/kafka:4.3.0" in published
    write_and_read(kafka_log)


@pytest.mark.skipif(
    not shutil.which("docker"), reason="our broker in Docker is started by the docker program"
)
def test_our_broker_in_docker_starts_serves_and_stops(engine: Engine, tmp_path: Path) -> None:
    from newswire.broker.docker import DockerBroker, docker_answers
    from newswire.log.client import Connection

    # Podman behind a socket, on a busy machine, may take more than the second that the command line waits for it.
    until(docker_answers, "the engine answers the docker program")
    broker = DockerBroker(tmp_path)
    try:
        with broker:
            found = broker.status()
            log = KafkaLog(Connection(found.bootstrap if found else broker.start()))
            write_and_read(log)
            log.close()
        assert not engine.lines("ps", "--all", "--quiet", f"--filter=name={broker.name}")
    finally:
        engine.run("volume", "rm", "--force", broker.name)
