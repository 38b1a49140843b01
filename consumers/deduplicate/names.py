"""Headlines as names: the same one, however it is punctuated."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from typing import Final

_ASCII_LETTERS: Final = 24
_OTHER_LETTERS: Final = 12  # others have two or three bytes, and a cut headline as many fewer of them


def letters(text: str) -> str:
    """Return the letters and digits of a text, without case, width and punctuation."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def headline_key(source: str, headline: str) -> int:
    """Return the key of a source's headline, from what is remembered of it (`headlines.cut`); 0 for none.

    It is of the first letters only: another apostrophe moves the place of the cut.
    """
    first = letters(headline)[:_ASCII_LETTERS]
    if not first:
        return 0
    if not first.isascii():
        first = first[:_OTHER_LETTERS]
    return int.from_bytes(blake2b(f"{source}\x1f{first}".encode(), digest_size=3).digest(), "big")
