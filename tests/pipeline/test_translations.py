"""Two languages of one page through all stages: each names the other, and stories are joined as docs/stories.md says."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from seeded import SEEDS, seeded_log
from wire import payloads

import newswire
from newswire.cli.demo.languages import told_twice
from newswire.log.memory import MemoryLog

DOCS = Path(__file__).resolve().parents[2] / "docs/stories.md"


@pytest.fixture(scope="module", params=[1, 3], ids=["one-partition", "three-partitions"])
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MemoryLog:
    """The pages beside others, where all languages share a partition, and where they have their own."""
    paths = [
        SEEDS / "14-translations",
        SEEDS / "08-languages/1-german.txt",
        SEEDS / "09-pages/1-json-ld.html",
    ]
    return seeded_log(tmp_path_factory.mktemp("state"), paths, partitions=request.param)


def test_each_page_is_related_to_the_other(log: MemoryLog) -> None:
    articles = {each["article_id"]: each for each in payloads(log, "article")}
    english, german = (
        next(each for each in articles.values() if each["headline"].startswith(words))
        for words in ("Ice road", "Eisstraße")
    )
    for one, other in ((english, german), (german, english)):
        (related,) = one["related"]
        assert related == {
            "article_id": other["article_id"],
            "relation": "translation-suspected",
            "score": 0.9,
            "found_in": "hreflang",
        }
        assert [each["url"] for each in one["translations"]] == [other["url"]]
    assert len(english["sections"][0]["paragraphs"]) == 4  # the page's source is wrapped
    assert (german["translated_from"], german["translations"][0]["role"]) == ("en", "original")
    assert "translated_from" not in english
    assert [each.get("translations") for each in articles.values() if each not in (english, german)] == [
        None,
        None,
    ]


def test_stories_are_joined_as_the_documentation_says(
    log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    (recipe,) = (
        block
        for block in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
        if "translations" in block
    )
    monkeypatch.setattr(newswire, "subscribe", functools.partial(newswire.subscribe, log=log))
    found: dict[str, Any] = {}
    exec(recipe, found)
    stories = {each["story_id"]: each["headline"] for each in payloads(log, "story")}
    assert len(stories) == 4
    assert {frozenset(stories[each] for each in pair) for pair in found["joined"]} == {
        frozenset(
            (
                "Ice road to Sundholm opens three weeks late",
                "Eisstraße nach Sundholm öffnet drei Wochen zu spät",
            )
        )
    }


def test_the_demo_shows_them(log: MemoryLog) -> None:
    ((german, english),) = (
        (told["headline"][:5] for told in pair) for pair in told_twice(payloads(log, "story"))
    )
    assert (german, english) == ("Eisst", "Ice r")
