"""Whether two purges are of the same thing."""

from __future__ import annotations

from newswire.text.canonicalize import canonicalize
from schemas.purge.model import Purge, folded


def same_thing(one: Purge, other: Purge) -> bool:
    """Return whether two purges name the same publisher, address or article. An address may be on record in an earlier canonical form."""
    return one.kind == other.kind and _compared(one) == _compared(other)


def _compared(purge: Purge) -> str:
    if purge.kind != "url":
        return folded(purge.name)
    try:
        return canonicalize(purge.name)
    except ValueError:
        return purge.name
