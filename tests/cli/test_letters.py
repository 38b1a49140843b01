"""What is said of dead letters on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
import wire
from small_pipeline import SmallPipeline

from newswire import rejected
from newswire.cli.letters import again, by_reason
from newswire.decision import decision
from newswire.rejected_filter import Filter


@pytest.fixture
def letters(tmp_path: Path) -> list[rejected.DeadLetter]:
    pipeline = SmallPipeline(tmp_path)
    pipeline.publish("a", "reject")
    pipeline.publish("b", "reject")
    pipeline.write(wire.bare(b"not json"))
    pipeline.run()
    found = list(rejected.find(pipeline.log))
    pipeline.close()
    return found


def test_reasons_are_counted_where_there_are_several(letters: list[rejected.DeadLetter]) -> None:
    wanted = Filter()
    assert list(wanted.of(letters)) == letters
    assert by_reason(wanted) == ": 2 told-to by normalize, 1 not-json by normalize"
    alone = Filter(reason="not-json")
    assert len(list(alone.of(letters))) == 1
    assert by_reason(alone) == ""


def test_a_letter_says_how_its_original_is_tried_again(letters: list[rejected.DeadLetter]) -> None:
    first = letters[0]
    assert again(first).endswith(f"newswire rejected retry {first.ref.partition}/{first.ref.offset}")


def test_one_article_is_not_called_articles() -> None:
    member = {"article_id": "a"}
    story = {"change": "updated", "headline": "Ferries", "article_id": "a", "members": [member]}
    assert decision("story", story, {}) == "updated in story “Ferries”, of 1 article"
    assert decision("story", {**story, "members": [member] * 2}, {}).endswith("of 2 articles")
