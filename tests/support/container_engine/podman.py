"""podman in the place of a Docker engine, on a machine that reaches no registry of images."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from container_engine.engine import Engine, EngineUnavailableError, answers
from container_engine.kafka_image import make_kafka_image
from container_engine.packages import install_packages
from container_engine.progress import step
from container_engine.python_image import make_python_image
from container_engine.settings import write_settings
from newswire.broker.jars import cache_dir

_LOCK = Path(__file__).with_name("podman-compose.lock")
_RUN = Path("/run")


def podman_engine() -> Engine:
    """Return podman with podman-compose and the base images that the Dockerfile and the compose file name.

    What is missing is installed or made, once: the second call takes a second. Raises EngineUnavailableError where that
    is not possible.
    """
    install_packages()
    home = cache_dir() / "containers"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # A run-time folder for each storage: two caches on one machine must not share it.
        run = _RUN / f"newswire-containers-{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"
        environment = write_settings(home, run)
        if not answers(["podman", "info"], environment):
            shown = subprocess.run(
                ["podman", "info"],
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                check=False,
            )
            raise EngineUnavailableError(
                f"No Docker engine answers, and podman does not work here:\n{shown.stderr.strip()}\n"
                "What to do: start Docker (`docker info` must succeed)."
            )
        compose = _podman_compose(home)
        engine = Engine(
            name="podman",
            cli=("podman",),
            compose=(str(compose),),
            environment=environment,
            makes_own_images=True,
        )
        make_python_image(engine, home)
        make_kafka_image(engine)
    return engine


def _podman_compose(home: Path) -> Path:
    """Install podman-compose from its hashed lock into an environment of its own."""
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    folder = home / "podman-compose"
    stamp = folder / "installed"
    if not stamp.is_file() or stamp.read_text() != wanted:
        with step("installing podman-compose"):
            venv.create(folder, clear=True, with_pip=True)
            done = subprocess.run(
                [folder / "bin/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", _LOCK],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                check=False,
            )
            if done.returncode != 0:
                raise EngineUnavailableError("podman-compose cannot be installed: pip says why above.")
            stamp.write_text(wanted)
    return folder / "bin/podman-compose"
