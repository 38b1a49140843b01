"""Keywords and sections that stand in one string."""

from __future__ import annotations

import json

import pytest

from consumers.normalize import extract
from consumers.normalize.listed import first_section, keywords, tags


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["lock, silt,  weir"], ["lock", "silt", "weir"]),
        (["lock; silt & weir"], ["lock", "silt & weir"]),
        (["silt &amp; weir"], ["silt & weir"]),
        (["Marriage, civil unions", "Silt"], ["Marriage, civil unions", "Silt"]),
        (["قفل، طمي"], ["قفل", "طمي"]),
        ([], []),
    ],
)
def test_one_string_is_a_list_and_of_several_each_is_one(given: list[str], found: list[str]) -> None:
    assert keywords(given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["Marriage, civil unions"], ["Marriage, civil unions"]),
        (["Lock,Silt"], ["Lock", "Silt"]),
        (["a, b, c"], ["a", "b", "c"]),
        (["a,b", "c"], ["a,b", "c"]),
    ],
)
def test_one_tag_may_be_a_list(given: list[str], found: list[str]) -> None:
    assert tags(given) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("Sport", "Sport"),
        ("Food &amp; Drink", "Food & Drink"),
        ("Locks, Silt and Weirs", "Locks, Silt and Weirs"),
        ("News,Sport", "News"),
        ("News, Sport, Weather", "News"),
        ("Business,", "Business"),
        ("https://tarn.example/sport/", None),
    ],
)
def test_of_several_sections_the_first_is_taken(given: str, found: str | None) -> None:
    assert first_section(given) == found


def test_pages_are_read_so() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": "A",
        "keywords": ["Gates, old", "Silt"],
        "articleSection": "News,Sport",
    }
    html = (
        f'<script type="application/ld+json">{json.dumps(data)}</script><meta property="article:tag" content="Lock,Weir">'
        f'<meta name="keywords" content="x; y"><p>{"It was long. " * 30}</p>'
    )
    found = extract(html, "https://tarn.example/news/a")
    assert [each.value for each in found.of("keywords")] == ["Gates, old", "Silt", "Lock", "Weir", "x", "y"]
    assert [each.value for each in found.of("article_section")] == ["News"]
