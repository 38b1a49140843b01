"""Every benchmark starts: what it imports is still there, and it says what it measures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
COMMANDS = sorted(path.name for path in FOLDER.glob("*.py") if "add_argument(" in path.read_text("utf-8"))


def test_there_are_benchmarks() -> None:
    assert {"stage_loop.py", "latency.py", "recovery.py", "soak.py"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_runs(name: str) -> None:
    done = subprocess.run(
        [sys.executable, FOLDER / name, "--help"], capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout
