"""Whether a page's whole text is for subscribers only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.jsonld_graph import strings
from schemas.core.provenance import Origin

_NO: Final = frozenset(("false", "no", "0", "n"))
_YES: Final = frozenset(("true", "yes", "1", "y"))
_TIERS: Final = {"free": "false", "locked": "true", "paid": "true", "premium": "true"}


def add_access(
    found: Extraction, nodes: Iterable[tuple[Mapping[str, Any], Origin]], named: dict[str, list[str]]
) -> None:
    """Set whether the article is paywalled, where the page says so.

    `isAccessibleForFree` of the nodes that are the page: a boolean, or its name in any case. Where only parts of it have one
    (`hasPart`), a part that is not free makes the whole so. Else `article:content_tier`; `metered` says nothing of this article.
    """
    for node, origin in nodes:
        said = _free(node)
        if said is not None:
            found.paywalled = Candidate(
                "false" if said else "true",
                origin,
                0.95 if origin == "jsonld" else 0.85,
                raw=f"isAccessibleForFree: {said}",
            )
            return
    for tier in named.get("article:content_tier", ()):
        if tier.lower() in _TIERS:
            found.paywalled = Candidate(_TIERS[tier.lower()], "opengraph", 0.9, raw=tier)
            return


def _free(node: Mapping[str, Any]) -> bool | None:
    own = _boolean(node.get("isAccessibleForFree"))
    if own is not None:
        return own
    parts = node.get("hasPart")
    said = [
        _boolean(part.get("isAccessibleForFree"))
        for part in (parts if isinstance(parts, list) else [parts])[:50]
        if isinstance(part, dict)
    ]
    return False if False in said else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = next(iter(strings(value)), str(value) if isinstance(value, int) else "").rsplit("/", 1)[-1].lower()
    return False if word in _NO else True if word in _YES else None
