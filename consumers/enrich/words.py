"""Words and marks of a text with their places: what all the name rules read."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_MARKS: Final = (
    # Combining marks, which Python's \w leaves out; Indic and South-East Asian vowel signs are such marks.
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0903\u093a-\u094f"
    r"\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a51\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57"
    r"\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0cbc-\u0cd6\u0d3b-\u0d4d\u0dca-\u0df3\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0f71-\u0fbc"
    r"\u102b-\u103e\u17b4-\u17d3"
)
_LETTERS: Final = rf"[^\W\d_]+(?:[{_MARKS}]+[^\W\d_]*)*"
_ABBREVIATION: Final = (
    r"(?:Mrs?|Ms|Mx|Drs?|Prof|Gen|Sens?|Reps?|Gov|Lt|Col|Sgt|Capt|Maj|Adm|Cmdr|Rev|Hon|St|Mt|Sr|Sra|Jr|Mme|Mlle|Hr|Inc|Corp|Ltd|"
    r"Co|Bros|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No|vs|etc|approx|Dhr)"
)
_TOKEN: Final = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}(?![^\W_])"  # U.S.
    rf"|{_ABBREVIATION}\.(?=[\s,])"  # Mr.
    r"|[A-Z]\.(?=[\s-]?[A-Z])"  # the W. of George W. Bush
    rf"|{_LETTERS}(?:[’'ʼ‑-]{_LETTERS}|&[A-Z]+)*"  # Kirby, O’Brien, Jean-Luc, AT&T
    r"|\d+(?:[.,:]\d+)*"
    r"|\S"
)
_POSSESSIVE: Final = re.compile(r"[’'][sS]$")
_ENDS_SENTENCE: Final = frozenset(".!?…:;•·|")
_TRANSPARENT: Final = frozenset("\"'“”‘’«»„‚‹›()[]—–-*_")


class Word(NamedTuple):
    """A word, number or single mark."""

    text: str
    """As written, without a possessive 's."""
    start: int
    """First code point in the passage."""
    end: int
    """One past the last, without a possessive 's."""
    opens: bool
    """Whether it is the first word of a sentence, where a capital says nothing."""
    possessive: bool
    """Whether 's follows."""

    @property
    def capital(self) -> bool:
        """Whether it begins with an upper-case letter."""
        return self.text[0].isupper()


def words(text: str) -> list[Word]:
    """Return the words, numbers and marks of a text in order. Linear in its length."""
    found: list[Word] = []
    opens = True
    for match in _TOKEN.finditer(text):
        token, start, end = match[0], match.start(), match.end()
        possessive = len(token) > 2 and token[-1] in "sS" and _POSSESSIVE.search(token) is not None
        if possessive:
            token, end = token[:-2], end - 2
        found.append(Word(token, start, end, opens, possessive))
        if token in _ENDS_SENTENCE:
            opens = True
        elif token not in _TRANSPARENT:
            opens = False
    return found
