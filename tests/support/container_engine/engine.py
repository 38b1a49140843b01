"""What the tests need of a container engine, whichever it is."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

VARIABLE = "NEWSWIRE_TEST_ENGINE"


class EngineUnavailableError(RuntimeError):
    """No container engine can be had here; the message says what was tried and what to do."""


@dataclass(frozen=True)
class Engine:
    """Commands and settings of one engine.

    `environment` is added to the caller's own for every command; `makes_own_images` says that base images are
    stand-ins made on this machine, because no registry is reached.
    """

    name: str
    cli: tuple[str, ...]
    compose: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    makes_own_images: bool = False

    def run(
        self,
        *arguments: str,
        compose: bool = False,
        check: bool = True,
        timeout: float = 600.0,
        environment: Mapping[str, str] | None = None,
        quiet: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run one command of the engine (or of its compose) to its end.

        With `check`, a failure raises RuntimeError that shows the command and all that it printed. `quiet` keeps the
        output in the result instead of passing it on to standard error.
        """
        command = [*(self.compose if compose else self.cli), *arguments]
        done = subprocess.run(
            command,
            env={**os.environ, **self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else 2,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
        if check and done.returncode != 0:
            raise RuntimeError(
                f"{' '.join(command)} ended with {done.returncode}\n{done.stdout or ''}{done.stderr or ''}"
            )
        return done

    def lines(self, *arguments: str) -> list[str]:
        """Return the non-empty lines a command printed."""
        return [line for line in self.run(*arguments).stdout.splitlines() if line.strip()]

    def to_json(self) -> str:
        """Return a text for the environment variable that hands this engine to pytest."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Engine:
        """Return the engine that `to_json` wrote."""
        read = json.loads(text)
        return cls(**{**read, "cli": tuple(read["cli"]), "compose": tuple(read["compose"])})


def answers(command: Sequence[str], environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether a command exists and exits with 0 within half a minute."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
