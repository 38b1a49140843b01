"""docs/edge-cases.md names cases and tests that exist, and leaves none of its numbers out."""

from __future__ import annotations

import re
from pathlib import Path

from cases import CASES

ROOT = Path(__file__).resolve().parents[3]
ROWS = [
    line.split("|")[1:-1]
    for line in (ROOT / "docs" / "edge-cases.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| |", "| | what"))
]


def test_what_holds_a_decision_exists() -> None:
    named = [name for row in ROWS for name in re.findall(r"`([^`]+)`", row[-1])]
    assert len(named) > 60
    missing = [name for name in named if not ((ROOT / name).exists() if "/" in name else _is_a_case(name))]
    assert missing == []


def _is_a_case(name: str) -> bool:
    return any((cases / name).is_dir() for cases in (CASES, ROOT / "tests" / "wires" / "cases"))


def test_every_number_is_there() -> None:
    numbers = {int(row[0].strip()[1:]) for row in ROWS if row[0].strip()}
    assert {*range(16, 49), *range(59, 70)} <= numbers
    assert all(row[2].strip() and row[3].strip() for row in ROWS)


def test_there_are_enough() -> None:
    assert len([path for path in CASES.iterdir() if path.is_dir()]) >= 60
