"""Every promise of docs/reliability.md names the test that holds it, and that test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
_REFERENCE = re.compile(r"tests/[\w/]+\.py::test_\w+")


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of every row in tables of promises; what is written with two cells elsewhere is no promise."""
    rows, inside = [], False
    for line in page.splitlines():
        if not line.startswith("|"):
            inside = False
        elif line.replace(" ", "") == "|promise|heldby|":
            inside = True
        elif inside and set(line) - set("|-: "):
            rows.append(
                [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
            )
    return rows


def named_in(held_by: str) -> list[str]:
    """Return all that is named as a test: in backticks, or as a word that begins as the path of one does."""
    return re.findall(r"`([^`]*)`", held_by) + re.findall(r"tests/\S*", re.sub(r"`[^`]*`", "", held_by))


def slips(row: list[str]) -> list[str]:
    """Return what is wrong with a row: its form, that it names no test, or what is no name of a test."""
    if len(row) != 2 or not all(row):
        return [f"a promise has two cells: {row}"]
    named = named_in(row[1])
    return [f"no name of a test: {name}" for name in named if not _REFERENCE.fullmatch(name)] or (
        [] if named else ["no test is named"]
    )


PROMISES = rows_of(PAGE)
# Elsewhere on the page tests may be named, too.
TESTS = sorted(set(re.findall(_REFERENCE, PAGE)))


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
def test_every_promise_names_tests_and_nothing_else(promise: list[str]) -> None:
    assert slips(promise) == []


_HEAD = "| promise | held by |\n|---|---|\n"
_GOOD = "`tests/x/test_a.py::test_b`"


def test_a_good_table_passes() -> None:
    assert rows_of(f"{_HEAD}| one | {_GOOD} |\n| two | {_GOOD}, {_GOOD} |\n\n| no | promise |\n") == [
        ["one", _GOOD],
        ["two", f"{_GOOD}, {_GOOD}"],
    ]
    assert [slips(row) for row in rows_of(f"{_HEAD}| one | {_GOOD}, {_GOOD} |\n")] == [[]]


@pytest.mark.parametrize(
    "row",
    [
        f"| one | {_GOOD}, `tests/x.py:test` |",
        f"| one | {_GOOD}, `tests/a-b/test_x.py::test_y` |",
        f"| one | {_GOOD}, `tests/x/test_a.py` |",
        f"| one | {_GOOD}, `test/x/test_a.py::test_b` |",
        f"| one | {_GOOD}, `tests/x/test_a.py::test_b[case]` |",
        f"| one | {_GOOD}, `tests/x/test_a.py::helper` |",
        f"| one | {_GOOD}, tests/x/test_a.py::test-b |",
        f"| one | {_GOOD} | more |",
        f"| one, or | another | {_GOOD} |",
        f"| | {_GOOD} |",
        "| one | |",
        "| one |",
        "| one",
        "| one | by nobody |",
    ],
)
def test_a_row_with_a_slip_is_seen(row: str) -> None:
    rows = rows_of(f"{_HEAD}| good | {_GOOD} |\n{row}\n")
    assert [bool(slips(found)) for found in rows] == [False, True]


def test_a_table_whose_head_has_a_slip_is_seen() -> None:
    """Every table that names tests is one of promises."""
    assert set(re.findall(r"tests/[^\s`,|]*::[^\s`,|]*", "".join(map(str, PROMISES)))) == set(
        re.findall(r"tests/[^\s`,|]*::[^\s`,|]*", PAGE)
    )


def test_the_page_promises_something() -> None:
    assert len(PROMISES) > 20
    assert len(TESTS) >= len(PROMISES)
