"""What counts of a word or a number: not how an outlet's house style writes it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200c\u200d]")
"""Accents, pointing and short vowels, the stroke that stretches Arabic words, and joiners. Marks of Indic scripts are letters of theirs."""
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)
"""Letters that are written without their stroke or bow where accents are left out."""
_DOTS: Final = re.compile("(?<=[aou])e")
"""`ue` is `ü` where there are no dots, and `ü` without its dots `u`."""
_GROUPED: Final = re.compile(r"([0-9]{1,3}([.,:])[0-9]{3}(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")
"""Thousands with one kind of separator (a colon stands for a space or an apostrophe, see `words`), and decimals after another."""
_LAKHS: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
"""Thousands, then hundreds of them, as in India: `1,00,000` is `100,000`."""


def folded(token: str) -> str:
    """Return a word without case, accents and width, or a number in digits 0 to 9.

    `1,000`, `1.000`, `1 000`, `1’000` and `1000` are one number, and so are `1.5` and `1,5`, `14:05` and `14.05`: which of them is written
    is the custom of an outlet, as accents are where a wire could not carry them.
    """
    text = unicodedata.normalize("NFKC", token)
    if text[0].isdigit():
        digits = text
        if not text.isascii():
            digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
        if grouped := _GROUPED.fullmatch(digits):
            whole, separator, decimals = grouped.groups()
            return whole.replace(separator, "") + (f".{decimals}" if decimals else "")
        if _LAKHS.fullmatch(digits):
            return digits.replace(",", "")
        return digits.replace(",", ".").replace(":", ".")
    text = text.casefold()
    if not text.isascii():
        text = _without_marks(text)
    return _DOTS.sub("", text)


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text))).translate(
        _LETTERS
    )
