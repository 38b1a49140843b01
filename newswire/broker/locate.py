"""Find the broker to use, and start one when there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import structlog

from newswire.broker.cluster import read_cluster
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.lifecycle import LocalBroker, default_data_dir
from newswire.broker.running import status

_log = structlog.get_logger("newswire.broker")

Source = Literal["given", "environment", "running", "docker", "embedded"]


@dataclass(frozen=True, slots=True)
class Located:
    """Where the broker is and how it was found; `started` is the broker that was started for it, if one was.

    As a context manager it stops at the end what was started, and leaves alone what was found.
    """

    bootstrap: str
    source: Source
    started: LocalBroker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.started is not None:
            self.started.stop()


def locate(bootstrap: str | None, data_dir: Path | None = None) -> Located | None:
    """Return the broker that is there, or None; start nothing.

    Order: `bootstrap`, KAFKA_BOOTSTRAP_SERVERS, a broker that runs on `data_dir` (whoever started it).
    """
    if bootstrap:
        return Located(bootstrap, "given")
    from_environment = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if from_environment:
        return Located(from_environment, "environment")
    found = status(data_dir or default_data_dir())
    return Located(found.bootstrap, "running") if found else None


def locate_or_start(
    bootstrap: str | None,
    data_dir: Path | None = None,
    *,
    port: int | None = None,
    brokers: int = 1,
    detached: bool = False,
) -> Located:
    """Return the broker that is there, otherwise start one; see start_local."""
    return locate(bootstrap, data_dir) or start_local(data_dir, port=port, brokers=brokers, detached=detached)


def start_local(
    data_dir: Path | None = None,
    *,
    port: int | None = None,
    brokers: int = 1,
    detached: bool = False,
    settle: Literal["commit", "abort"] | None = None,
    secure: bool = False,
    namespace: str = "",
) -> Located:
    """Start a broker on this machine; see LocalBroker for the parameters.

    A single broker is started in Docker where an engine answers and has or can pull the image, otherwise embedded.
    NEWSWIRE_BROKER=embedded or =docker decides that. With `secure`, or where the folder's broker has been so before, it is
    an embedded one that lets nobody in but the principals of `newswire.acls`, for names in `namespace`. Raises
    EmbeddedBrokerError when it does not start.
    """
    folder = (data_dir or default_data_dir()).expanduser().absolute()
    if secure or (folder / "security").is_dir():
        return _start_secure(
            folder, port=port, brokers=brokers, detached=detached, settle=settle, namespace=namespace
        )
    if brokers == 1 and _use_docker(data_dir or default_data_dir()):
        from newswire.broker.docker import DockerBroker

        in_docker = DockerBroker(data_dir, port=port, detached=detached, settle=settle)
        return Located(in_docker.start(), "docker", in_docker)
    from newswire.broker.embedded import EmbeddedBroker

    embedded = EmbeddedBroker(data_dir, port=port, brokers=brokers, detached=detached, settle=settle)
    return Located(embedded.start(), "embedded", embedded)


def _start_secure(
    folder: Path,
    *,
    port: int | None,
    brokers: int,
    detached: bool,
    settle: Literal["commit", "abort"] | None,
    namespace: str,
) -> Located:
    from newswire.broker.embedded import EmbeddedBroker
    from newswire.broker.secure import guard_for, open_doors

    guard = guard_for(folder)
    broker = EmbeddedBroker(folder, port=port, brokers=brokers, detached=detached, settle=settle, guard=guard)
    bootstrap = broker.start()
    try:
        open_doors(folder, bootstrap, guard, namespace)
    except BaseException:
        broker.stop()
        raise
    return Located(bootstrap, "embedded", broker)


def _use_docker(data_dir: Path) -> bool:
    from newswire.broker.docker import docker_answers, ensure_image

    wanted = os.environ.get("NEWSWIRE_BROKER", "auto")
    if wanted not in {"auto", "docker", "embedded"}:
        raise EmbeddedBrokerError(
            f"NEWSWIRE_BROKER is {wanted!r}",
            where="environment variable NEWSWIRE_BROKER",
            todo="set it to auto, docker or embedded, or unset it",
        )
    if wanted != "auto":
        return wanted == "docker"
    existing = read_cluster(data_dir)
    if existing is not None:  # the data of a folder stays with what wrote it
        return existing.kind == "docker"
    if not docker_answers():
        return False
    try:
        ensure_image()
    except EmbeddedBrokerError as error:
        _log.info("Docker answers but has no broker image: using the embedded broker", reason=error.what)
        return False
    return True
