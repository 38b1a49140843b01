"""docs/push.md does what it says: its curl commands are run as they stand, against a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from waiting import PATIENCE

from producers.push.openapi import document
from producers.push.problems import TITLES
from producers.push.senders import _Entry

DOC = (Path(__file__).resolve().parents[3] / "docs/push.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)```", DOC, re.DOTALL)


def run(command: str, site: Any) -> list[Any]:
    written = command.replace("127.0.0.1:8080", f"127.0.0.1:{site.port}")
    environment = {"PATH": os.environ["PATH"], "TOKEN": site.token, "no_proxy": "*"}
    done = subprocess.run(
        ["sh", "-ec", written], capture_output=True, env=environment, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    decoder, text, found = json.JSONDecoder(), done.stdout.decode(), []
    while text.strip():
        value, end = decoder.raw_decode(text.strip())
        found.append(value)
        text = text.strip()[end:]
    return found


def test_there_are_commands() -> None:
    assert len(COMMANDS) == 5


@pytest.mark.parametrize("number", range(4))
def test_what_it_pushes_is_taken(site: Any, number: int) -> None:
    [answer] = run(COMMANDS[number], site)
    assert answer["repeated"] is False
    assert site.count() == len(answer["receipts"]) == (2 if number == 1 else 1)


def test_what_it_asks_is_answered(site: Any) -> None:
    health, description = run(COMMANDS[4], site)
    assert health == {"status": "ok"}
    assert description["openapi"].startswith("3.1")


def test_the_file_of_senders_is_one() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    for entry in tomllib.loads(example.replace("sha256:…", "sha256:" + "0" * 64))["senders"].values():
        _Entry.model_validate(entry)


def test_every_status_of_a_problem_is_in_the_table_and_in_the_description() -> None:
    told = {int(status) for status in re.findall(r"^\| (\d{3}) \|", DOC, re.MULTILINE)}
    from producers.push.limits import Limits

    described = json.loads(document(Limits()))["paths"]["/v1/articles"]["post"]["responses"]
    assert told == {int(status) for status in described} - {202, 500}
    assert told | {404, 405, 500} == {status for status, _ in TITLES.values()}
