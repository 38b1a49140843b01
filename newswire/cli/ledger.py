"""`newswire ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from newswire.ledger import Ledger

_COLUMNS = (
    "entered",
    "published",
    "revised",
    "duplicate",
    "withdrawn",
    "rejected",
    "held",
    "in_flight",
    "lost",
    "twice",
)


def ledger(
    source: Annotated[
        str | None, typer.Option("--source", metavar="NAME", help="Only this source.", show_default=False)
    ] = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Count what went in and what became of it, by source: nothing may be lost, nothing may be twice.

    in = published + revised + duplicate + withdrawn + rejected + held + in flight. Ends with 1 when that does not add up.
    """
    from newswire.cli.output import note
    from newswire.cli.session import begin, connected
    from newswire.ledger import ledger as count

    with connected(bootstrap_servers, begin()) as log:
        found = count(log, source)
    if as_json:
        _print_json(found)
    else:
        _print(found)
    for text in found.notes:
        note(f"newswire: not counted: {text}")
    if not found.balanced:
        refs = (*found.lost, *found.twice)
        note(
            "newswire: it does not balance; the first records concerned: "
            + ", ".join(f"{ref.topic}/{ref.partition}/{ref.offset}" for ref in refs)
            + " (`newswire trace` tells the way of each)"
        )
    return 0 if found.balanced else 1


def _print(found: Ledger) -> None:
    from newswire.cli.output import line, table
    from newswire.cli.safe import safe

    rows = [
        (safe(account.source), *(getattr(account, column) for column in _COLUMNS))
        for account in (*found.accounts, found.total)
    ]
    heads = [column.replace("_", " ").replace("entered", "in") for column in _COLUMNS]
    table(("source", *heads), rows, right=heads)
    if found.waiting:
        line(
            "in flight: " + ", ".join(f"{count:,} wait for {stage}" for stage, count in found.waiting.items())
        )
    if found.reasons:
        line("rejected: " + ", ".join(f"{count:,} {reason}" for reason, count in found.reasons.items()))
    line("It balances." if found.balanced else "IT DOES NOT BALANCE.")


def _print_json(found: Ledger) -> None:
    from dataclasses import asdict

    from newswire.cli.output import json_line

    json_line(
        {
            "balanced": found.balanced,
            "accounts": [asdict(account) for account in found.accounts],
            "total": asdict(found.total),
            "waiting": dict(found.waiting),
            "reasons": dict(found.reasons),
            "lost": [ref.model_dump() for ref in found.lost],
            "twice": [ref.model_dump() for ref in found.twice],
            "notes": found.notes,
        }
    )
