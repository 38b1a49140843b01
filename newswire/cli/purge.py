"""`newswire purge`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options
from newswire.cli.group import group

if TYPE_CHECKING:
    from newswire.purging.concerned import Concerned

app = group("Take out what must go, tell subscribers, and prove it.", means_now=True)

StateDir = Annotated[
    list[Path] | None,
    typer.Option(
        "--state-dir",
        metavar="FOLDER",
        help="Local copies of state to look into; may be given several times. Default: those of the stages that run here "
        "(NEWSWIRE_STATE_DIR, --data-dir).",
        show_default=False,
    ),
]
KafkaOnly = Annotated[
    bool,
    typer.Option(
        "--kafka-only",
        help="Prove only what Kafka keeps: the local copies of state are on other machines, to be looked into there.",
    ),
]


@app.command()
def now(
    publisher: Annotated[
        str | None,
        typer.Option("--publisher", metavar="NAME", help="All of a publisher or source.", show_default=False),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The article at an address.", show_default=False),
    ] = None,
    article: Annotated[
        str | None, typer.Option("--id", metavar="ARTICLE_ID", help="One article.", show_default=False)
    ] = None,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="TEXT", help="Why it goes; on record from then on.", show_default=False
        ),
    ] = "",
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who asks for it. Default: the user.")
    ] = None,
    allow_later: Annotated[
        bool, typer.Option("--allow-later", help="Take later captures again: only what is there goes.")
    ] = False,
    lift: Annotated[
        bool, typer.Option("--lift", help="Nothing goes: allow later captures of what was purged again.")
    ] = False,
    unknown: Annotated[
        bool,
        typer.Option(
            "--even-if-unknown", help="Also where nothing of it is there yet: an opt-out that comes first."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and do nothing.")] = False,
    delete_records: Annotated[
        bool,
        typer.Option(
            "--delete-records",
            help="Delete from append-only topics where all records before a place are concerned.",
        ),
    ] = False,
    timeout: Annotated[
        float,
        typer.Option("--timeout", metavar="SECONDS", help="How long each stage may take to carry it out."),
    ] = 120.0,
    state_dir: StateDir = None,
    data_dir: options.DataDir = None,
    kafka_only: KafkaOnly = False,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Take out what must go (an opt-out, a legal demand), tell subscribers, and prove it. `now` may be left out.

    Ends with 1 when something that had to go is still there or a place could not be seen, with 6 when a stage has not come to it in time.
    """
    from newswire.cli.output import note
    from newswire.cli.proof import show_dry_run, show_proof
    from newswire.cli.session import begin, connected
    from newswire.purging.asking import asked
    from newswire.purging.carrying import carry_out
    from newswire.purging.concerned import find
    from newswire.purging.known import check_known
    from newswire.purging.listing import refusing

    what = asked(
        publisher=publisher,
        url=url,
        article=article,
        reason=reason or ("(dry run)" if dry_run else "lifted" if lift else ""),
        requested_by=by or _user(),
        refuse_later=not allow_later,
        lift=lift,
    )
    settings = begin().kept_in(data_dir)
    folders = [] if kafka_only else state_dir or [settings.stages_dir]
    with connected(bootstrap_servers, settings) as log:
        meant = find(log, what)
        if not unknown:
            refusing(log, what) if lift else check_known(log, meant)
        meant.purge = what.model_copy(update={"article_ids": _ids(meant)})
        if dry_run:
            return show_dry_run(log, meant, folders, as_json)
        carry_out(log, meant, seconds=timeout, say=lambda text: note(f"newswire: {text}"))
        if lift:
            note(f"newswire: later captures of {what.kind} {what.name} are taken again")
            return 0
        return show_proof(log, meant, folders, as_json, delete=delete_records)


@app.command("list")
def list_purges(bootstrap_servers: options.BootstrapServers = None, as_json: options.AsJson = False) -> int:
    """List the purges on record, each for good: what went, when, why, whether later captures are refused, and who lifted that."""
    from newswire.cli.output import json_line, table
    from newswire.cli.safe import safe
    from newswire.cli.session import begin, connected
    from newswire.purging.listing import listed

    with connected(bootstrap_servers, begin()) as log:
        found = listed(log)
    if as_json:
        for one in found:
            lifted = {} if one.lifted_by is None else {"lifted_by": one.lifted_by.to_data()}
            json_line(one.purge.to_data() | {"refuse_later": one.refuses} | lifted)
        return 0
    rows = [
        (
            one.purge.purge_id,
            f"{one.purge.at:%Y-%m-%d %H:%M:%S}",
            one.purge.kind,
            safe(one.purge.name, 80),
            "refused" if one.refuses else "taken",
            f"{one.lifted_by.at:%Y-%m-%d %H:%M:%S} by {safe(one.lifted_by.requested_by, 30)}"
            if one.lifted_by
            else "",
            safe(one.purge.requested_by, 30),
            safe(one.purge.reason, 80),
        )
        for one in found
    ]
    table(("purge", "asked (UTC)", "kind", "name", "later", "lifted", "by", "reason"), rows)
    return 0


@app.command()
def check(
    purge_id: Annotated[
        str, typer.Argument(metavar="PURGE", help="Id of the purge, as `list` shows it.", show_default=False)
    ],
    delete_records: Annotated[
        bool,
        typer.Option(
            "--delete-records",
            help="Delete from append-only topics where all records before a place are concerned.",
        ),
    ] = False,
    state_dir: StateDir = None,
    data_dir: options.DataDir = None,
    kafka_only: KafkaOnly = False,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Prove a purge on record once more. Ends with 1 when something that had to go is still there, or a place could not be seen."""
    from newswire.cli.proof import show_proof
    from newswire.cli.session import begin, connected
    from newswire.purging.concerned import find
    from newswire.purging.listing import get

    settings = begin().kept_in(data_dir)
    folders = [] if kafka_only else state_dir or [settings.stages_dir]
    with connected(bootstrap_servers, settings) as log:
        meant = find(log, get(log, purge_id))
        return show_proof(log, meant, folders, as_json, delete=delete_records)


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _ids(meant: Concerned) -> tuple[str, ...]:
    """Return the articles to name in the record: a publisher's are found by its name, however many they are."""
    return () if meant.purge.kind == "publisher" else tuple(sorted(meant.articles))
