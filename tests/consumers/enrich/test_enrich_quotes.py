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
    # A pronoun after somebody without a name, or with a surname that two people may carry, is nobody's.
    (
        ["Ann Miller came. “No,” a spokeswoman said. “We go,” she said."],
        [("No", None, "a spokeswoman", "said"), ("We go", None, "she", "said")],
    ),
    (
        ["Keir Starmer met Ann Miller. Lady Starmer came.", "“We go,” she said."],
        [("We go", None, "she", "said")],
    ),
    (
        ["John Bolton came. “Over?” asked Ms Bolton. He said: “Yes, over.”"],
        [("Over", None, "Ms Bolton", "asked"), ("Yes", None, "He", "said")],
    ),
    (
        ["President Macron came with Brigitte Macron. “We go,” Mr Macron said."],
        [("We go", None, "Mr Macron", "said")],
    ),
    # A quotation goes on in the next paragraph only with the mark that it began with.
    (
        ["“Nobody ever said this.", "‘Don’t go,’ said Jane Miller, ‘we dare not.’"],
        [("Don’t", "Jane Miller", "Jane Miller", "said"), ("we dare", "Jane Miller", "Jane Miller", "said")],
    ),
    (["“Nobody ever said this.", "Jane Miller left."], []),
    # What has its own verb, known or not, is not the speaker's before.
    (
        ["“Not me,” said Jane Miller. “Maybe I will,” laughed James."],
        [("Not me", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“Not me,” said Jane Miller. “Could that happen again?” laughed James."],
        [("Not me", "Jane Miller", "Jane Miller", "said"), ("Could", None, None, None)],
    ),
    (
        ["“Not me,” said Jane Miller. “Could that happen again?” James laughed."],
        [("Not me", "Jane Miller", "Jane Miller", "said"), ("Could", None, None, None)],
    ),
    (
        ["“Not me,” said Jane Miller, and James laughed: “Maybe it will be me.”"],
        [("Not me", "Jane Miller", "Jane Miller", "said"), ("Maybe", None, None, None)],
    ),
    (
        ["“Not me,” said Jane Miller. “Never!” The crowd left in the rain."],
        [("Not me", "Jane Miller", "Jane Miller", "said"), ("Never", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“Not me,” Jane Miller said after the vote. “We tried for two years.”"],
        [("Not me", "Jane Miller", "Jane Miller", "said"), ("We", "Jane Miller", "Jane Miller", "said")],
    ),
    # Two who say it together are no single speaker.
    (
        ["“Nor me,” said Jane Miller and Bob Smith."],
        [("Nor me", None, "Jane Miller and Bob Smith", "said")],
    ),
    (["“Nor me,” said Jane Miller and James."], [("Nor me", None, "Jane Miller and James", "said")]),
    (["“Nor me,” said Jane Miller and her son."], [("Nor me", None, "Jane Miller and her son", "said")]),
    (
        ["“Nor me,” said Jane Miller, Bob Smith and Ann Jones."],
        [("Nor me", None, "Jane Miller, Bob Smith and Ann Jones", "said")],
    ),
    (
        ["“Nor me,” Jane Miller and Bob Smith said."],
        [("Nor me", None, "Jane Miller and Bob Smith", "said")],
    ),
    (
        ["“Nor me,” Jane Miller, Bob Smith and Ann Jones said."],
        [("Nor me", None, "Jane Miller, Bob Smith and Ann Jones", "said")],
    ),
    (
        ["Jane Miller and Bob Smith said: “We go now.”"],
        [("We go", None, "Jane Miller and Bob Smith", "said")],
    ),
    (["James and Jane Miller said: “We go now.”"], [("We go", None, None, "said")]),
    (["The mayor and Jane Miller said: “We go now.”"], [("We go", None, None, "said")]),
    (["She and Jane Miller said: “We go now.”"], [("We go", None, None, "said")]),
    (
        ["“Nor me,” said Jane Miller and left."],
        [("Nor me", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“Nor me,” said Jane Miller, and Bob Smith left."],
        [("Nor me", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“Nor me,” said Jane Miller, an adviser to Bob Smith and Ann Jones."],
        [("Nor me", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["“Nor me,” Jane Miller, a friend of Bob Smith and Ann Jones, said."],
        [("Nor me", "Jane Miller", "Jane Miller", "said")],
    ),
    (
        ["It rained on Monday in Leeds and Jane Miller said: “We go now.”"],
        [("We go", "Jane Miller", "Jane Miller", "said")],
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


FRENCH_PRONOUNS = [
    ("« Nous voterons tous demain », assure-t-elle.", "Marie Dupont", "elle", "assure"),
    ("« Nous voterons tous demain », dit-elle.", "Marie Dupont", "elle", "dit"),
    ("« Nous voterons tous demain », a-t-elle déclaré.", "Marie Dupont", "elle", "déclaré"),
    ("« Nous voterons tous demain », avait-il déclaré.", None, "il", "déclaré"),
    ("« Nous voterons tous demain », assurent-ils.", None, None, None),
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


@pytest.mark.parametrize(("text", "speaker", "words", "cue"), FRENCH_PRONOUNS)
def test_a_french_pronoun_after_its_verb_is_a_pronoun(
    text: str, speaker: str | None, words: str | None, cue: str | None, read: Any
) -> None:
    found = said(
        read("Marie Dupont est arrivée en retard à Paris, où tout le monde l’attendait.", text, language="fr")
    )
    assert [quote[1:] for quote in found] == ([(speaker, words, cue)] if words else [])
