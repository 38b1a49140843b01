"""Kafka in a container, through testcontainers, for the suite's broker fixture.

Import this module only where it is used: testcontainers reads its settings from the environment when it is imported.
"""

from __future__ import annotations

from typing import Self

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import ExecWaitStrategy

IMAGE = "apache/kafka:4.3.0"
_PORT = 9092
_START = "/tmp/newswire-start"
# What the embedded broker and the compose stack set as well, as the official image takes it.
_ENVIRONMENT = {
    "KAFKA_HEAP_OPTS": "-Xms128m -Xmx512m",
    "KAFKA_NODE_ID": "1",
    "KAFKA_PROCESS_ROLES": "broker,controller",
    "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
    "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
    "KAFKA_LISTENERS": f"CONTROLLER://localhost:29093,PLAINTEXT://:{_PORT}",
    "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
    "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    "KAFKA_MESSAGE_MAX_BYTES": "20971520",
    "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
    "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
}


def engine_answers() -> bool:
    """Tell whether a container engine answers where testcontainers would look for it."""
    try:
        client = docker.from_env(timeout=5)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


class KafkaContainer(DockerContainer):
    """One Kafka broker, reached at `bootstrap_servers` while the context is open.

    testcontainers has a Kafka of its own, but not for this image. A broker tells its clients at which address to find
    it, and the mapped port is known only once the container runs: so the container first waits for a file that names
    it, then starts Kafka.
    """

    def __init__(self, image: str = IMAGE) -> None:
        super().__init__(image)
        self.with_exposed_ports(_PORT)
        self.with_envs(**_ENVIRONMENT)
        wait = f"until test -f {_START}; do sleep 0.1; done; . {_START}; exec /etc/kafka/docker/run"
        self.with_command(["bash", "-c", wait])

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` as a client on this machine reaches the broker."""
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(_PORT)}"

    def start(self) -> Self:
        """Start the container and return when the broker serves; TimeoutError with its log if it does not."""
        super().start()
        address = f"export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://{self.bootstrap_servers}\n"
        self.copy_into_container(address.encode(), _START)
        # Asked inside: outside, an engine's proxy may accept connections before anything listens behind it.
        ready = ExecWaitStrategy(["bash", "-c", f": </dev/tcp/127.0.0.1/{_PORT}"])
        try:
            ready.with_startup_timeout(120).with_poll_interval(0.2).wait_until_ready(self)
        except TimeoutError as error:
            error.add_note(self.get_wrapped_container().logs().decode(errors="replace"))
            raise
        return self
