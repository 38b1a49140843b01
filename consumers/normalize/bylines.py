"""People out of bylines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from newswire.text.hygiene import title

_BY: Final = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|text|words)\b\s*:?\s+|^(?:от|автор)\s*:?\s+", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"\(?\S*@\S+\)?|https?://\S+")
_AND: Final = re.compile(r"\s+(?:and|und|et|y|e|и)\s+|\s*[&;|/]\s*|、|،")
_ROLE: Final = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|staff|desk|columnist|chief|contributor|agency|agencies|bureau|team|newsroom|redaktion|rédaction"
    r"|redacción|at|in|for|of)\b",
    re.IGNORECASE,
)
_MAX_NAME: Final = 80
_MAX_AUTHORS: Final = 50


def read_bylines(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names in bylines, each once, in order.

    `By A. Roe and B. Doe` holds two. What follows a comma is another name if it has two to four words, all with a capital and none a role
    ("Chief Reporter"); otherwise it is left out. Addresses are left out. Longer than 80 characters is no name.
    """
    names: dict[str, None] = {}
    for byline in given:
        text = _BY.sub("", _ADDRESS.sub(" ", title(byline)).strip())
        for part in _AND.split(text):
            first, *more = (
                piece.strip(" .-–—") if len(piece) > 3 else piece.strip() for piece in part.split(",")
            )
            for name in [first, *(piece for piece in more if _is_name(piece))]:
                if name and len(name) <= _MAX_NAME:
                    names.setdefault(name)
    return tuple(names)[:_MAX_AUTHORS]


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and not _ROLE.search(text)
