"""Whatever the text: no crash, true locations, bounded time, the same bytes every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parent / "cases"
WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "“ ” ‘ ’ \" ' « » „ — – , . : ; ( ) said says told he she Mr Mrs Dr. President Lloyd Austin Jordan US U.S. the of in on "
        "last week Thursday February 2024 31 1st 1914–18 Iran-backed Ministry Council (WHO) WHO World Health Organization 😀 שלום "
        "مرحبا हिन्दी 中文 İstanbul ß ﬁ \u200f \u200b a\u0301 Will May Georgia Turkey Washington “We will,” said. said:",
    )
)
LANGUAGES = st.sampled_from(["en", "de", "fr", "es", "sv", "ja", "ar", "hi", "und", "xx", "zh-Hant"])


def values_at(article: dict[str, Any]) -> list[tuple[str, str]]:
    """The words of each location as the event says and as they stand there."""
    found = [
        *article["dates"],
        *article["quotes"],
        *(mention for entity in article["entities"] for mention in entity["mentions"]),
    ]
    pairs = []
    for each in found:
        value: Any = article
        for part in each["location"]["path"].split("/")[1:]:
            value = value[int(part) if isinstance(value, list) else part]
        pairs.append((each["text"], value[each["location"]["start"] : each["location"]["end"]]))
    return pairs


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.one_of(st.lists(WORDS, max_size=30).map(" ".join), st.text(max_size=60)), max_size=4),
    LANGUAGES,
)
def test_any_text_is_read_and_every_location_is_true(read: Any, paragraphs: list[str], language: str) -> None:
    article = read(*paragraphs, language=language)
    assert all(said == there for said, there in values_at(article))
    assert article == read(*paragraphs, language=language)


HOSTILE = {
    "letters": "a" * 100_000,
    "capitals": "A" * 100_000,
    "capital words": "Ab " * 33_000,
    "opening marks": "“" * 100_000,
    "single marks": " ‘a" * 33_000,
    "apostrophes": "a’" * 50_000,
    "straight marks": ' "a' * 33_000,
    "guillemets": "«" * 100_000,
    "low marks": " „a" * 33_000,
    "quotes without speakers": "“We go now.” " * 7_500,
    "quotes with speakers": "“We go now,” Jane Miller said. " * 3_000,
    "digits": "1" * 100_000,
    "numbers": "1 " * 50_000,
    "days": "1 May 2 May " * 8_000,
    "years": "in 1990 " * 12_500,
    "weekdays": "on Monday " * 10_000,
    "initials": "A." * 50_000,
    "initials apart": "A. " * 33_000,
    "hyphens": "Iran-" * 20_000,
    "hyphens before a word": f"President Jane {'Ab-' * 40}lower said " * 100,
    "a long word before another": f"President A{'b' * 100_000}-lower said",
    "titles": "Mr " * 33_000,
    "names": "Jane Miller " * 8_000,
    "countries": "Jordan, " * 12_500,
    "heads": "Ministry of " * 8_000,
    "brackets": "World Bank (WB) " * 6_000,
    "spaces": " " * 100_000,
    "commas": "," * 100_000,
    "said": "said " * 20_000,
    "marks of accent": "a\u0301" * 50_000,
    "unspaced": "我们" * 50_000,
    "new lines": "\n" * 100_000,
    "adverbs": "“A,” also later " + "also later " * 9_000 + "said",
}


@pytest.mark.processor_seconds(60)  # a quadratic rule takes minutes and more
@pytest.mark.parametrize(
    ("language", "name"),
    [
        *(("en", name) for name in HOSTILE),
        *(("de", name) for name in HOSTILE if "mark" in name or name == "days"),
    ],
)
def test_hostile_texts_end(name: str, language: str, read: Any) -> None:
    article = read(HOSTILE[name], language=language)
    assert article["word_count"] >= 0


@pytest.mark.chaos
@pytest.mark.processor_seconds(60)
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_of_twice_the_length_end(name: str, language: str, read: Any) -> None:
    article = read(HOSTILE[name] * 2, language=language)
    assert article["word_count"] >= 0


@pytest.mark.processor_seconds(60)
def test_a_paragraph_of_a_megabyte_is_measured_and_not_searched(read: Any) -> None:
    article = read("Jane Miller said it on Monday. " * 35_000, "Bob Smith left.")
    assert article["word_count"] > 200_000
    assert [entity["name"] for entity in article["entities"]] == ["Bob Smith"]


def test_many_paragraphs_end(read: Any) -> None:
    article = read(*["“We go now,” Jane Miller said in Jordan. She left. “No,” she said."] * 1_500)
    assert len(article["quotes"]) == 3_000


PROGRAM = """
import json, sys
from consumers.enrich.handler import enrichment
from schemas.article.model import Article
from schemas.unique.model import Unique
for path in sys.argv[1:]:
    data = json.load(open(path, encoding="utf-8"))
    article = Article.from_data({**data, **enrichment(Unique.from_data(data))})
    print(article.model_dump_json())
"""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    inputs = [str(path) for path in sorted(CASES.glob("*/input.json"))]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, *inputs],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0].splitlines()[0])["entities"]


def test_importing_the_room_loads_no_tables() -> None:
    program = (
        "import sys, consumers.enrich\n"
        "print([m for m in sys.modules if m.startswith(('babel', 'py3langid', 'consumers.enrich.facts'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
