"""Series: what one source publishes under one headline on another day, such as a morning briefing. Shared by the stages."""

from __future__ import annotations

from typing import Final

_ANOTHER_DAY_MS: Final = 12 * 3_600_000


def are_two_days(headline: str, other: str, ms_apart: int) -> bool:
    """Return whether two articles of one source, so many milliseconds apart, are two days of a series.

    Of both headlines is given what is remembered of one.
    """
    return headline.casefold() == other.casefold() and abs(ms_apart) >= _ANOTHER_DAY_MS
