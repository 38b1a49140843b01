"""What is kept of an address: enough to tell that two near copies of one source are one article under two addresses.

A host that flips (`www.`, another country's) leaves the path; a slug that is edited with its headline leaves the article's number in it.
Either is a trait of two bytes. They never make two articles one by themselves: they are only asked about near copies of one source.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

NOWHERE: Final = bytes(4)
"""Of an article without an address, or with one that says nothing."""
_NUMBER: Final = re.compile(
    r"(?<![0-9])[0-9]{5,}(?![0-9])|(?<![0-9a-z])(?=[0-9a-z]*[0-9])[0-9a-z]{8,}(?![0-9a-z])"
)
_DATE: Final = re.compile(r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$")


def place_of(url: str | None) -> bytes:
    """Return two bytes of the path, and two of the article's number or code in it; zeros for what there is not."""
    if not url:
        return NOWHERE
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    where = f"{path}?{parts.query}" if parts.query else path
    codes = [code for code in _NUMBER.findall(where.lower()) if not _DATE.match(code)]
    # A path of one short word is a section's, not an article's.
    return _two(where if len(where) > 12 else "") + _two(codes[-1] if codes else "")


def same(one: bytes, other: bytes) -> bool:
    """Return whether two addresses are likely those of one article."""
    return any(one[at : at + 2] == other[at : at + 2] != bytes(2) for at in (0, 2))


def _two(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=2).digest() if text else bytes(2)
