"""`newswire produce warc`."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli import options


def warc(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="WARC files, or folders of them; `-` reads standard input.",
            show_default=False,
        ),
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the source.")] = "warc",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="BCP47", help="Language, where a page declares none.", show_default=False
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read archives from their beginning that were read before.")
    ] = False,
    lane: options.Lane = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish the pages of web archives (WARC 0.18 to 1.1; gzip, zstd or not packed), such as those of CC-NEWS.

    Taken are answers with HTML; the rest is counted by what it is. Broken records are dead letters, and what comes after them is read; the
    exit status is then 3. Where a file was left, it is gone on with the next time. Old archives belong into a lane: --lane backfill.
    """
    from newswire.cli.output import note
    from newswire.cli.producing import producing
    from newswire.cli.receipts import Receipts
    from newswire.cli.session import begin, enter
    from newswire.errors import BadInputError
    from newswire.source import SourceLoop
    from newswire.sources import source_class

    enter(lane)
    settings = begin().kept_in(data_dir)
    with producing("warc", settings, bootstrap_servers) as on:
        source = source_class("warc")(
            paths, state=on.kept.state, name=name, language=language, again=again, stop=on.stop
        )
        report = SourceLoop(source, on.log, on.kept.writer, kept=on.kept, on_receipt=Receipts()).run()
    interrupted = on.stop.is_set()
    unreadable, passed = report.unreadable.total(), source.passed.total()
    note(
        f"newswire: {report.published:,} published"
        + (f", {unreadable:,} could not be read" if unreadable else "")
        + (f", {passed:,} passed over ({_counts(source.passed)})" if passed else "")
    )
    if interrupted:
        raise KeyboardInterrupt
    return BadInputError.exit_code if unreadable else 0


def _counts(passed: dict[str, int]) -> str:
    most = sorted(passed.items(), key=lambda each: (-each[1], each[0]))[:8]
    return ", ".join(f"{why} {count:,}" for why, count in most)
