"""Prepare a container engine, then run the container tests on it. Arguments are handed on to pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]

from container_engine.engine import VARIABLE, EngineUnavailableError  # noqa: E402 - after the path it is found on
from container_engine.find import find_engine  # noqa: E402
from container_engine.service import engine_socket  # noqa: E402


def main(arguments: list[str]) -> int:
    """Return pytest's exit status, or 2 when no engine can be had."""
    try:
        engine = find_engine()
    except EngineUnavailableError as error:
        print(f"test-containers: {error}", file=sys.stderr)
        return 2
    print(f"test-containers: the engine is {engine.name}", file=sys.stderr, flush=True)
    with engine_socket(engine) as variables:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "containers", "tests/containers", *arguments],
            cwd=ROOT,
            env={**os.environ, **variables, VARIABLE: engine.to_json()},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
