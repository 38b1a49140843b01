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
import contextlib, io, json, sys
from newswire.cli.ending import run
for command in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = run([*command, "--help"])
    print(json.dumps([status, said.getvalue(), sorted({name.partition(".")[0] for name in sys.modules})]))
"""
COMMANDS = [[], *(path.split()[1:] for path, _ in reference._commands(reference.command(), "newswire"))]


@pytest.fixture(scope="module")
def helped() -> dict[str, list[object]]:
    """What every command has said, one after another in one process: its status, its help, and what had been imported by then."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_IMPORTS, json.dumps(COMMANDS)], capture_output=True, text=True, check=True
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return {" ".join(command): one for command, one in zip(COMMANDS, said, strict=True)}


@pytest.mark.parametrize("command", [" ".join(command) for command in COMMANDS])
def test_help_imports_nothing_heavy(helped: dict[str, list[object]], command: str) -> None:
    status, help_text, imported = helped[command]
    assert status == 0
    assert f"Usage: newswire {command}".strip() in help_text
    # Where several fail, the first of them is what imports it.
    assert not HEAVY & set(imported)


def test_every_source_with_state_can_be_given_a_data_folder(helped: dict[str, list[object]]) -> None:
    for kind in ("files", "feeds", "sitemaps", "wires", "warc", "push"):
        assert "--data-dir" in str(helped[f"produce {kind}"][1]), kind


def test_the_reference_is_in_step() -> None:
    assert reference.PATH.read_text(encoding="utf-8") == reference.render()


def test_every_option_says_what_it_does() -> None:
    for line in reference.render().splitlines():
        if line.startswith("| `"):
            assert line.rstrip(" |").rpartition("| ")[2], line
