"""How far a run is: with each source for people, with each poll for the poller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from newswire import metrics
from producers.polling.memory import Standing
from producers.polling.polled import PolledSource, Reading

_GAPS_KNOWN: Final = 5
"""Gaps between polls with news that it takes to say what is usual."""


@dataclass(slots=True)
class Progress:
    """What has come of a source in this run, for people."""

    asked: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """By fate: new, changed, known, elsewhere, waiting, failed."""
    failure: str | None = None
    """Of the last poll."""
    next_at: float | None = None
    """Unix time; None when it is never asked again."""
    doing: str = ""
    """What goes on, in a word."""


@dataclass(slots=True)
class Poll:
    """One look at a source, from the asking until all its items are out."""

    source: PolledSource
    standing: Standing
    reading: Reading | None = None
    open: int = 0
    """Items that are not remembered yet."""
    listed: bool = False
    """Whether the list has been gone through."""
    found: int = 0
    """Items that were new."""
    again: bool = False
    """Whether to ask once more directly after: something has changed meanwhile."""


def measure(name: str, standing: Standing) -> None:
    """Show when a source last had something new, and how long it was silent at most before."""
    if standing.plan.last_new is not None:
        metrics.LAST_NEW.labels(name).set(standing.plan.last_new)
    if len(standing.gaps) >= _GAPS_KNOWN:
        metrics.USUAL_GAP_SECONDS.labels(name).set(max(standing.gaps))
