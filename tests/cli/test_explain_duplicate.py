"""`newswire explain-duplicate` on files, without a broker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TEXT = """Ferry to leave earlier

The ferry to the outer islands will leave an hour earlier from Monday on, the company Norvik Lines said in a statement.

Passengers with tickets for the old time can travel on any ferry of the same day, or ask for their 24.50 crowns back.

The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("one.txt", "other.txt")]
    paths[0].write_text(TEXT)
    paths[1].write_text(
        TEXT.replace("24.50", "42.50").replace("Ferry to leave earlier", "Islanders angry\x1b[31m")
    )
    return paths


def test_a_copy_is_shown_with_the_evidence(lonely: Any, files: list[Path]) -> None:
    shown = lonely.text("explain-duplicate", *files)
    assert "The second is a copy of the first: near, by containment" in shown
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    assert "number 24.50 42.50 differs" in rows
    assert any(row.startswith("containment by the sample") for row in rows)
    assert any(row.startswith("first /sections/0/paragraphs/") for row in rows)
    assert "\x1b" not in shown


def test_as_json(lonely: Any, files: list[Path]) -> None:
    (found,) = lonely.lines("explain-duplicate", *files, "--json")
    assert found["decision"]["verdict"] == "near"
    assert found["facts"]["numbers"]["differ"] == 1


def test_what_is_asked_of_numbers_in_digits_alone_is_shown(lonely: Any, files: list[Path]) -> None:
    """Three in words agree and two in digits differ: at most 35 % of neither may."""
    said = "{} ships of {} left in two of its three yards, seven men said and four of five others heard, and nine people saw it"
    texts = [f"The yards of Ellery\n\n{TEXT}\n\n{said.format(*numbers)}." for numbers in ((31, 14), (58, 22))]
    for path, text in zip(files, texts, strict=True):
        path.write_text(text.replace("3 of 11", "some").replace("24.50", "few"))
    rows = [" ".join(row.split()) for row in lonely.text("explain-duplicate", *files).splitlines()]
    (shown,) = (row for row in rows if row.startswith("numbers in digits that agree and differ"))
    assert shown.endswith("0 and 2 at most 35 % differ")


def test_an_older_version_is_called_one(lonely: Any, files: list[Path]) -> None:
    article = {"url": "https://news.example/ferry", "headline": "Ferry", "source": "herald"}
    for path, hour, text in zip(files, (12, 9), (TEXT, TEXT.replace("24.50", "42.50")), strict=True):
        path.with_suffix(".json").write_text(
            json.dumps(article | {"text": text, "captured_at": f"2026-03-02T{hour:02}:00:00Z"})
        )
    shown = lonely.text("explain-duplicate", *(path.with_suffix(".json") for path in files))
    assert "The second is an older version of the first" in shown


SORRY = """Retraction: Ferry to leave earlier

The company has said no such thing, and we regret that we published it on Monday without having asked anybody there for an answer.

Whoever has passed the report on is asked to take it down, and to tell the readers why it is no longer to be found on the page.
"""
OWN = """A choir sings in the old theatre

A choir of fishermen will open the summer festival with songs that have not been heard in public since the middle of the last century.

The songs were found in a notebook in the attic of a school that was closed four years ago, written down without notes by a teacher.

A composer from the capital has set them for four voices, and the old theatre has sold most of the seats for the first night already.

The reason is a shortage of pilots in the port of Ellery, where 3 of 11 have retired since January and none was hired.
"""


def test_a_notice_and_a_passage_of_the_house_are_told(lonely: Any, files: list[Path]) -> None:
    files[1].write_text(SORRY)
    shown = lonely.text("explain-duplicate", *files)
    assert "says of the first that it is retracted (known by headline)" in shown
    files[1].write_text(OWN)
    shown = lonely.text("explain-duplicate", *files)
    assert "all that it shares with the first, of the same source, is one passage" in shown


def test_two_languages_are_compared_by_what_they_say_of_each_other(lonely: Any, files: list[Path]) -> None:
    seeds = Path(__file__).parents[2] / "seeds/14-translations"
    shown = lonely.text("explain-duplicate", seeds / "1-english.html", seeds / "2-german.html")
    assert (
        "different languages (en, de), and the first names the second and the second names the first" in shown
    )
    assert "translation-suspected" in shown
    rows = [" ".join(row.split()) for row in shown.splitlines()]
    assert any(
        row.startswith("named by the first hreflang, de, unknown, 0.90 https://bothnia") for row in rows
    )
    assert any(row.startswith("the second says that it was translated from en") for row in rows)
    assert any(row.startswith("numbers that both have (a hint) 5 of 5 and 5") for row in rows)
    unnamed = lonely.text("explain-duplicate", files[0], seeds / "2-german.html")
    assert "neither names the other" in unnamed


def test_two_files_with_one_headline_are_two_articles(lonely: Any, files: list[Path]) -> None:
    files[1].write_text(TEXT.replace("24.50", "42.50"))
    assert "The second is a copy of the first: near" in lonely.text("explain-duplicate", *files)
    assert "exact, by content-hash" in lonely.text("explain-duplicate", files[0], files[0])


def test_standard_input_is_one_of_them(lonely: Any, files: list[Path]) -> None:
    done = lonely.run("explain-duplicate", files[1], "-", stdin=TEXT.encode())
    assert b"The second is a copy of the first: near" in done.stdout


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.txt", "missing.txt: there is no such file"),
        ("/no/such/place", "/no/such/place: there is no such file"),
        ("", "is a folder: give a file with one article"),
        ("two.jsonl", "has more than one article: give a file with one"),
        ("empty.txt", "cannot be read: there is nothing in it"),
    ],
)
def test_what_cannot_be_compared_is_said(
    lonely: Any, files: list[Path], tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / "empty.txt").write_text("")
    line = json.dumps({"headline": "A headline", "body": TEXT, "url": "https://news.example/a"})
    (tmp_path / "two.jsonl").write_text(f"{line}\n{line}\n")
    path = tmp_path / name if name != "missing.txt" else name
    assert says in lonely.error("explain-duplicate", files[0], path, status=3)
