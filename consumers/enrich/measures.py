"""How long a text is: words and reading time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

WORDS_PER_MINUTE: Final = 238
"""Silent reading of English non-fiction (Brysbaert 2019, Journal of Memory and Language 109)."""

_UNSPACED: Final = (
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u103f\u1780-\u17d3\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf"
    r"\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Han: written without spaces between words."""
_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963"
    r"\u0971-\u0de5\u0df2\u0df3\u0f71-\u0fbc"
)
_UNSPACED_CHARACTER: Final = re.compile(f"[{_UNSPACED}]")
# UAX #29: apostrophes, full stops and middle dots join letters (WB6, WB7); commas and full stops join digits (WB11, WB12);
# underscores join everything (WB13); a hyphen separates.
_WORD: Final = re.compile(
    rf"(?:[^\W{_UNSPACED}]|[{_MARKS}])+(?:(?:(?<=[^\W\d_])[’'.·:‧](?=[^\W\d_])|(?<=\d)[.,;'](?=\d))(?:[^\W{_UNSPACED}]|[{_MARKS}])+)*"
)


def measures(texts: Iterable[str]) -> tuple[int, int]:
    """Return the word count and the reading time in seconds of texts that are read one after the other.

    Words are those of UAX #29; in scripts without spaces between words two characters count as one word. The reading time is
    rounded to the nearest second.
    """
    words = characters = 0
    for text in texts:
        words += sum(1 for _ in _WORD.finditer(text))
        if not text.isascii():
            characters += sum(1 for _ in _UNSPACED_CHARACTER.finditer(text))
    words += (characters + 1) // 2
    return words, (words * 120 + WORDS_PER_MINUTE) // (2 * WORDS_PER_MINUTE)
