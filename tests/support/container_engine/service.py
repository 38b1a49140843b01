"""podman's Docker-compatible interface, for what talks to an engine through a socket."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from container_engine.engine import Engine


@contextmanager
def engine_socket(engine: Engine) -> Iterator[dict[str, str]]:
    """Serve the engine on a socket while the context is open; yield the variables that lead clients to it.

    Docker has its socket already: nothing is started then, and nothing needs to be said. testcontainers' own reaper
    (Ryuk) is an image that cannot be had without a registry; what it would clean up, the tests take down themselves.
    """
    if engine.name != "podman":
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="newswire-engine-") as folder:
        socket = Path(folder) / "engine.sock"
        service = subprocess.Popen(
            [*engine.cli, "system", "service", "--time=0", f"unix://{socket}"],
            env={**os.environ, **engine.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(socket, service)
            yield {
                "DOCKER_HOST": f"unix://{socket}",
                "TESTCONTAINERS_RYUK_DISABLED": "true",
                "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
                "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
            }
        finally:
            service.terminate()
            service.wait(30)


def _await(socket: Path, service: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while not socket.is_socket():
        if service.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"podman does not serve {socket}; it ended with {service.poll()}")
        time.sleep(0.05)
