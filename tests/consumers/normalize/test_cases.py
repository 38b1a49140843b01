"""Every case folder gives what it says, and the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cases import CASES, outcome_of, raw_of

from schemas.validation import writer

ALL = sorted(path.name for path in CASES.iterdir())


@pytest.mark.parametrize("case", ALL)
def test_case(case: str) -> None:
    folder: Path = CASES / case
    name, payload = outcome_of(raw_of(folder))
    assert (folder / name).exists(), payload
    expected: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    assert payload == expected
    assert outcome_of(raw_of(folder)) == (name, payload)
    if name == "expected.json":
        writer("normalized").check(payload)


def test_there_are_cases() -> None:
    assert len(ALL) >= 25
