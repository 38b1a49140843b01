"""What is kept of an address: enough to tell that two near copies of one source are one article under two addresses.

A host that flips within a site (`www.`, `edition.`) leaves the path; a slug that is edited with its headline leaves the article's number
at its end or beginning. Either is a trait of two bytes. They never make two articles one by themselves: they are only asked about near
copies of one source.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

NOWHERE: Final = bytes(4)
"""Of an article without an address, or with one that says nothing."""
_NUMBER: Final = re.compile(r"(?<![0-9a-z])[0-9]{5,}(?![0-9a-z])", re.IGNORECASE)
_DATE: Final = re.compile(r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$")
_SHORT: Final = 12  # characters: a path of one short word is a section's, not an article's


def place_of(url: str | None) -> bytes:
    """Return two bytes of site and path, and two of site and the article's number in the last segment; zeros for what there is not."""
    if not url:
        return NOWHERE
    parts = urlsplit(url)
    site = ".".join((parts.hostname or "").split(".")[-2:])
    path = parts.path.rstrip("/")
    where = f"{path}?{parts.query}" if parts.query else path
    numbers = [found for found in _NUMBER.findall(where.rpartition("/")[2]) if not _DATE.match(found)]
    return _two(site, where if len(where) > _SHORT else "") + _two(site, numbers[-1] if numbers else "")


def same(one: bytes, other: bytes) -> bool:
    """Return whether two addresses are likely those of one article."""
    return any(one[at : at + 2] == other[at : at + 2] != bytes(2) for at in (0, 2))


def _two(site: str, text: str) -> bytes:
    return blake2b(f"{site}\x1f{text}".encode(), digest_size=2).digest() if text else bytes(2)
