"""Text from outside cannot steer a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from newswire.cli.safe import safe


@given(st.text())
def test_no_controls_and_no_direction_overrides_are_left(text: str) -> None:
    shown = safe(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [
        c
        for c in shown
        if unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    ]
    shown.encode()


@given(st.text(), st.integers(min_value=1, max_value=20))
def test_the_limit_holds(text: str, limit: int) -> None:
    assert len(safe(text, limit)) <= limit


def test_words_stay() -> None:
    assert safe("Évian — “née” मुंबई") == "Évian — “née” मुंबई"
    assert safe("red \x1b[31mtitle\x07\nsecond") == "red  [31mtitle second"
