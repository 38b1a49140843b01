"""`newswire trace`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.trace import Step, Way


def trace(
    url_or_id: Annotated[
        str,
        typer.Argument(
            metavar="URL|ID",
            help="Address, article id, story id, event id, guid, path of the file, or topic/partition/offset.",
            show_default=False,
        ),
    ],
    since: options.Since = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Tell a record's way through every stage: where it stands, what was decided, and when.

    Ends with 1 when nothing matches.
    """
    from newswire.cli.session import begin, connected
    from newswire.trace import trace as find

    with connected(bootstrap_servers, begin()) as log:
        found = find(log, url_or_id, since=options.instant(since))
    for way in found.ways:
        if as_json:
            _print_json(way)
        else:
            _print(way)
    return 0


def _print(way: Way) -> None:
    from newswire.cli.output import line, table
    from newswire.cli.safe import safe

    began = way.steps[0].recorded_at or way.steps[0].time
    line(f"captured {began:%Y-%m-%d %H:%M:%S} UTC")
    table(
        ("stage", "wrote", "after", "decision"),
        [
            (
                safe(step.stage),
                f"{step.topic}/{step.partition}/{step.offset}",
                _after(step, began),
                safe(step.decision),
            )
            for step in way.steps
        ],
        right=("after",),
    )
    if way.waiting_at is not None:
        line(f"It waits for {way.waiting_at}.")
    line("")


def _after(step: Step, began: datetime) -> str:
    if step.recorded_at is None:
        return ""
    seconds = (step.recorded_at - began).total_seconds()
    return f"{seconds:.3f} s" if seconds < 60 else f"{seconds:,.0f} s"


def _print_json(way: Way) -> None:
    from dataclasses import asdict

    from newswire.cli.output import json_line

    json_line(
        {
            "raw": way.raw.model_dump() if way.raw else None,
            "steps": [asdict(step) for step in way.steps],
            "waiting_at": way.waiting_at,
        }
    )
