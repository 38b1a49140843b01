"""The order in which an engine is looked for."""

from __future__ import annotations

from container_engine.docker import docker_engine
from container_engine.engine import Engine
from container_engine.podman import podman_engine


def find_engine() -> Engine:
    """Return Docker where an engine answers, otherwise podman, installed and given its base images if need be.

    Raises EngineUnavailableError where neither can be had.
    """
    return docker_engine() or podman_engine()
