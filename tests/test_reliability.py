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


@pytest.mark.parametrize("named", TESTS)
def test_a_named_test_exists_and_is_run(named: str) -> None:
    path, name = named.split("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    marks = " ".join(ast.unparse(mark) for mark in found.decorator_list)
    assert "skip" not in marks, f"{named} is skipped"
    assert "xfail" not in marks, f"{named} is expected to fail"


@pytest.mark.parametrize("promise", PROMISES, ids=range(len(PROMISES)))
def test_every_promise_names_a_test(promise: str) -> None:
    assert re.search(r"`tests/[\w/]+\.py::\w+`", promise), promise


def test_the_page_promises_something() -> None:
    assert len(PROMISES) > 20
    assert len(TESTS) >= len(PROMISES)
