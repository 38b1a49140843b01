"""Which fields of an article changed: a byte or two are kept of each that says something, or a few bits of one with few values.

Not compared are what every capture has anew (`captured_at`, `lineage`, `provenance`), what follows from others (`article_id`,
`content_hash`, `date_notes`, `published_offset`), what is said of other articles (`links`, `translations`, `translated_from`) and `source`,
which `lineage` leads to. The guid is compared by what is kept of it anyway (`places`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import Any, Final

import orjson

from consumers import packing
from schemas.core.rights import Rights
from schemas.normalized.model import Normalized

_MASK_BYTES: Final = 3
_FIRST_MASK_BYTES: Final = 2
_HASHED_ONLY: Final = 1 << 23
"""Of a mask: it was written when only hashed fields were compared; the others are not known."""
_USUAL_RIGHTS: Final = Rights(status="usable").to_data()
_FIELDS: Final[
    tuple[tuple[str, int, Callable[[Normalized], Any]], ...]
] = (  # name, bytes kept, what is compared: nothing where it says nothing
    ("headline", 2, lambda a: a.headline),
    ("summary", 2, lambda a: a.summary),
    ("sections", 2, lambda a: [(s.heading, s.paragraphs) for s in a.sections]),
    ("kind", 1, lambda a: a.kind if a.kind != "article" else None),
    ("url", 1, lambda a: a.url),
    ("authors", 1, lambda a: a.authors),
    ("agency", 1, lambda a: a.agency),
    ("article_section", 1, lambda a: a.article_section),
    ("keywords", 1, lambda a: a.keywords),
    ("language", 1, lambda a: a.language),
    ("published_at", 1, lambda a: a.published_at),
    ("modified_at", 1, lambda a: a.modified_at),
    ("rights", 1, lambda a: rights if (rights := a.rights.to_data()) != _USUAL_RIGHTS else None),
    ("wire", 1, lambda a: a.wire and a.wire.without_version.to_data()),
    ("images", 1, lambda a: [image.to_data() for image in a.images]),
    ("references", 2, lambda a: sorted({each.source for each in a.references or ()})),
)

_BESIDE: Final = frozenset(
    {
        "summary",
        "authors",
        "article_section",
        "keywords",
        "published_at",
        "published_precision",
        "modified_at",
        "references",
        "guid",
    }
)
"""What a feed or a record says beside the text, and another way to the same page may not say."""

_PRECISION_BIT: Final = 18
_PRECISIONS: Final = (None, "year", "month", "day", "minute", "second")
_BITS: Final[
    tuple[tuple[str, int, int, Callable[[Normalized], int]], ...]
] = (  # name, first bit, bits, value: 0 where it says nothing
    ("paywalled", 16, 2, lambda a: (None, False, True).index(a.paywalled)),
    ("published_precision", _PRECISION_BIT, 3, lambda a: _PRECISIONS.index(a.published_precision)),
)
"""Fields with few values, kept in the mask itself. Bits 21 and 22 are free."""
_USUAL: Final = _PRECISIONS.index("second") << _PRECISION_BIT | sum(
    1 << place
    for place, (name, _, _) in enumerate(_FIELDS)
    if name in {"headline", "sections", "url", "authors", "language", "published_at"}
)
"""The mask of most articles. Records are written by it: another one is another format."""


def hashes_of(article: Normalized) -> bytes:
    """Return a mask of the fields that say something, and a few bytes for each: enough to name those that change."""
    mask = sum(value(article) << first for _, first, _, value in _BITS)
    parts = []
    for place, (_, size, read) in enumerate(_FIELDS):
        value = read(article)
        if value:
            mask |= 1 << place
            parts.append(blake2b(orjson.dumps(value), digest_size=size).digest())
    return mask.to_bytes(_MASK_BYTES, "little") + b"".join(parts)


def pack(hashes: bytes) -> bytes:
    """Return what `hashes_of` returned, as `take` reads it: without the mask's parts that nearly all articles have."""
    mask = int.from_bytes(hashes[:_MASK_BYTES], "little")
    return packing.number(mask ^ _USUAL) + hashes[_MASK_BYTES:]


def take(data: packing.Reader) -> bytes:
    """Read what was packed."""
    mask = (data.number() ^ _USUAL).to_bytes(_MASK_BYTES, "little")
    return mask + data.take(sum(size for _, size in _said(mask)))


def take_plain(data: packing.Reader) -> bytes:
    """Read what `hashes_of` returned when it was kept as it is."""
    mask = data.take(_MASK_BYTES)
    return mask + data.take(sum(size for _, size in _said(mask)))


def take_narrow(data: packing.Reader) -> bytes:
    """Read what `hashes_of` returned when its mask had two bytes."""
    mask = int.from_bytes(data.take(_FIRST_MASK_BYTES), "little")
    wide = (mask and mask | _HASHED_ONLY).to_bytes(_MASK_BYTES, "little")
    return wide + data.take(sum(size for _, size in _said(wide)))


def changed(before: bytes, after: bytes, guids: tuple[int, int] = (0, 0)) -> tuple[str, ...]:
    """Return the names of the fields that differ; none where nothing is known of what was before. `guids` are the keys of both guids."""
    if not any(before[:_MASK_BYTES]):
        return ()
    old, new = _by_name(before), _by_name(after)
    hashed = [name for name, _, _ in _FIELDS if old.get(name) != new.get(name)]
    masks = [int.from_bytes(each[:_MASK_BYTES], "little") for each in (before, after)]
    differ = 0 if any(mask & _HASHED_ONLY for mask in masks) else masks[0] ^ masks[1]
    few = [name for name, first, bits, _ in _BITS if differ >> first & (1 << bits) - 1]
    return (*hashed, *few, *(("guid",) if guids[0] != guids[1] else ()))


def says_less(differ: Collection[str], after: bytes, guid: int) -> bool:
    """Return whether all that `changed` is that less is said beside the text, as where a page came by a poorer way.

    It has its summary, byline and day from the feed that led to it; the sitemap that leads to the same page has none. `after` is what is
    said now, and `guid` the key of that.
    """
    said = {*_by_name(after), *(("guid",) if guid else ())}
    if "published_at" in said:
        said.add("published_precision")
    return bool(differ) and _BESIDE.issuperset(differ) and said.isdisjoint(differ)


def is_dated_by_day(hashes: bytes) -> bool:
    """Return whether an article is known to have said no more than the day of its publication."""
    mask = int.from_bytes(hashes[:_MASK_BYTES], "little")
    precision = _PRECISIONS[mask >> _PRECISION_BIT & 7]
    return not mask & _HASHED_ONLY and precision in {"year", "month", "day"}


def seen_elsewhere(before: bytes, article: Normalized) -> bool:
    """Return whether an article names other sources than its last revision did: the same content is then worth a revision."""
    return bool(article.references) and "references" in changed(before, hashes_of(article))


def _by_name(hashes: bytes) -> dict[str, bytes]:
    data = packing.Reader(hashes)
    return {name: data.take(size) for name, size in _said(data.take(_MASK_BYTES))}


def _said(mask: bytes) -> list[tuple[str, int]]:
    bits = int.from_bytes(mask, "little")
    return [(name, size) for place, (name, size, _) in enumerate(_FIELDS) if bits >> place & 1]
