"""The real command line in processes of its own, with names in Kafka of its own."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import pytest


@dataclass
class Cli:
    """Runs commands in one environment."""

    environment: dict[str, str]

    def run(
        self, *arguments: str | Path, stdin: bytes | None = None, status: int | None = 0
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end; unless `status` is None, that is what it has to end with."""
        done = forked.run(arguments, self.environment, stdin=stdin)
        if status is not None:
            assert done.returncode == status, done.stderr.decode()
        return done

    def text(self, *arguments: str | Path, status: int = 0) -> str:
        """Return what a command writes to standard output."""
        return self.run(*arguments, status=status).stdout.decode()

    def lines(self, *arguments: str | Path, status: int = 0) -> list[Any]:
        """Return the JSON lines that a command writes to standard output."""
        return [json.loads(line) for line in self.text(*arguments, status=status).splitlines()]

    def error(self, *arguments: str | Path, status: int) -> str:
        """Return what a command that fails says on standard error."""
        return self.run(*arguments, status=status).stderr.decode()

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command; the test ends it."""
        return subprocess.Popen([*forked.PYTHON, *map(str, arguments)], env=self.environment, **options)


@pytest.fixture(scope="session")
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which no broker is named and none runs."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWSWIRE_", "KAFKA_"))
    }
    folder = tmp_path_factory.mktemp("cli")
    return inherited | {
        "NEWSWIRE_DATA_DIR": str(folder / "broker"),
        "NEWSWIRE_STATE_DIR": str(folder / "state"),
    }


@pytest.fixture(scope="session")
def lonely(plain_environment: dict[str, str]) -> Cli:
    """Commands where there is no broker."""
    return Cli(plain_environment)


@pytest.fixture(scope="module")
def cli(
    plain_environment: dict[str, str], bootstrap_servers: str, tmp_path_factory: pytest.TempPathFactory
) -> Cli:
    """Commands at the session's broker, with topics and state of their own for each module."""
    return Cli(
        plain_environment
        | {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
            "NEWSWIRE_NAMESPACE": f"cli-{uuid.uuid4().hex[:8]}.",
            "NEWSWIRE_STATE_DIR": str(tmp_path_factory.mktemp("state")),
            "NEWSWIRE_PARTITIONS": "2",
        }
    )
