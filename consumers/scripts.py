"""Which characters make up words, for regular expressions. Shared by the stages."""

from __future__ import annotations

from typing import Final

UNSPACED: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Inside brackets: letters of scripts that are written without spaces between words (Thai, Lao, Burmese, Khmer, Japanese, Chinese)."""
_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0711\u0730-\u074a"
    r"\u0900-\u0963\u0971-\u09e3\u0a01-\u0a65\u0a70-\u0ae5\u0b01-\u0b65\u0b71-\u0be5\u0c00-\u0c65\u0c80-\u0ce5\u0d00-\u0d65\u0d81-\u0df3"
    r"\u200c\u200d"
)
SPACED_WORD: Final = rf"[^\W\d_{UNSPACED}](?:[^\W\d_{UNSPACED}]|[{_MARKS}])*"
"""A word of any other script: letters, with the marks that Python's `\\w` leaves out (vowel signs of Indic scripts, harakat, nikud)."""
NUMBER: Final = r"\d+(?:[.,:]\d+)*"
"""A number, with its separators."""
SENTENCE_END: Final = r"[.!?…。！？।](?=\s|$|[\"'”’»)])"
"""What ends a sentence."""
