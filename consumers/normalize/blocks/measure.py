"""What can be told of a block by its own text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from consumers.normalize.blocks.cut import Block
from consumers.normalize.blocks.tokens import SHORT

NAMES: Final = (
    "words", "characters", "link_share", "links", "bold_share", "commas", "stops", "ending", "beginning", "digits", "capitals",
    "lines", "word_length", "marks", "clock", "quotes", "in_title", "of_title", "in_lead", "of_lead", "repeated", "equals_title",
)  # fmt: skip
_WORDS: Final = re.compile(r"\w+")
_DIGIT: Final = re.compile(r"\d")
_STOPS: Final = re.compile(r"[.!?…。！？।۔։።](?=[\s\"'”’»)]|$)")
_COMMA: Final = re.compile(r"[,،、，;；]")
_CLOCK: Final = re.compile(r"\b\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b")
_DIGITS_OF_CLOCK: Final = 3
"""Fewer of them are no time of day and no year."""
_QUOTE: Final = re.compile('["“”„«»‘’「」]')
_CLOSERS: Final = " \"'”’»›“‘)]}」』】"
_ENDINGS: Final = {
    **dict.fromkeys(",;-–|", 1),
    **dict.fromkeys("…", 2),
    **dict.fromkeys("?？", 3),
    **dict.fromkeys(".!。！।۔։።", 4),
    **dict.fromkeys(":：", 5),
}
"""What a block's last character tells."""


@dataclass(slots=True)
class Measures:
    """What a block's text is like."""

    words: list[str]
    """In lower case, digits as 0; of a long text the first three and the last two."""
    values: list[int]
    """In the order of `NAMES`; shares in thousandths."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return _WORDS.findall(text.lower())


def measure(block: Block, titles: frozenset[str], lead: frozenset[str], seen: dict[str, int]) -> Measures:
    """Return what a block's text is like; titles and lead are the words of what the page says about itself, `seen` what stood before it."""
    parts = block.text.split()
    text = " ".join(parts)
    plain = text.isascii()
    folded = text.lower()
    words = _WORDS.findall(folded)
    count, characters = len(words), len(text)
    repeated = seen.get(folded, 0)
    seen[folded] = repeated + 1
    distinct = set(words[:200] if count > 200 else words)
    many = len(distinct) or 1
    # most blocks are short and have nothing of most of this: what is 0 is not worked out
    in_title = len(distinct & titles) if titles else 0
    in_lead = len(distinct & lead) if lead else 0
    of_title = 1000 * in_title // len(titles) if in_title else 0
    digits = len(_DIGIT.findall(text))
    beginnings = [part[0].isupper() for part in (parts[:12] if len(parts) > 12 else parts)]
    values = [
        count,
        characters,
        min(1000, 1000 * block.linked // characters) if block.linked else 0,
        block.links,
        min(1000, 1000 * block.bold // characters) if block.bold else 0,
        text.count(",") + text.count(";") if plain else len(_COMMA.findall(text)),
        len(_STOPS.findall(text)),
        _ENDINGS.get(text.rstrip(_CLOSERS)[-1:], 0),
        _beginning(text[0]),
        1000 * digits // characters if digits else 0,
        1000 * sum(beginnings) // len(beginnings),
        block.text.count("\n"),
        100 * characters // (count or 1),
        ("|" in text) + 2 * ("©" in text) + 4 * ("@" in text) + 8 * ("http" in folded or "www." in folded),
        len(_CLOCK.findall(text)) if digits >= _DIGITS_OF_CLOCK else 0,
        text.count('"') if plain else len(_QUOTE.findall(text)),
        1000 * in_title // many if in_title else 0,
        of_title,
        1000 * in_lead // many if in_lead else 0,
        1000 * in_lead // len(lead) if in_lead else 0,
        repeated,
        int(of_title > 850 and in_title * 10 >= 8 * many),
    ]
    told = words if count <= SHORT else words[:3] + words[-2:]
    if digits:
        told = [word if word.isalpha() else _DIGIT.sub("0", word) for word in told]
    return Measures(told, values)


def _beginning(first: str) -> int:
    if first.islower():
        return 1
    if first.isupper():
        return 2
    if first.isdigit():
        return 3
    return 4 if first.isalpha() else 5
