"""What the demo says of stories: those that have articles, and who only carries them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import schemas
from newswire.cli.demo.outcome import Item, stories
from newswire.cli.demo.outlets import only_carried_by
from newswire.cli.demo.stage_rows import stage_rows

EXAMPLES = Path(schemas.__file__).parent / "story" / "examples"


def story(example: str, **changed: Any) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{example}.json").read_text()) | changed


@pytest.fixture
def told() -> list[Item]:
    carried = story("carried", story_id="one", version=2)
    before = copy.deepcopy(carried) | {"version": 1, "members": []}
    gone = story("closed", story_id="two", members=[])
    return [Item(events={"story": [carried, gone]}), Item(events={"story": [before]})]


def test_a_story_of_which_all_was_withdrawn_is_none(told: list[Item]) -> None:
    assert [found["story_id"] for found in stories(told)] == ["one"]
    assert stage_rows(told)[-1][-1].startswith("1 stories, ")


def test_who_only_carries_a_story(told: list[Item]) -> None:
    (found,) = stories(told)
    outlets = {outlet for text in found["syndication"] for outlet in text["outlets"]}
    members = {member["source"] for member in found["members"]}
    assert set(only_carried_by(found)) == outlets - members != set()
    found["members"] += [found["members"][0] | {"source": outlet} for outlet in outlets]
    assert only_carried_by(found) == []
