"""The K1 check: find transactions that a crash of the broker left open for ever, and end them as they were decided."""

from __future__ import annotations


def check_and_repair(bootstrap: str) -> None:
    """Not built yet."""
