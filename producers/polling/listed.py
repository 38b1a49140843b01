"""A source of the list as the poller needs it, and how it stands with it for people."""

from __future__ import annotations

from typing import Final

from newswire.source_list import ListedSource
from producers.fetch.schedule import DAY
from producers.polling.polled import PolledSource
from producers.polling.standing import GAPS_KNOWN, Standing

_QUIET_LEAST: Final = 6 * 3600.0
_NEVER_GAVE: Final = DAY
"""Both as in the alerts for sources that are quiet (deploy/prometheus/alerts.yml)."""


def polled_source(source: ListedSource) -> PolledSource:
    """Return what is polled of a source of `sources.toml`."""
    return PolledSource(
        name=source.name,
        url=source.url,
        publisher=source.publisher,
        language=source.language,
        timezone=source.timezone,
        articles=source.articles,
        least=float(source.interval_least),
        most=float(source.interval_most),
        license=source.license,
        usage_terms=source.usage_terms,
    )


def condition(standing: Standing, now: float) -> str:
    """Return how it stands with a source, in a word or two for people: `ok`, `failing`, `quiet`, `retired`, `merged into NAME`.

    Quiet is what works and has given nothing new for twice as long as is usual for it, and six hours at least; or nothing ever, for a day.
    """
    if standing.merged_into is not None:
        return f"merged into {standing.merged_into}"
    if standing.plan.retired:
        return "retired"
    if standing.plan.failures:
        return "failing"
    last_new, gaps = standing.plan.last_new, standing.gaps
    if last_new is None:
        return "quiet" if standing.begun_at is not None and now - standing.begun_at > _NEVER_GAVE else "ok"
    if len(gaps) >= GAPS_KNOWN and now - last_new > max(2 * max(gaps), _QUIET_LEAST):
        return "quiet"
    return "ok"
