"""Every benchmark starts: what it imports is still there, and it says what it measures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
COMMANDS = sorted(path.name for path in FOLDER.glob("*.py") if "add_argument(" in path.read_text("utf-8"))


def test_there_are_benchmarks() -> None:
    assert {"stage_loop.py", "latency.py", "recovery.py", "soak.py"} <= set(COMMANDS)


# What they all import is imported once; each is a process of its own, as if it had been started.
HELPED = """
import json, os, runpy, sys, tempfile
import newswire.live, newswire.log.kafka, newswire.stage.loop
folder, found = sys.argv[1], {}
for name in sys.argv[2:]:
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if not pid:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            sys.path[0] = folder
            sys.argv = [os.path.join(folder, name), "--help"]
            runpy.run_path(sys.argv[0], run_name="__main__")
            sys.exit()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        said.seek(0)
        found[name] = status, said.read().decode()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def helped() -> dict[str, tuple[int, str]]:
    """Name -> exit status, and what was said, of each with `--help`."""
    done = subprocess.run(
        [sys.executable, "-c", HELPED, FOLDER, *COMMANDS],
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    )
    found: dict[str, tuple[int, str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_help_runs(name: str, helped: dict[str, tuple[int, str]]) -> None:
    status, said = helped[name]
    assert status == 0, said
    assert "usage:" in said
