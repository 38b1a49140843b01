"""Keywords and sections that a page writes as a list in one string."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

_BETWEEN: Final = re.compile(r"[,;،；，]")
_CLEARLY: Final = re.compile(r"[,;،；，](?=\S)|;")
"""Between members of a list; a comma with a space behind it may be inside of one."""


def keywords(given: Sequence[str]) -> list[str]:
    """Return the keywords in what a page gives: one string is a list, of several each is one (`Marriage, civil unions`)."""
    if len(given) != 1:
        return list(given)
    parts = (part.strip() for part in _BETWEEN.split(html.unescape(given[0])))
    return [part for part in parts if part]


def tags(given: Sequence[str]) -> list[str]:
    """Return the keywords in tags, of which each is one; a single one that is clearly a list is that."""
    return keywords(given) if len(given) == 1 and _is_list(html.unescape(given[0])) else list(given)


def first_section(given: str) -> str | None:
    """Return the section, of several the first; None for an address."""
    if given.startswith(("http://", "https://", "/")):
        return None
    text = html.unescape(given).strip().strip(",;")  # an entity ends with a semicolon
    return _BETWEEN.split(text, maxsplit=1)[0].strip() if _is_list(text) else text


def _is_list(text: str) -> bool:
    return bool(_CLEARLY.search(text)) or len(_BETWEEN.findall(text[:10_000])) > 1
