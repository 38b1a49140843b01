"""Names for sources that are added: short, stable, and not yet taken."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Final
from urllib.parse import urlsplit

_LONGEST: Final = 60
_NOT_A_NAME: Final = re.compile(r"[^a-z0-9]+")
_EMPTY: Final = frozenset(("rss", "feed", "atom", "home", "news", "index", "untitled"))
"""Titles that tell nothing: the host's name is taken instead."""


def name_for(title: str | None, url: str, taken: Container[str]) -> str:
    """Return a name: of the title, or else of the host; with a number behind it where that is taken."""
    name = _slug(title or "")
    if len(name) < 3 or name in _EMPTY:
        name = _slug((urlsplit(url).hostname or "").removeprefix("www."))
    name = name or "source"
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    words = _NOT_A_NAME.sub("-", plain.replace("'", "")).strip("-")
    return (
        words
        if len(words) <= _LONGEST
        else words[:_LONGEST].rpartition("-")[0].strip("-") or words[:_LONGEST]
    )
