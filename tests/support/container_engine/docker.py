"""Docker, where an engine answers."""

from __future__ import annotations

from container_engine.engine import Engine, EngineUnavailableError, answers


def docker_engine() -> Engine | None:
    """Return Docker with its compose command, or None when no engine answers.

    Raises EngineUnavailableError when an engine answers but has no compose: falling back to another engine beside a
    running one would only puzzle its owner.
    """
    if not answers(["docker", "info"]):
        return None
    for compose in (("docker", "compose"), ("docker-compose",)):
        if answers([*compose, "version"]):
            return Engine(name="docker", cli=("docker",), compose=compose)
    raise EngineUnavailableError(
        "A Docker engine answers, but neither `docker compose` nor `docker-compose` is installed.\n"
        "What to do: install the Docker compose plugin."
    )
