"""The seeds are what their table says: every file is in it, and has the fate that it gives."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from consumers.normalize import Normalize
from newswire.capture import Captured
from newswire.errors import Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from producers.files import FilesSource
from schemas.core.lineage import RecordRef
from schemas.normalized.model import Normalized
from schemas.validation import writer

SEEDS = Path(__file__).parents[2] / "seeds"
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| (?P<shows>.+) \| (?P<fate>.+) \|$", re.MULTILINE)
TABLE = {row["file"]: row["fate"] for row in ROW.finditer((SEEDS / "README.md").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[Normalized | tuple[str, str]]]:
    """File -> what became of each of its records: an article, or (by whom, reason) of a rejection."""
    found: dict[str, list[Normalized | tuple[str, str]]] = defaultdict(list)
    handler, state = Normalize(), MemoryState()
    for number, outcome in enumerate(FilesSource([SEEDS]).captures()):
        assert outcome is not None
        if not isinstance(outcome, Captured):
            found[re.sub(r" (line|record) \d+$", "", outcome.what)].append(("source", outcome.reason))
            continue
        writer("raw").check(outcome.raw.to_data())
        ref = RecordRef(topic="news.raw.v1", partition=0, offset=number)
        milliseconds = int(outcome.raw.captured_at.timestamp() * 1000)
        event = Event("raw", str(number), outcome.key, outcome.raw.to_data(), ref, milliseconds)
        name = str(outcome.raw.path).partition("#")[0]
        try:
            (emitted,) = handler.handle(event, state)
        except Reject as reject:
            found[name].append(("normalize", reject.reason))
        else:
            assert isinstance(emitted.data, Normalized)
            writer("normalized").check(emitted.data.to_data())
            found[name].append(emitted.data)
    return found


def test_the_table_lists_every_file_in_order() -> None:
    files = [
        str(path.relative_to(SEEDS))
        for path in SEEDS.rglob("*")
        if path.is_file() and path.name != "README.md"
    ]
    assert sorted(files) == list(TABLE)
    assert len(files) > 25


def test_every_file_is_read_in_the_order_of_the_table(outcomes: dict[str, list[object]]) -> None:
    assert list(outcomes) == list(TABLE)


@pytest.mark.parametrize("file", TABLE)
def test_fate_as_far_as_this_stage_goes(
    file: str, outcomes: dict[str, list[Normalized | tuple[str, str]]]
) -> None:
    fate, results = TABLE[file], outcomes[file]
    rejections = [result[1] for result in results if isinstance(result, tuple)]
    assert sorted(rejections) == sorted(reason for reason in re.findall(r"`([a-z-]+)`", fate))
    articles = [result for result in results if isinstance(result, Normalized)]
    passed = fate.startswith(("published", "revised", "duplicate", "withdrawn", "held"))
    expected = int(count[1]) if (count := re.match(r"published \((\d+)\)", fate)) else int(passed)
    assert len(articles) == expected
    assert [article.rights.status == "canceled" for article in articles] == [fate == "withdrawn"] * expected
    assert [article.rights.embargoed_until is not None for article in articles] == [fate == "held"] * expected


def test_captures_of_one_article_share_its_id(outcomes: dict[str, list[Normalized]]) -> None:
    def ids(prefix: str) -> list[str]:
        return [
            article.article_id
            for file, results in outcomes.items()
            if file.startswith(prefix)
            for article in results
        ]

    for folder, distinct in {"01": 3, "02": 3, "03": 1, "04": 1, "05": 1, "07": 2}.items():
        assert len(set(ids(folder))) == distinct, folder


def test_the_given_live_blog(outcomes: dict[str, list[Normalized]]) -> None:
    (article,) = outcomes["000_408d526261db11a3.txt"]
    assert article.kind == "live_blog"
    assert (
        article.headline
        == "Plans in place for US strikes against Iran-backed militias after deaths of three American servicemen"
    )
    assert article.summary is not None
    assert article.summary.startswith("‘We will have a multi-tiered response,’ Defence Secretary")
    assert article.published_at is not None
    assert (article.published_at.isoformat(), article.published_precision) == (
        "2024-02-01T00:00:00+00:00",
        "day",
    )
    assert [(section.heading, len(section.paragraphs)) for section in article.sections] == [
        (None, 6),
        (
            "US approves plans to directly target Iranian forces in response to attack that killed three soldiers",
            4,
        ),
    ]
    assert article.language == "en"


def test_hostile_pieces_come_out_harmless(outcomes: dict[str, list[Normalized]]) -> None:
    for file, (article,) in ((file, results) for file, results in outcomes.items() if file.startswith("12-")):
        text = "\n".join(
            [article.headline, article.summary or "", *(p for s in article.sections for p in s.paragraphs)]
        )
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\ud800-\udfff\ufffd]", text), file
        assert not re.search(r"script|alert|onload|hidden line|evil|not text of", text), file
        assert article.url is None or article.url.startswith("https://"), file
        assert article.published_at is None or article.published_at.year == 2024, file


def test_encodings_are_read_right(outcomes: dict[str, list[Normalized]]) -> None:
    for file in TABLE:
        for article in outcomes[file]:
            if isinstance(article, Normalized):
                text = repr([article.headline, article.summary, article.sections])
                assert not re.search("\ufffd|Ã|â€|Ð[А-Яа-я]", text), file
