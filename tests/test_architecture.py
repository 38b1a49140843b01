"""The walls of the house, read off the syntax tree: who may import whom, how long a module may be, what a pure handler may not touch."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire import topology
from newswire.stage.runner import load_handler

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "schemas": {"schemas"},
    "newswire": {"newswire", "schemas"},
    "producers": {"producers", "newswire", "schemas"},
    "consumers": {"consumers", "newswire", "schemas"},
}
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST = 320
"""Lines: a module should be read in one sitting."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_flow_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imports(path)} & set(ROOMS)
    assert ours <= ROOMS[room]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_kafka_python_is_imported_in_two_modules(path: Path) -> None:
    if name_of(path) not in ("newswire/log/client.py", "newswire/log/mends.py"):
        assert not [name for name in imports(path) if name.split(".")[0] == "kafka"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


CONSUMERS = [path for path in MODULES if path.relative_to(ROOT).parts[0] == "consumers"]
IMPURE_MODULES = {
    "time",
    "random",
    "secrets",
    "os",
    "socket",
    "subprocess",
    "requests",
    "urllib.request",
    "threading",
}
IMPURE_CALLS = re.compile(r"\.(now|utcnow|today|uuid1|uuid4|time_ns)\(|\bhash\(|\bopen\(")


@pytest.mark.parametrize("path", CONSUMERS, ids=name_of)
def test_handlers_are_pure(path: Path) -> None:
    found = set(imports(path))
    assert not found & IMPURE_MODULES
    assert not [
        name for name in found if name.startswith(("newswire.log", "newswire.stage", "newswire.broker"))
    ]
    calls = [
        ast.unparse(node) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if IMPURE_CALLS.search(call.split("\n")[0])]


@pytest.mark.parametrize("stage", topology.STAGES, ids=lambda stage: stage.name)
def test_every_stage_of_the_topology_has_its_handler(stage: topology.Stage) -> None:
    handler = load_handler(stage.name)
    assert handler.name == stage.name
    assert handler.rule_version


def test_every_stage_reads_what_one_before_it_writes() -> None:
    known = {"raw"}
    for stage in topology.STAGES:
        assert stage.reads in known
        known |= set(stage.writes)
    written = {event for stage in topology.STAGES for event in stage.writes} | {"raw", "rejected"}
    assert {topic.event for topic in topology.TOPICS} == written


def test_no_room_is_called_utils() -> None:
    assert not [path for path in MODULES if "util" in path.name or "helper" in path.name]
