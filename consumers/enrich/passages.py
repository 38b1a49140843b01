"""The strings of an article that are read, each with its JSON Pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from schemas.normalized.model import Normalized

MAX_CHARACTERS: Final = 400_000
"""Passages after this many code points are counted but not searched: a text that long is a data dump, and time must stay bounded."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One string of the event."""

    path: str
    """JSON Pointer (RFC 6901), e.g. `/sections/0/paragraphs/2`."""
    text: str
    """The string, unchanged."""
    kind: Literal["headline", "summary", "heading", "paragraph"]
    """What it is."""
    section: int
    """Index of its section; -1 for headline and summary."""


def passages(article: Normalized) -> tuple[Passage, ...]:
    """Return headline, summary, headings and paragraphs in reading order; what is absent or empty is left out."""
    found = [Passage("/headline", article.headline, "headline", -1)]
    if article.summary:
        found.append(Passage("/summary", article.summary, "summary", -1))
    for number, section in enumerate(article.sections):
        if section.heading:
            found.append(Passage(f"/sections/{number}/heading", section.heading, "heading", number))
        found.extend(
            Passage(f"/sections/{number}/paragraphs/{index}", paragraph, "paragraph", number)
            for index, paragraph in enumerate(section.paragraphs)
            if paragraph
        )
    return tuple(found)


def searched(all_passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Return the passages that fit into `MAX_CHARACTERS` together, from the first on; a longer one is left out, never cut."""
    found: list[Passage] = []
    room = MAX_CHARACTERS
    for passage in all_passages:
        if len(passage.text) <= room:
            found.append(passage)
            room -= len(passage.text)
    return tuple(found)
