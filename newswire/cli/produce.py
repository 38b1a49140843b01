"""`newswire produce`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newswire.cli import options
from newswire.cli.feeds import feeds
from newswire.cli.group import group
from newswire.cli.sitemaps import sitemaps
from newswire.cli.warc import warc
from newswire.cli.wires import wires

app = group("Publish raw articles.")


@app.callback()
def produce() -> None:
    """Publish raw articles: one command per kind of source."""


@app.command()
def files(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH", help="Files or folders; `-` reads standard input.", show_default=False
        ),
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Name of the source, where a record names none.")
    ] = "files",
    language: Annotated[
        str | None,
        typer.Option(
            "--language", metavar="BCP47", help="Language, where none is declared.", show_default=False
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on watching the folders for new and changed files.")
    ] = False,
    lane: options.Lane = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Publish articles from files: text, HTML, JSON and JSON lines, packed with gzip or not.

    One receipt for each article, once the broker has acknowledged it: a line on a terminal, JSON in a pipe. What cannot be read becomes a
    dead letter and is named on standard error; the rest is published, and the exit status is 3.
    """
    import uuid

    from newswire import metrics
    from newswire.cli.output import note
    from newswire.cli.producing import carry_withdrawals_into
    from newswire.cli.receipts import Receipts
    from newswire.cli.session import begin, connected, enter
    from newswire.cli.stopping import stopping
    from newswire.errors import BadInputError
    from newswire.source import SourceLoop
    from newswire.sources import source_class

    enter(lane)
    settings = begin().kept_in(data_dir)
    if watch and settings.metrics_port:
        metrics.serve(settings.metrics_port, settings.metrics_host)
    with stopping() as stop, connected(bootstrap_servers, settings) as log:
        if settings.lane:
            carry_withdrawals_into(log, settings)
        source = source_class("files")(paths, name=name, watch=watch, language=language, stop=stop)
        # An id of its own: two runs at the same time must not fence each other off.
        writer = log.writer(f"newswire.produce.{uuid.uuid4().hex}")
        report = SourceLoop(source, log, writer, on_receipt=Receipts()).run()
        writer.close()
        interrupted = stop.is_set() and not watch
    skipped = sum(source.skipped.values())
    unreadable = report.unreadable.total()
    note(
        f"newswire: {report.published:,} published"
        + (f", {unreadable:,} could not be read" if unreadable else "")
        + (f", {skipped:,} passed over ({_suffixes(source.skipped)}: none of our formats)" if skipped else "")
    )
    if interrupted:
        raise KeyboardInterrupt
    return BadInputError.exit_code if unreadable else 0


@app.command()
def push(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to listen on.")
    ] = 8080,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Address to listen on; 0.0.0.0 is all of this machine's."
        ),
    ] = "127.0.0.1",
    senders: Annotated[
        Path | None,
        typer.Option(
            "--senders",
            metavar="FILE",
            help="TOML file of who may push. Default: NEWSWIRE_PUSH_SENDERS.",
            show_default=False,
        ),
    ] = None,
    insecure_loopback: Annotated[
        bool,
        typer.Option("--insecure-loopback", help="Let every program on this machine push, without a login."),
    ] = False,
    tls_certificate: Annotated[
        Path | None,
        typer.Option(
            "--tls-certificate",
            metavar="FILE",
            help="Certificate chain (PEM), for HTTPS.",
            show_default=False,
        ),
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key (PEM).", show_default=False)
    ] = None,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Take articles over HTTP, until SIGTERM or Ctrl-C: POST /v1/articles; GET /openapi.json describes it.

    Each request is answered with receipts once the broker has acknowledged it. The same Idempotency-Key, or webhook-id, publishes nothing
    again, also after a crash. One process at a time.
    """
    from newswire.cli.session import begin, find_broker
    from newswire.intake.running import run_desk
    from newswire.sources import source_class

    settings = begin().kept_in(data_dir)
    source = source_class("push")(
        host=host,
        port=port,
        senders=senders or (None if insecure_loopback else settings.push_senders),
        insecure_loopback=insecure_loopback,
        certificate=tls_certificate,
        key=tls_key,
    )
    run_desk("push", source.serve, find_broker(bootstrap_servers, settings), settings)
    return 0


@app.command("push-token")
def push_token(
    sender: Annotated[str, typer.Argument(metavar="NAME", help="Name of the sender.", show_default=False)],
) -> int:
    """Make a bearer token for a sender: on standard output its entry for the file of senders, on standard error the token, once."""
    from newswire.cli.output import line, note
    from newswire.sources import source_class

    token, checksum = source_class("push").new_token(sender)
    line(f'[senders.{sender}]\ntokens = ["{checksum}"]')
    note(f"newswire: give this to {sender}, and keep it nowhere else: {token}")
    return 0


def _suffixes(skipped: dict[str, int]) -> str:
    return ", ".join(sorted(suffix or "no suffix" for suffix in skipped))


app.command()(feeds)
app.command()(sitemaps)
app.command()(wires)
app.command()(warc)
