"""What is kept of an address and a guid: enough to tell that two captures of one source are one article under two addresses.

A host that flips within a site (`www.`, `edition.`) leaves the path; a slug that is edited with its headline leaves the article's number
at its end or beginning. Either is a trait of two bytes; three are of the source's own id. They never make two articles one by
themselves: they are only asked about near copies of one source.
"""

from __future__ import annotations

import functools
import re
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from schemas.normalized.model import Normalized

NOWHERE: Final = bytes(7)
"""Of an article without an address or guid, or with ones that say nothing."""
_NUMBER: Final = re.compile(r"(?<![0-9a-z])[0-9]{5,}(?![0-9a-z])", re.IGNORECASE)
_DATE: Final = re.compile(r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$")
_SHORT: Final = 12  # characters: a path of one short word is a section's, not an article's


def place_of(article: Normalized) -> bytes:
    """Return two bytes of site and path, two of site and number, three of source and guid; zeros for what there is not."""
    return of_address(article.url) + _of_guid(article)


@functools.lru_cache(maxsize=64)
def of_address(url: str | None) -> bytes:
    """Return the four bytes of an address."""
    if not url:
        return bytes(4)
    parts = urlsplit(url)
    site = ".".join((parts.hostname or "").split(".")[-2:])
    path = parts.path.rstrip("/")
    where = f"{path}?{parts.query}" if parts.query else path
    numbers = [found for found in _NUMBER.findall(where.rpartition("/")[2]) if not _DATE.match(found)]
    return _two(site, where if len(where) > _SHORT else "") + _two(site, numbers[-1] if numbers else "")


def guid_in(place: bytes) -> int:
    """Return the guid's part of a place as a number; 0 where there is none."""
    return int.from_bytes(place[4:], "big")


def _of_guid(article: Normalized) -> bytes:
    if not article.guid or article.wire is not None or article.guid == article.url:
        return bytes(3)
    digest = blake2b(f"{article.source.name}\x1f{article.guid}".encode(), digest_size=3).digest()
    return digest if any(digest) else b"\0\0\1"


def same(one: bytes, other: bytes) -> bool:
    """Return whether two addresses are likely those of one article."""
    return any(one[at : at + 2] == other[at : at + 2] != bytes(2) for at in (0, 2))


def _two(site: str, text: str) -> bytes:
    return blake2b(f"{site}\x1f{text}".encode(), digest_size=2).digest() if text else bytes(2)
