"""The same broker in a container, for machines where a Docker engine answers."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess

import structlog

from newswire.broker.cluster import ClusterFile
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.jars_lock import KAFKA_VERSION
from newswire.broker.lifecycle import LocalBroker
from newswire.broker.settings import server_properties

_log = structlog.get_logger("newswire.broker")

_ANSWER_TIMEOUT = 0.9  # seconds: a look must not be felt; an engine answers in a tenth of that
_CALL_TIMEOUT = 30.0
_PULL_TIMEOUT = 600.0  # seconds, for 200 MB
# Of the official image: its data folder, which belongs to the user that Kafka runs as in there.
_DATA = "/var/lib/kafka/data"
_LOCAL_SCHEMES = ("unix://", "npipe://", "tcp://127.", "tcp://localhost", "fd://")


def docker_answers() -> bool:
    """Whether the `docker` program is there and an engine on this machine answers it within a second.

    The program finds the engine in its own ways (DOCKER_HOST, contexts). An engine on another machine does not count:
    what it starts is not reachable on this machine's loopback.
    """
    docker = shutil.which("docker")
    host = os.environ.get("DOCKER_HOST", "")
    if docker is None or (host and not host.startswith(_LOCAL_SCHEMES)):
        return False
    try:
        done = subprocess.run(
            [docker, "version", "--format", "{{.Server.Version}}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ANSWER_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and bool(done.stdout.strip())


def image() -> str:
    """Return the image that runs the broker: NEWSWIRE_KAFKA_IMAGE, otherwise the official one of our Kafka version."""
    return os.environ.get("NEWSWIRE_KAFKA_IMAGE") or f"apache/kafka:{KAFKA_VERSION}"


def ensure_image() -> None:
    """Pull the image unless the engine has it. Raises EmbeddedBrokerError with Docker's words when it cannot be had."""
    if _docker("image", "inspect", image(), timeout=_CALL_TIMEOUT) is None:
        return
    _log.info("pulling the broker's image", image=image())
    said = _docker("pull", "--quiet", image(), timeout=_PULL_TIMEOUT)
    if said is not None:
        raise EmbeddedBrokerError(
            f"the broker's image {image()} cannot be pulled: {said}",
            where="docker pull",
            todo="set NEWSWIRE_BROKER=embedded to run without Docker, or NEWSWIRE_KAFKA_IMAGE to an image you have",
        )


class DockerBroker(LocalBroker):
    """One broker in a container, with the embedded broker's settings; its data in a volume named after `data_dir`.

    The container is run in the foreground by a `docker run` that stands where Java stands for the embedded broker, so
    that it ends, is found and is logged in the same way. See LocalBroker for parameters and methods; `brokers` is 1.
    """

    kind = "docker"

    @property
    def name(self) -> str:
        """The name of the container and of its volume."""
        return "newswire-broker-" + hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]

    def erase(self) -> None:
        """Delete the data of the stopped broker, for good: its volume and its folder."""
        said = _docker("volume", "rm", self.name, timeout=_CALL_TIMEOUT)
        if said is not None:
            raise EmbeddedBrokerError(
                f"the broker's volume cannot be deleted: {said}", where=self.name, todo="see what Docker says"
            )
        super().erase()

    def kill(self, index: int = 0) -> None:
        """SIGKILL the broker in the container."""
        _docker("kill", self.name, timeout=_CALL_TIMEOUT)
        self._nodes[index + 1].wait(_CALL_TIMEOUT)

    def _prepare(self, cluster: ClusterFile) -> bool:
        if self._brokers != 1:
            raise EmbeddedBrokerError(
                "the broker in Docker is a single one",
                where=self.name,
                todo="set NEWSWIRE_BROKER=embedded for three brokers, or use docker-compose.yml",
            )
        ensure_image()
        # Left by a start whose launcher was killed: without it nobody looks after that container any more.
        if _docker("container", "inspect", self.name, timeout=_CALL_TIMEOUT) is None:
            _docker("stop", "--time", "20", self.name, timeout=2 * _CALL_TIMEOUT)
            _docker("rm", "--force", self.name, timeout=_CALL_TIMEOUT)
        self._folder(1).mkdir(parents=True, exist_ok=True)
        cluster.save()
        # Whether Kafka closed its logs in order is written inside the volume: an old volume is always checked.
        existed = _docker("volume", "inspect", self.name, timeout=_CALL_TIMEOUT) is None
        if not existed and (said := _docker("volume", "create", self.name, timeout=_CALL_TIMEOUT)):
            raise EmbeddedBrokerError(
                f"the broker's volume cannot be made: {said}", where=self.name, todo="see what Docker says"
            )
        return existed

    def _verify(self, cluster: ClusterFile) -> None:
        """See LocalBroker. The data lies in the engine's volume, out of reach from here."""

    def _command(self, cluster: ClusterFile, node_id: int) -> list[str]:
        own = cluster.ports[node_id]
        values = server_properties(node_id, cluster.ports, _DATA, {})
        # Inside, the container's own interfaces; outside, loopback only, at the same number: it is what clients are told.
        values["listeners"] = f"PLAINTEXT://0.0.0.0:{own.client},CONTROLLER://127.0.0.1:{own.controller}"
        values |= self._settings
        command = [
            "docker",
            "run",
            "--rm",
            "--name",
            self.name,
            "--label",
            f"newswire.data-dir={self.data_dir}",
        ]
        command += ["--publish", f"127.0.0.1:{own.client}:{own.client}", "--volume", f"{self.name}:{_DATA}"]
        command += ["--env", f"CLUSTER_ID={cluster.cluster_id}", "--env", "KAFKA_HEAP_OPTS=-Xms96m -Xmx512m"]
        for name, value in values.items():
            command += ["--env", f"{environment_name(name)}={value}"]
        return [*command, image()]


def environment_name(setting: str) -> str:
    """Return the variable by which the official image takes a broker setting: `a.b_c-d` is KAFKA_A_B__C___D."""
    written = {".": "_", "_": "__", "-": "___"}
    return "KAFKA_" + "".join(written.get(character, character.upper()) for character in setting)


def _docker(*arguments: str, timeout: float) -> str | None:
    """Run the docker program; return None when it succeeded, otherwise what it said, on one line."""
    try:
        done = subprocess.run(
            ["docker", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    return " ".join((done.stderr or done.stdout).split()) or f"status {done.returncode}"
