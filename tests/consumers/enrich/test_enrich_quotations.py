"""Quotation marks of many languages; apostrophes are never marks."""

from __future__ import annotations

import pytest

from consumers.enrich.quotations import quotations

CASES = [
    ("en", "“We will,” he said. “We must.”", ["We will,", "We must."]),
    ("en", "‘We will have a response,’ he says", ["We will have a response,"]),
    ("en", "The soldiers’ wives don’t know it’s over.", []),
    ("en", "‘The soldiers’ wives don’t know,’ she said.", ["The soldiers’ wives don’t know,"]),
    ("en", "A ‘deal’ for the boys’ club, a ‘plan’.", ["deal", "plan"]),
    ("en", "In the ’90s rock ’n’ roll was ’em all.", []),
    ("en", "'We don't know,' she said. 'It's the boys' club.'", ["We don't know,", "It's the boys' club."]),
    ("en", '"We will," he said. "He called it "big"."', ["We will,", 'He called it "big".']),
    ("en", "“He told me ‘no’ twice,” she said.", ["He told me ‘no’ twice,"]),
    ("en", 'A 6\' 2" man and a 12" disc.', []),
    ("en", "A stray “ mark and another”.", []),
    ("en", "“This goes on in the next paragraph", ["This goes on in the next paragraph"]),
    ("de", "„Das ist gut“, sagte er. »Sehr gut«, sagte sie.", ["Das ist gut", "Sehr gut"]),
    ("de", "„Das ist gut”, sagte er.", ["Das ist gut"]),
    ("de", "Er sagte „Das ist ‚gut‘ so“.", ["Das ist ‚gut‘ so"]),
    ("fr", "« C’est l’heure », dit-il.", ["C’est l’heure"]),
    ("fr", "«\u00a0C’est fini\u00a0», dit-il.", ["C’est fini"]),
    ("es", "«Es la “hora”», dijo.", ["Es la “hora”"]),
    ("ru", "«Это «хорошо»», — сказал он.", ["Это «хорошо»"]),
    ("sv", "”Det är bra”, sade han.", ["Det är bra"]),
    ("ja", "「これは『大事』です」と言った。", ["これは『大事』です"]),
    ("pl", "„To dobrze” – powiedział.", ["To dobrze"]),
    ("en", "", []),
    ("en", "“”", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_quotations(language: str, text: str, expected: list[str]) -> None:
    assert [text[found.start : found.end] for found in quotations(text, language)] == expected
