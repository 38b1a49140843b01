"""All commands in the order in which `newswire --help` shows them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import broker, demo, produce, run, tail, topics, topology, up

if TYPE_CHECKING:
    from typer._click import Command


def command() -> Command:
    """Return the whole command line."""
    # Without rich markup the help needs neither rich nor a quarter of a second.
    app = typer.Typer(
        rich_markup_mode=None,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
    )
    app.callback()(root)
    app.command("demo")(demo.demo)
    app.command("up")(up.up)
    app.add_typer(produce.app, name="produce")
    app.command("tail")(tail.tail)
    app.command("run")(run.run)
    app.add_typer(topics.app, name="topics")
    app.command("topology")(topology.topology)
    app.add_typer(broker.app, name="broker")
    return typer.main.get_command(app)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        from newswire.cli.output import line

        try:
            line(version("newswire"))
        except PackageNotFoundError:
            line("unknown: this is a source tree that was not installed (`make setup` does that)")
        raise typer.Exit


def root(
    debug: Annotated[
        bool, typer.Option("--debug", help="Log everything, and show tracebacks of errors.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Ingest news on Kafka: raw articles in, schema-validated events out, exactly once.

    Data goes to standard output, progress and logs to standard error. Settings are environment variables: `newswire config show`.
    """
    if debug:
        # In the environment, so that child processes have it too.
        os.environ["NEWSWIRE_LOG_LEVEL"] = "debug"
    del version
