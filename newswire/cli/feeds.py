"""`newswire produce feeds`."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli import options

Once = Annotated[bool, typer.Option("--once", help="Ask what is due now, each once, and end.")]
Now = Annotated[
    bool,
    typer.Option(
        "--now",
        help="Begin with all that do not fail, also before they are due; not those asked within their least interval.",
    ),
]


def feeds(
    once: Once = False,
    now: Now = False,
    sources: options.Sources = None,
    lane: options.Lane = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish the articles of feeds: RSS, Atom and JSON Feed, from the list of sources.

    Each feed is asked when it is due, and the page of each new article is fetched, politely: NEWSWIRE_CONTACT_URL says who asks. Each
    article is published once, over restarts and in however many feeds it is; one process does all feeds. Receipts come as JSON in a pipe;
    on a terminal there is a table of what goes on. Where NEWSWIRE_WEBSUB_URL says how hubs reach it, feeds that name a hub are asked as
    soon as that has news. What is changed in the list is taken up while it runs. With --once it ends with 3 when a feed failed.
    """
    from newswire.cli.polled import run

    return run(
        "feeds",
        "feed",
        once=once,
        now=now,
        sources=sources,
        lane=lane,
        data_dir=data_dir,
        bootstrap_servers=bootstrap_servers,
    )
