"""Asking many addresses for what is new, politely and for good: what feeds and sitemaps have in common. See docs/polling.md."""

from producers.polling.polled import Asked, Entry, PolledSource, Reader, Reading
from producers.polling.poller import Poller
from producers.polling.standing import Standing, standings, waiting

__all__ = [
    "Asked",
    "Entry",
    "PolledSource",
    "Poller",
    "Reader",
    "Reading",
    "Standing",
    "standings",
    "waiting",
]
