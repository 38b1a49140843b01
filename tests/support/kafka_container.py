"""Kafka in a container, through testcontainers, for the suite's broker fixture.

Import this module only where it is used: testcontainers reads its settings from the environment when it is imported.
"""

from __future__ import annotations

from typing import Self

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import ExecWaitStrategy

from newswire.broker.docker import environment_name
from newswire.broker.settings import NodePorts, server_properties

IMAGE = "apache/kafka:4.3.0"
_PORT = 9092
_INSIDE = 19092
_CONTROLLER = 29093
_START = "/tmp/newswire-start"


def _environment() -> dict[str, str]:
    """Set the broker as the embedded one is set: a test must not tell them apart."""
    values = server_properties(1, {1: NodePorts(_PORT, _CONTROLLER)}, "/var/lib/kafka/data", {})
    # Two doors. The broker calls on itself to check transactions: inside, the mapped port leads nowhere.
    values |= {
        "listeners": f"CONTROLLER://127.0.0.1:{_CONTROLLER},INSIDE://127.0.0.1:{_INSIDE},PLAINTEXT://:{_PORT}",
        "inter.broker.listener.name": "INSIDE",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    }
    del values["advertised.listeners"]
    return {environment_name(name): value for name, value in values.items()} | {
        "KAFKA_HEAP_OPTS": "-Xms96m -Xmx512m",
        "KAFKA_JVM_PERFORMANCE_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
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
        self.with_envs(**_environment())
        wait = f"until test -f {_START}; do sleep 0.1; done; . {_START}; exec /etc/kafka/docker/run"
        self.with_command(["bash", "-c", wait])

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` as a client on this machine reaches the broker."""
        return f"{self.get_container_host_ip()}:{self.get_exposed_port(_PORT)}"

    def start(self) -> Self:
        """Start the container and return when the broker serves; TimeoutError with its log if it does not."""
        super().start()
        addresses = f"INSIDE://127.0.0.1:{_INSIDE},PLAINTEXT://{self.bootstrap_servers}"
        self.copy_into_container(f"export KAFKA_ADVERTISED_LISTENERS={addresses}\n".encode(), _START)
        # Asked inside: outside, an engine's proxy may accept connections before anything listens behind it.
        ready = ExecWaitStrategy(["bash", "-c", f": </dev/tcp/127.0.0.1/{_PORT}"])
        try:
            ready.with_startup_timeout(120).with_poll_interval(0.5).wait_until_ready(self)
        except TimeoutError as error:
            error.add_note(self.get_wrapped_container().logs().decode(errors="replace"))
            raise
        return self
