"""Items in other languages that an agency's item names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from consumers.normalize.extraction import Version
from schemas.core.wire import Wire

_NOT_A_LETTER: Final = re.compile(r"[^a-z]")
_ROLES: Final[dict[str, Literal["original", "version"]]] = {
    "translatedfrom": "original",
    "translationof": "original",
    "istranslationof": "original",
    "translation": "version",
    "translations": "version",
    "translatedas": "version",
    "translatedto": "version",
    "hastranslation": "version",
}
"""Relations of links (`irel:translatedFrom`) and names of associations (`translation-1`), without vocabulary and all but letters."""


def wire_versions(wire: Wire) -> Iterator[Version]:
    """Yield the items and pages that an item relates to as translations; the formats have the same form here."""
    for each in wire.associations:
        last = re.split(r"[:/#]", (each.rel or "").rstrip("/"))[-1]
        role = _ROLES.get(_NOT_A_LETTER.sub("", last.lower()))
        if role is None or (each.kind not in (None, "text")) or not (each.uri or each.href):
            continue
        yield Version(
            each.language,
            None if each.uri else each.href,
            "wire",
            "item",
            role,
            guid=each.uri,
        )
