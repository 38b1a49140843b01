"""Which of two versions of an agency's item is the later: by number, then by when it was made."""

from __future__ import annotations

import re
from typing import Final

from consumers import packing
from schemas.normalized.model import Normalized

Order = tuple[tuple[int, ...], int]
"""Number and time (milliseconds since 1970) of a version; what it lacks counts as the least. Any two can be compared."""

_NUMBER: Final = re.compile(r"^[0-9]{1,18}(?:\.[0-9]{1,18}){0,5}$")


def order_of(article: Normalized) -> Order | None:
    """Return where an article's version stands among those of the same item; None for what is no agency's item.

    `1.2` comes after `1` and before `1.10`. A version that is no number counts as none: then the times decide.
    """
    wire = article.wire
    if wire is None:
        return None
    version = (wire.version or "").strip()
    number = [int(part) for part in version.split(".")] if _NUMBER.match(version) else []
    while number and number[-1] == 0:
        number.pop()  # 1.0 is 1
    created = round(wire.version_created.timestamp() * 1000) if wire.version_created else 0
    return tuple(number), max(0, created)


def is_before(one: Order | None, other: Order | None) -> bool:
    """Return whether a version is older than another. What has no version is older than none."""
    return one is not None and other is not None and one < other


def pack(order: Order) -> bytes:
    """Return the bytes that `unpack` reads."""
    number, created = order
    return b"".join(map(packing.number, (len(number), *number, created)))


def unpack(data: packing.Reader) -> Order:
    """Return what was packed."""
    return tuple(data.number() for _ in range(data.number())), data.number()
