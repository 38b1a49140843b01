"""Which articles hold a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

MOST_HOLDERS: Final = 200
"""A key with more holders is boilerplate: it tells nothing."""


class Postings:
    """An inverted index from whole-number keys to article ids."""

    def __init__(self) -> None:
        self._holders: dict[int, str | set[str]] = {}

    def add(self, article_id: str, keys: Iterable[int]) -> None:
        """Enter an article."""
        for key in keys:
            held = self._holders.get(key)
            if held is None:
                self._holders[key] = article_id  # most keys have one holder: no set for them
            elif isinstance(held, set):
                held.add(article_id)
            elif held != article_id:
                self._holders[key] = {held, article_id}

    def remove(self, article_id: str, keys: Iterable[int]) -> None:
        """Take an article out."""
        for key in keys:
            held = self._holders.get(key)
            if isinstance(held, set):
                held.discard(article_id)
                if len(held) == 1:
                    self._holders[key] = held.pop()
            elif held == article_id:
                del self._holders[key]

    def holders(self, keys: Iterable[int]) -> tuple[Counter[str], set[int]]:
        """Return how many of the keys each article holds, and which keys are boilerplate: those are not counted."""
        found: Counter[str] = Counter()
        boilerplate = set()
        for key in keys:
            held = self._holders.get(key)
            if held is None:
                continue
            if isinstance(held, str):
                found[held] += 1
            elif len(held) <= MOST_HOLDERS:
                found.update(held)
            else:
                boilerplate.add(key)
        return found, boilerplate
