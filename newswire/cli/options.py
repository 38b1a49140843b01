"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

BootstrapServers = Annotated[
    str | None,
    typer.Option(
        "--bootstrap-servers",
        "-b",
        metavar="HOST:PORT,…",
        help="Kafka to use. Default: KAFKA_BOOTSTRAP_SERVERS, then the broker that runs on the data folder.",
        show_default=False,
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="Data folder of the broker. Default: NEWSWIRE_DATA_DIR, then the user's data folder.",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        min=1,
        max=65535,
        help="Port of the broker that is started. Default: a free one, the same as last time if possible.",
        show_default=False,
    ),
]
Brokers = Annotated[
    int,
    typer.Option("--brokers", metavar="1|3", help="How many brokers are started; 3 survive the loss of one."),
]
Lane = Annotated[
    str | None,
    typer.Option(
        "--lane",
        metavar="NAME",
        help="Work in a lane beside the live pipeline, e.g. backfill, with topics of its own. Default: NEWSWIRE_LANE.",
        show_default=False,
    ),
]
Sources = Annotated[
    Path | None,
    typer.Option(
        "--sources",
        metavar="FILE",
        help="List of sources. Default: NEWSWIRE_SOURCES, then sources.toml in the user's configuration folder.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
EndWith = Annotated[int | None, typer.Option("--end-with", metavar="PID", hidden=True)]
"""For who starts us: end in order as soon as process PID, our parent, has ended."""
AsJson = Annotated[bool, typer.Option("--json", "-J", help="JSON, one object a line.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Leave out what is older; as 2024-02-01 or 2024-02-01T12:00:00Z (UTC unless it says otherwise).",
        show_default=False,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="TIME",
        help="Leave out what is from that time or later; written as for --since.",
        show_default=False,
    ),
]


def instant(given: str | None) -> datetime | None:
    """Return the instant that a person wrote; UsageError when it is none."""
    if given is None:
        return None
    from newswire.errors import UsageError

    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise UsageError(f"{given!r} is no time: write it as 2024-02-01 or 2024-02-01T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
