"""`newswire produce wires`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

import typer

from newswire.cli import options

_NAMED: Final = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,99})=(?P<folder>.+)$")


def wires(
    folders: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER",
            help="Where a feed is dropped; several as NAME=FOLDER, each with the name of its source.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Name of the source of a FOLDER without one.")
    ] = "wires",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="BCP47", help="Language, where an item declares none.", show_default=False
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when all that is there has been taken.")] = False,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="Leave files where they are and remember them, instead of moving them away."
        ),
    ] = False,
    settle: Annotated[
        float,
        typer.Option(
            "--settle",
            metavar="SECONDS",
            min=0.0,
            help="A file is whole when it has not changed for so long.",
        ),
    ] = 2.0,
    lane: options.Lane = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish items of news agencies from folders that their feeds are dropped into: ninjs, NewsML, NITF, IPTC 7901, ANPA 1312 and e-mail.

    A file is taken when it is whole, each item in it once over all restarts. When the broker has acknowledged them the file is moved to
    done/ in its folder, or to failed/ if anything of it could not be taken, which is also a dead letter. One process does all folders. The
    exit status is 3 when something could not be taken.
    """
    from newswire import metrics
    from newswire.cli.output import note
    from newswire.cli.producing import producing
    from newswire.cli.receipts import Receipts
    from newswire.cli.session import begin, enter
    from newswire.errors import BadInputError
    from newswire.source import SourceLoop
    from newswire.sources import source_class

    enter(lane)
    settings = begin().kept_in(data_dir)
    named = _named(folders, name)
    if not once and settings.metrics_port:
        metrics.serve(settings.metrics_port, settings.metrics_host)
    with producing("wires", settings, bootstrap_servers) as on:
        source = source_class("wires")(
            named,
            on.kept.state,
            once=once,
            move=not keep,
            language=language,
            stop=on.stop,
            settled_seconds=settle,
        )
        report = SourceLoop(source, on.log, on.kept.writer, kept=on.kept, on_receipt=Receipts()).run()
    interrupted = on.stop.is_set() and once
    unreadable = report.unreadable.total()
    note(
        f"newswire: {report.published:,} published"
        + (f", {unreadable:,} could not be read" if unreadable else "")
        + (f", {source.unmoved:,} files could not be moved and stay where they are" if source.unmoved else "")
    )
    if interrupted:
        raise KeyboardInterrupt
    return BadInputError.exit_code if unreadable else 0


def _named(folders: list[str], name: str) -> dict[str, Path]:
    from newswire.errors import UsageError

    named: dict[str, Path] = {}
    for given in folders:
        found = _NAMED.match(given)
        mine, folder = (
            (found["name"], found["folder"]) if found and not Path(given).exists() else (name, given)
        )
        if mine in named:
            raise UsageError(
                f"two folders have the source name {mine!r}: write each as NAME=FOLDER, with a name of its own"
            )
        named[mine] = Path(folder)
    return named
