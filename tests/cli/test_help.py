"""Help answers at once: it imports nothing that a command needs only when it works."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from newswire.cli import reference

HEAVY = {
    "kafka",
    "pydantic",
    "rich",
    "structlog",
    "orjson",
    "jsonschema_rs",
    "consumers",
    "producers",
    "schemas",
    "lxml",
}
SHOW_IMPORTS = """
import json, sys
from newswire.cli.ending import run
status = run(sys.argv[1:])
print(json.dumps([status, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
COMMANDS = [path.split()[1:] for path, _ in reference._commands(reference.command(), "newswire")]


@pytest.mark.parametrize("command", [[], *COMMANDS], ids=" ".join)
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW_IMPORTS, *command, "--help"], capture_output=True, text=True, check=True
    )
    help_text, _, last = done.stdout.strip().rpartition("\n")
    status, imported = json.loads(last)
    assert status == 0
    assert "Usage: newswire" in help_text
    assert not HEAVY & set(imported)


def test_the_reference_is_in_step() -> None:
    assert reference.PATH.read_text(encoding="utf-8") == reference.render()


def test_every_option_says_what_it_does() -> None:
    for line in reference.render().splitlines():
        if line.startswith("| `"):
            assert line.rstrip(" |").rpartition("| ")[2], line
