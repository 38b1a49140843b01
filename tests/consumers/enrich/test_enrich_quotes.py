"""Who says what: only where the text ties a name to the words."""

from __future__ import annotations

from typing import Any

import pytest

# paragraphs, then (beginning of the quote, speaker, words for the speaker, cue)
ENGLISH: list[tuple[list[str], list[tuple[str, str | None, str | None, str | None]]]] = [
    (["“We go now,” said Jane Miller."], [("We go", "Jane Miller", "Jane Miller", "said")]),
    (["“We go now,” Jane Miller said."], [("We go", "Jane Miller", "Jane Miller", "said")]),
    (["Jane Miller said: “We go now.”"], [("We go", "Jane Miller", "Jane Miller", "said")]),
    (
        ["Jane Miller told reporters on Monday, “We go now.”"],
        [("We go", "Jane Miller", "Jane Miller", "told")],
    ),
    (["Jane Miller: “We go now”"], [("We go", "Jane Miller", "Jane Miller", None)]),
    (
        ["“We go now,” said the mayor of Hull, Jane Miller."],
        [("We go", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“We go now,” Jane Miller, the mayor of Hull, said."],
        [("We go", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“We go now,” Foreign Minister Jane Miller told the paper."],
        [("We go", "Jane Miller", "Jane Miller", "told")],
    ),
    (
        ["“We go,” Jane Miller said on Friday. “We must.”"],
        [("We go", "Jane Miller", "Jane Miller", "said"), ("We must", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“We go,” said Jane Miller, “because we must.”"],
        [("We go", "Jane Miller", "Jane Miller", "said"), ("because", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“We go,” Jane Miller said. Nobody agreed. “We must not do it.”"],
        [("We go", "Jane Miller", "Jane Miller", "said"), ("We must", None, None, None)],
    ),
    (["Jane Miller came late.", "“We go now,” she said."], [("We go", "Jane Miller", "she", "said")]),
    (["Jane Miller met Bob Smith.", "“We go now,” she said."], [("We go", "Jane Miller", "she", "said")]),
    (["Jane Miller met Ann Smith.", "“We go now,” she said."], [("We go", None, "she", "said")]),
    (["“We go now,” she said."], [("We go", None, "she", "said")]),
    (
        ["Jane Miller came late.", "“We go now,” Ms Miller said."],
        [("We go", "Jane Miller", "Ms Miller", "said")],
    ),
    (["“We go now,” a spokesman said."], [("We go", None, "a spokesman", "said")]),
    (["“We go now,” the White House said."], [("We go", "White House", "White House", "said")]),
    (
        ["“We go now,” according to the White House."],
        [("We go", "White House", "White House", "according to")],
    ),
    (["Jane Miller said:", "“We go now.”"], [("We go", "Jane Miller", "Jane Miller", "said")]),
    (
        ["Jane Miller said: “We go now.", "“And we stay there.”"],
        [("We go", "Jane Miller", "Jane Miller", "said"), ("And we", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["Jane Miller spoke.", "“We go now,” said Tobin Quux, an adviser to Jane Miller."],
        [("We go", "Tobin Quux", "Tobin Quux", "said")],
    ),
    (
        ["“We go now,” a spokesman for Jane Miller said."],
        [("We go", None, "a spokesman for Jane Miller", "said")],
    ),
    (
        ["“We go now,” said a spokesman for Jane Miller."],
        [("We go", None, "a spokesman for Jane Miller", "said")],
    ),
    (
        ["“We go now,” said Ukraine’s president, Jane Miller."],
        [("We go", "Jane Miller", "Jane Miller", "said")],
    ),
    (["“No,” said Jane Miller."], [("No", "Jane Miller", "Jane Miller", "said")]),
    (
        ["Jane Miller said the vote was “a crime against all of us”."],
        [("a crime", "Jane Miller", "Jane Miller", "said")],
    ),
    (["“It is over for all of us.”"], [("It is", None, None, None)]),
    (["‘It’s over,’ says Jane Miller"], [("It’s", "Jane Miller", "Jane Miller", "says")]),
    (['"It is over," said Jane Miller.'], [("It is", "Jane Miller", "Jane Miller", "said")]),
]

NO_QUOTES = [
    "Officials spoke of a “campaign” that could last “weeks,” according to NBC.",
    "She sang “The Sound of Silence” and left.",
    "The film “Gone with the Wind” was shown.",
    "The so-called “war on drugs” failed.",
    "The boys’ club isn’t the girls’ club.",
]

WORLD = [
    ("de", "„Das ist nicht gut für uns“, sagte Bundeskanzler Olaf Scholz am Montag.", "Olaf Scholz", "sagte"),
    ("de", "Olaf Scholz sagte: „Das ist nicht gut für uns.“", "Olaf Scholz", "sagte"),
    ("de", "„Das ist nicht gut für uns“, so Olaf Scholz.", "Olaf Scholz", "so"),
    ("fr", "« Ce n’est pas bon pour nous », a déclaré Emmanuel Macron.", "Emmanuel Macron", "déclaré"),
    ("fr", "« Ce n’est pas bon pour nous », affirme Marie Dupont.", "Marie Dupont", "affirme"),
    ("es", "«No es bueno para nosotros», dijo Pedro Sánchez.", "Pedro Sánchez", "dijo"),
    ("es", "“No es bueno para nosotros”, afirmó Pedro Sánchez.", "Pedro Sánchez", "afirmó"),
    ("it", "«Non va bene per noi», ha detto Giorgia Meloni.", "Giorgia Meloni", "detto"),
]


def said(article: dict[str, Any]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (quote["text"], quote.get("speaker"), quote.get("speaker_text"), quote.get("cue"))
        for quote in article.get("quotes", [])
    ]


@pytest.mark.parametrize(("paragraphs", "expected"), ENGLISH)
def test_english(paragraphs: list[str], expected: list[tuple[str, ...]], read: Any) -> None:
    found = said(read(*paragraphs))
    assert [quote[1:] for quote in found] == [quote[1:] for quote in expected]
    assert all(quote[0].startswith(wanted[0]) for quote, wanted in zip(found, expected, strict=True))


@pytest.mark.parametrize("text", NO_QUOTES)
def test_scare_quotes_titles_and_apostrophes_are_no_quotes(text: str, read: Any) -> None:
    assert said(read(text)) == []


@pytest.mark.parametrize(("language", "text", "speaker", "cue"), WORLD)
def test_other_languages(language: str, text: str, speaker: str, cue: str, read: Any) -> None:
    assert [(quote[1], quote[3]) for quote in said(read(text, language=language))] == [(speaker, cue)]
