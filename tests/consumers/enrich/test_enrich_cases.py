"""A case is a folder: a unique event, and what must be read out of it.

`expected.json` names fields of the article event. A list must have exactly the elements that are written; of each element only the
fields that are written are compared. To add a case, add a folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def picked(expected: Any, actual: Any) -> Any:
    """The part of `actual` that `expected` speaks about."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {key: picked(value, actual.get(key)) for key, value in expected.items()}
    if isinstance(expected, list) and isinstance(actual, list):
        return [
            picked(expected[index], value) if index < len(expected) else value
            for index, value in enumerate(actual)
        ]
    return actual


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, enriched: Any) -> None:
    data = json.loads((case / "input.json").read_text(encoding="utf-8"))
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    article = enriched(data)
    for field, value in expected.items():
        assert picked(value, article.get(field)) == value, field


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_location_points_at_its_text(case: Path, enriched: Any) -> None:
    article = enriched(json.loads((case / "input.json").read_text(encoding="utf-8")))
    for found in (
        *article["dates"],
        *article["quotes"],
        *(mention for entity in article["entities"] for mention in entity["mentions"]),
    ):
        value: Any = article
        for part in found["location"]["path"].split("/")[1:]:
            value = value[int(part) if isinstance(value, list) else part]
        assert value[found["location"]["start"] : found["location"]["end"]] == found["text"]
