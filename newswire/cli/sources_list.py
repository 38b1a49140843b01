"""`newswire sources list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.config import Settings
    from newswire.source_list import ListedSource


def list_sources(
    sources: options.Sources = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """List the sources; where a broker is there, with how it stands with each: last poll, next poll, failures, retired, quiet.

    A quiet source works and has given nothing new for longer than is usual for it. Without a broker the list alone is shown.
    """
    import time

    from newswire.cli.output import json_line, note, table
    from newswire.cli.session import begin
    from newswire.source_list import read_list
    from newswire.source_list.kinds import odd_kinds

    settings = begin()
    path = sources or settings.sources
    found = read_list(path)
    for each in odd_kinds(found, str(path)):
        note(f"newswire: {each}")
    standings = _standings(bootstrap_servers, settings)
    now = time.time()
    rows = [_row(source, standings, now) for source in found.source]
    if as_json:
        for row, source in zip(rows, found.source, strict=True):
            json_line(source.model_dump(exclude_none=True) | row)
        return 0
    table(
        ("name", "kind", "state", "last poll (UTC)", "next poll (UTC)", "failures", "address"),
        [
            (
                source.name,
                source.kind,
                row["state"] + (f": {row['problem']}" if row["problem"] else ""),
                row["polled_at"],
                row["next_at"],
                row["failures"],
                row["asked_at_url"] or source.url,
            )
            for row, source in zip(rows, found.source, strict=True)
        ],
        right=("failures",),
    )
    note(
        f"newswire: {len(found.source):,} sources in {path}"
        + ("" if standings is not None else "; no broker is there to say how it stands with them")
    )
    return 0


def _standings(bootstrap_servers: str | None, settings: Settings) -> dict[tuple[str, str], Any] | None:
    """Return how it stands with each source, by changelog and name; None where no broker is there."""
    from newswire import topology
    from newswire.broker.locate import locate
    from newswire.cli.session import connected
    from newswire.keeping import look
    from newswire.sources import room

    if locate(bootstrap_servers, settings.data_dir) is None:
        return None
    read = room("polling").standings
    with connected(bootstrap_servers, settings) as log:
        return {
            (kind, name): standing
            for kind in topology.SOURCES_IN_ONE_PIECE
            for name, standing in read(look(log, kind, "source ")).items()
        }


def _row(source: ListedSource, standings: dict[tuple[str, str], Any] | None, now: float) -> dict[str, Any]:
    from newswire.sources import room

    standing = (standings or {}).get((f"{source.kind}s", source.name))
    if standing is not None and standing.configured != source.url:
        standing = None  # it has another address now, and begins anew
    unknown = "new" if standings is not None else ""
    condition = room("polling.listed").condition(standing, now) if standing is not None else unknown
    retired = standing is not None and standing.plan.retired
    return {
        "state": "paused" if source.paused else condition,
        "polled_at": _time(standing.polled_at) if standing is not None else None,
        "next_at": _time(standing.plan.due)
        if standing is not None and not retired and not source.paused
        else None,
        "failures": standing.plan.failures if standing is not None else None,
        "problem": standing.problem["reason"] if standing is not None and standing.problem else None,
        "asked_at_url": standing.url if standing is not None and standing.url != source.url else None,
        "last_new": _time(standing.plan.last_new) if standing is not None else None,
    }


def _time(seconds: float | None) -> str | None:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S") if seconds is not None else None
