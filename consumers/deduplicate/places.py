"""What is kept of an address and a guid: enough to tell that two captures of one source are one article under two addresses.

A host that flips within a site (`www.`, `edition.`) leaves the path; a slug that is edited with its headline leaves the article's number
at its end or beginning. Either is a trait of two bytes; three are of the source's own id. They never make two articles one by
themselves: they are only asked about near copies of one source. Where a slug has no number, the directory that it is in takes the place of
it: little evidence, which only `slugs` asks for.
"""

from __future__ import annotations

import functools
import re
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote, urlsplit

from consumers import packing
from consumers.hosts import last_labels
from schemas.normalized.model import Normalized

NOWHERE: Final = bytes(7)
"""Of an article without an address or guid, or with ones that say nothing."""
_ADDRESS_BYTES: Final = 4
_NUMBER: Final = re.compile(r"(?<![0-9a-z])[0-9]{5,}(?![0-9a-z])", re.IGNORECASE)
_DATE: Final = re.compile(r"^(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])$")
_BETWEEN: Final = re.compile(r"[-_+ ]+")
_FEWEST_WORDS: Final = 3  # of a slug: fewer may be a code's, or a section's
_LONGEST_IN_WORDS: Final = 3  # digits: `24-dead-in-ferry-fire`
_SHORT: Final = 12  # characters: a path of one short word is a section's, not an article's


def place_of(article: Normalized) -> bytes:
    """Return what is remembered: two bytes of site and path, two of site and number, three of source and guid; zeros for what there is not.

    Where there is no number, the two are of site and directory, if the last segment is a slug.
    """
    found = asked_of(article)
    return found if any(found[2:4]) else found[:2] + _directory(article.url) + found[4:]


def asked_of(article: Normalized) -> bytes:
    """Return the same without a directory: by what a capture is recognised (`same`)."""
    return of_address(article.url) + _of_guid(article)


@functools.lru_cache(maxsize=64)
def of_address(url: str | None) -> bytes:
    """Return the four bytes of an address: path, number."""
    if not url:
        return bytes(4)
    parts = urlsplit(url)
    site = last_labels(parts.hostname or "")
    path = parts.path.rstrip("/")
    where = f"{path}?{parts.query}" if parts.query else path
    numbers = [found for found in _NUMBER.findall(where.rpartition("/")[2]) if not _DATE.match(found)]
    return _two(site, where if len(where) > _SHORT else "") + _two(site, numbers[-1] if numbers else "")


def pack(place: bytes) -> bytes:
    """Return the bytes that `take` reads: five where there is no guid, eight where there is one."""
    return place[:_ADDRESS_BYTES] + packing.number(guid_in(place))


def take(data: packing.Reader) -> bytes:
    """Read what was packed."""
    address = data.take(_ADDRESS_BYTES)
    return address + data.number().to_bytes(len(NOWHERE) - _ADDRESS_BYTES, "big")


def guid_in(place: bytes) -> int:
    """Return the guid's part of a place as a number; 0 where there is none."""
    return int.from_bytes(place[_ADDRESS_BYTES:], "big")


def _of_guid(article: Normalized) -> bytes:
    if not article.guid or article.wire is not None or article.guid == article.url:
        return bytes(3)
    digest = blake2b(f"{article.source.name}\x1f{article.guid}".encode(), digest_size=3).digest()
    return digest if any(digest) else b"\0\0\1"


def same(one: bytes, other: bytes) -> bool:
    """Return whether what is asked of a capture (`asked_of`) and a remembered place are likely of one article."""
    return any(one[at : at + 2] == other[at : at + 2] != bytes(2) for at in (0, 2))


def beside(article: Normalized, place: bytes) -> bool:
    """Return whether an article has a slug without a number, and a remembered place is in the same directory of the same site."""
    directory = _directory(article.url)
    return any(directory) and directory == place[2:4]


@functools.lru_cache(maxsize=64)
def _directory(url: str | None) -> bytes:
    """Return two bytes of site and directory; zeros where the last segment is no slug of words."""
    parts = urlsplit(url or "")
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    words = [word for word in _BETWEEN.split(unquote(last).partition(".")[0]) if word]
    if parts.query or len(words) < _FEWEST_WORDS or any(map(str.isdigit, words[-1])):
        return bytes(2)
    if any(any(map(str.isdigit, word)) and not _is_count(word) for word in words):
        return bytes(2)
    return _two(last_labels(parts.hostname or ""), f"{folder}/")


def _is_count(word: str) -> bool:
    return word.isdigit() and len(word) <= _LONGEST_IN_WORDS


def _two(site: str, text: str) -> bytes:
    return blake2b(f"{site}\x1f{text}".encode(), digest_size=2).digest() if text else bytes(2)
