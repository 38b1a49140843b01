"""Words with a number."""

from __future__ import annotations


def plural(of: str, number: int) -> str:
    """Return the word for one thing, or for so many of it."""
    return of if number == 1 else f"{of}s"
