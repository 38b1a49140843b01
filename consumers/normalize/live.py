"""Live blogs by their headlines: the marker says what it is, and is not part of the headline."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = (
    r"live(?:[ -]?(?:updates?|blog|ticker|coverage|reports?|news))?(?:\s+as it happened)?"
    r"|as it happened|en direct|en vivo|en directo|in diretta|ao vivo|im live-?ticker"
    r"|直播|实时更新|ライブ|مباشر|онлайн|текстовая трансляция"
)
_AFTER: Final = re.compile(rf"(?:\s*[:：|｜]\s*|\s+[-–—]\s+|\s+[–—]|[–—]\s+)(?:{_WORDS})\s*$", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"^(?:{_WORDS})(?:\s*[:：|｜]\s*|\s+[-–—]\s+)(?=\S)", re.IGNORECASE)
_BRACKETS: Final = re.compile(
    rf"^\s*[\[(](?:{_WORDS})[\])]\s*(?=\S)|\s*[\[(](?:{_WORDS})[\])]\s*$", re.IGNORECASE
)


def without_live_marker(headline: str) -> tuple[str, str | None]:
    """Return the headline without its live markers, and the markers in their order; None when there is none.

    A marker is `live`, `live updates`, `live blog`, `as it happened` and the like (also in nine other languages),
    in any case, at the end after a colon, a bar or a dash; at the beginning before one; or at either end in brackets. Several are all
    taken off: `: Live - as it happened`. A bare word is none: "How the other half live" is a headline. A headline that is nothing
    but a marker is left as it is.
    """
    front: list[str] = []
    back: list[str] = []
    while (found := _marker(headline)) is not None:
        if found.start() == 0:
            front.append(found[0].strip())
        else:
            back.insert(0, found[0].strip())
        headline = (headline[: found.start()] + headline[found.end() :]).strip()
    return headline, " ".join([*front, *back]) or None


def _marker(headline: str) -> re.Match[str] | None:
    """Return the next marker of a headline, where something else is left without it."""
    for pattern in (_AFTER, _BEFORE, _BRACKETS):
        found = pattern.search(headline)
        if found and (headline[: found.start()] + headline[found.end() :]).strip():
            return found
    return None
