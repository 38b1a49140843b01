"""`newswire produce sitemaps`."""

from __future__ import annotations

from newswire.cli import options
from newswire.cli.feeds import Now, Once


def sitemaps(
    once: Once = False,
    now: Now = False,
    sources: options.Sources = None,
    lane: options.Lane = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish the articles of sitemaps, of every format and behind indexes, from the list of sources.

    Each source is asked when it is due, and of what its index names only what has changed; news sitemaps come first. A long list is taken
    over several polls. Otherwise as `produce feeds`: polite, each article once over restarts, one process for all sitemaps.
    """
    from newswire.cli.polled import run

    return run(
        "sitemaps",
        "sitemap",
        once=once,
        now=now,
        sources=sources,
        lane=lane,
        data_dir=data_dir,
        bootstrap_servers=bootstrap_servers,
    )
