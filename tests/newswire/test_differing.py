"""What changed between two revisions: fields, paragraphs, words; out of the topic, and from the command line's own parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_pipeline import SmallPipeline

from consumers.deduplicate import fields
from newswire.differing import Change, difference, revisions, words
from newswire.errors import NewswireError
from schemas.ids import article_id

LINES = [
    "The harbour was closed on Tuesday after a crane fell.",
    "The mayor said 24 ships wait.",
    "Nobody was hurt, the police said.",
]


def event(lines: list[str], **fields: object) -> dict[str, object]:
    return {"headline": "Harbour closed", "sections": [{"heading": None, "paragraphs": lines}], **fields}


def test_fields_come_first_and_a_changed_paragraph_is_one_change() -> None:
    after = [LINES[0], LINES[1].replace("24", "42"), LINES[2], "It opens on Friday."]
    assert difference(event(LINES), event(after, headline="Harbour shut", agency="Norvik")) == [
        Change("/headline", "Harbour closed", "Harbour shut"),
        Change("/agency", None, "Norvik"),
        Change("/sections/0/paragraphs/1", LINES[1], after[1]),
        Change("/sections/0/paragraphs/3", None, "It opens on Friday."),
    ]


def test_what_is_gone_has_its_old_place() -> None:
    assert difference(event(LINES), event(LINES[:2])) == [Change("/sections/0/paragraphs/2", LINES[2], None)]
    assert difference(event(LINES), event(LINES)) == []


def test_words() -> None:
    change = Change("/x", LINES[1], LINES[1].replace("24", "42"))
    assert words(change) == [("=", "The mayor said"), ("-", " 24"), ("+", " 42"), ("=", " ships wait.")]


TEXTS = st.lists(st.sampled_from([*LINES, "A.", "B b.", ""]), max_size=8)


@given(TEXTS, TEXTS)
def test_the_changes_lead_from_the_old_text_to_the_new(before: list[str], after: list[str]) -> None:
    changes = difference(event(before), event(after))
    gone = [change.before for change in changes if change.before is not None]
    new = [change.after for change in changes if change.after is not None]
    kept = list(before)
    for text in gone:
        kept.remove(text)
    assert sorted([*kept, *new]) == sorted(after)
    for change in changes:
        if change.after is not None:
            assert after[int(change.path.rsplit("/", maxsplit=1)[1])] == change.after
        runs = words(change)
        assert "".join(text for sign, text in runs if sign != "-").split() == (change.after or "").split()
        assert "".join(text for sign, text in runs if sign != "+").split() == (change.before or "").split()


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)
    yield made
    made.close()


def test_revisions_out_of_the_topic(pipeline: SmallPipeline) -> None:
    for text in (LINES[0], LINES[0] + " It was repaired."):
        pipeline.publish("a", text)
    pipeline.run()
    found = revisions(pipeline.log, article_id(source="herald", guid="a"))
    assert [each["revision"]["number"] for each in found] == [1, 2]
    assert found[1]["revision"]["previous"] == found[0]["lineage"]["was_derived_from"]
    (change,) = difference(*found)
    assert (change.before, change.after) == (LINES[0], LINES[0] + " It was repaired.")
    with pytest.raises(
        NewswireError, match=r"no revision of 'nothing' is on news\.unique\.v1: give an article id"
    ):
        revisions(pipeline.log, "nothing")


def test_revisions_by_the_guid_that_trace_takes_too(pipeline: SmallPipeline) -> None:
    for text in (LINES[0], LINES[0] + " It was repaired."):
        pipeline.publish("urn:herald:77", text)
    pipeline.run()
    assert [each["revision"]["number"] for each in revisions(pipeline.log, " urn:herald:77")] == [1, 2]


def test_whatever_a_revision_may_name_as_changed_is_shown() -> None:
    named = {name for name, *_ in fields._FIELDS} | {"guid", "paywalled", "published_precision"}
    for name in named - {"sections"}:
        assert difference(event(LINES), event(LINES, **{name: "x"}))[0].path == f"/{name}", name
