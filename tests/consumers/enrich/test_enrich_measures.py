"""Words, reading time, keywords, and what a withdrawn article keeps."""

from __future__ import annotations

from typing import Any

import pytest

from consumers.enrich.measures import measures


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One two three.", 3),
        ("can't o’clock U.S. e.g.", 4),
        ("1,000.50 and 3.5", 3),
        ("Iran-backed snake_case", 3),
        ("— … ! ?", 0),
        ("🙂🙂", 0),
        ("हिन्दी भाषा", 2),
        ("我们的天空", 3),
        ("สวัสดีครับ", 5),
        ("한국어 단어", 2),
        ("שלום עולם", 2),
        ("Kafka 我们", 2),
    ],
)
def test_words(text: str, words: int) -> None:
    assert measures([text])[0] == words


@pytest.mark.parametrize(("words", "seconds"), [(0, 0), (1, 0), (2, 1), (238, 60), (400, 101)])
def test_reading_time_is_at_238_words_a_minute(words: int, seconds: int) -> None:
    assert measures(["word " * words]) == (words, seconds)


def test_keywords_are_terms_that_come_again_and_names(read: Any) -> None:
    article = read(
        "The harbour wall in Portsmouth collapsed. The harbour wall was old.",
        "Engineers had warned about the harbour wall, Jane Miller said. The storm was strong.",
        headline="Harbour wall collapses",
    )
    terms = [keyword["term"] for keyword in article["extracted_keywords"]]
    assert terms[0].lower() == "harbour wall"
    assert {"Portsmouth", "Jane Miller"} <= set(terms)
    assert not {"said", "was", "old", "harbour", "the harbour"} & set(terms)


def test_a_withdrawn_article_passes_through_with_nothing_extracted(read: Any) -> None:
    article = read(
        headline="Lloyd Austin says: “We go now” on Thursday",
        sections=[],
        revision={"number": 2, "change": "withdrawn"},
    )
    assert [
        article.get(field) for field in ("dates", "quotes", "entities", "countries", "extracted_keywords")
    ] == [[]] * 5
    assert "detected_language" not in article
    assert article["revision"] == {"number": 2, "change": "withdrawn", "changed_fields": []}
    assert article["word_count"] == 8
    assert article["lineage"]["was_generated_by"][-1]["stage"] == "enrich"


def test_the_detector_is_believed_over_the_declared_language_only_for_long_texts(read: Any) -> None:
    german = (
        "Der Bundestag hat am Mittwoch über das neue Gesetz beraten, das die Regierung im Herbst vorgelegt hatte. "
        * 3
    )
    article = read(german, language="en")
    assert article["detected_language"] == "de"
    assert {found["text"] for found in article["dates"]} == {"Mittwoch"}
    assert article["language"] == "en"
    assert "detected_language" not in read("Kurz.", language="en")
