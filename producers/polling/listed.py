"""A source of the list, as the poller needs it."""

from __future__ import annotations

from newswire.source_list import ListedSource
from producers.polling.polled import PolledSource


def polled_source(source: ListedSource) -> PolledSource:
    """Return what is polled of a source of `sources.toml`."""
    return PolledSource(
        name=source.name,
        url=source.url,
        publisher=source.publisher,
        language=source.language,
        articles=source.articles,
        least=float(source.interval_least),
        most=float(source.interval_most),
        license=source.license,
        usage_terms=source.usage_terms,
    )
