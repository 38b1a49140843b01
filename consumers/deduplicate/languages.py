"""Two articles of different languages side by side: which names the other, and what both say in the same signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from consumers.normalize.declared_language import primary
from schemas.normalized.model import Normalized

_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_CAPITAL: Final = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LEAST_DIGITS: Final = 2
_LEAST_LETTERS: Final = 4
_MOST: Final = 20
_CHARACTERS: Final = 100_000


def across(one: Normalized, other: Normalized) -> dict[str, Any] | None:
    """Return what ties two articles together that are in different languages; None where they are in the same.

    `named` are the statements of either that the other is the same article, as they stand in its `translations`; `numbers` and `names` are
    what both write in the same letters and digits, a hint for people: nothing is decided by it.
    """
    if primary(one.language) == primary(other.language):
        return None
    mine, theirs = _signs(one), _signs(other)
    return {
        "one": one.language,
        "other": other.language,
        "named": [*_named("one", one, other), *_named("other", other, one)],
        "translated_from": {"one": one.translated_from, "other": other.translated_from},
        **{
            kind: {
                "shared": len(shared := mine[kind].keys() & theirs[kind].keys()),
                "one": len(mine[kind]),
                "other": len(theirs[kind]),
                "examples": sorted(shared, key=lambda sign: (-mine[kind][sign], sign))[:_MOST],
            }
            for kind in ("numbers", "names")
        },
    }


def _named(side: str, article: Normalized, other: Normalized) -> Iterator[dict[str, Any]]:
    for each in article.translations or ():
        if each.article_id == other.article_id:
            yield {"by": side, **each.to_data()}


def _signs(article: Normalized) -> dict[str, Counter[str]]:
    """Return the numbers of two digits and more, and the words with a capital, each with how often it is there."""
    texts = [
        article.headline,
        *(text for each in article.sections for text in (each.heading, *each.paragraphs) if text),
    ]
    text = "\n".join(texts)[:_CHARACTERS]
    numbers = ("".join(filter(str.isdigit, found)) for found in _NUMBER.findall(text))
    words = (word for word in _CAPITAL.findall(text) if len(word) >= _LEAST_LETTERS and word[0].isupper())
    return {
        "numbers": Counter(each for each in numbers if len(each) >= _LEAST_DIGITS),
        "names": Counter(words),
    }
