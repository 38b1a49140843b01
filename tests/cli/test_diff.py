"""`newswire diff`: what is shown of two revisions, over a log in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from small_pipeline import SmallPipeline

from newswire.cli import session
from newswire.cli.diff import _show, diff
from newswire.differing import Change
from newswire.errors import UsageError
from schemas.ids import article_id

TEXT = "The harbour was closed on Tuesday after a crane fell on the quay.\x1b[31m"
LATER = TEXT.replace("Tuesday", "Wednesday") + " Nobody was hurt."
ID = article_id(source="herald", guid="a")


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallPipeline]:
    made = SmallPipeline(tmp_path)

    @contextmanager
    def connected(*_: Any) -> Iterator[Any]:
        yield made.log

    monkeypatch.setattr(session, "connected", connected)
    yield made
    made.close()


def publish(pipeline: SmallPipeline, *texts: str) -> None:
    for text in texts:
        pipeline.publish("a", text)
    pipeline.run()


def test_words_that_are_gone_and_new(
    pipeline: SmallPipeline, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    publish(pipeline, TEXT, LATER)
    assert diff(ID) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert "revision 1 of 2024-02-01T12:00:00Z -> 2 of 2024-02-01T12:00:00Z: revised" in shown
    assert "/sections/0/paragraphs/0" in shown
    assert "closed on [-Tuesday-] {+Wednesday+} after a crane" in shown
    assert shown.rstrip().endswith("{+Nobody was hurt.+}")
    assert "\x1b" not in shown


def test_as_json_one_change_a_line(
    pipeline: SmallPipeline, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    publish(pipeline, TEXT, LATER, LATER + " It opens on Friday.")
    assert diff(ID, 2, as_json=True) == 0
    (change,) = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert change == {"path": "/sections/0/paragraphs/0", "before": TEXT, "after": LATER}


def test_a_revision_that_is_not_there(pipeline: SmallPipeline) -> None:
    publish(pipeline, TEXT)
    with pytest.raises(UsageError, match="there is only revision 1: nothing to compare it with"):
        diff(ID)
    with pytest.raises(UsageError, match="revisions 2 and 3 are not both on the topic: there are 1"):
        diff(ID, 3)


def test_pictures_are_shown_one_after_the_other(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    _show(Change("/images", None, [{"url": "https://news.example/a.jpg", "caption": "A quay"}]))
    assert (
        capfdbinary.readouterr().out.decode().split("\n")[2]
        == "  + url https://news.example/a.jpg, caption A quay"
    )
