"""Every promise of docs/reliability.md names the test that holds it, and that test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", PAGE)))
PROMISES = [
    line for line in PAGE.splitlines() if re.match(r"\| (?!promise )[^-]", line) and line.count("|") == 3
]


MAY_BE_LEFT_OUT: dict[str, str] = {}
"""Test -> why it may be skipped or expected to fail, though a promise names it."""


@pytest.mark.parametrize("named", TESTS)
def test_a_named_test_exists_and_is_run(named: str) -> None:
    path, name = named.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    # What the whole module is marked with counts for it, and so do the fixtures and helpers beside it.
    others = [node for node in tree.body if not _is_test(node)]
    if named not in MAY_BE_LEFT_OUT:
        assert left_out(found, *others) == [], f"{named} may be left out"


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def left_out(*nodes: ast.AST) -> list[str]:
    """Return the words by which pytest may leave out what stands there: as decorators, marks or calls."""
    words = {"skip", "skipif", "xfail", "importorskip"}
    inside = [part for node in nodes for part in ast.walk(node)]
    named = [part.attr for part in inside if isinstance(part, ast.Attribute)]
    named += [part.id for part in inside if isinstance(part, ast.Name)]
    return [word for word in named if word in words]


@pytest.mark.parametrize(
    "code",
    [
        "@pytest.mark.skip\ndef test(): ...",
        "@pytest.mark.skipif(True, reason='x')\ndef test(): ...",
        "def test():\n    if True:\n        pytest.skip('not here')",
        "def test():\n    pytest.xfail('known')",
        "def test():\n    skip('not here')",
        "def test(request):\n    request.node.add_marker(pytest.mark.xfail)",
        "pytestmark = [pytest.mark.skipif(True, reason='x')]",
        "docker = pytest.importorskip('docker')",
    ],
)
def test_what_leaves_a_test_out_is_seen(code: str) -> None:
    assert left_out(ast.parse(code))


def test_only_named_tests_may_be_left_out() -> None:
    assert set(MAY_BE_LEFT_OUT) <= set(TESTS)
    assert all(MAY_BE_LEFT_OUT.values())


@pytest.mark.parametrize("promise", PROMISES, ids=range(len(PROMISES)))
def test_every_promise_names_a_test(promise: str) -> None:
    assert re.search(r"`tests/[\w/]+\.py::\w+`", promise), promise


def test_the_page_promises_something() -> None:
    assert len(PROMISES) > 20
    assert len(TESTS) >= len(PROMISES)
