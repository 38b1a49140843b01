"""All commands in the order in which `newswire --help` shows them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newswire.cli import (
    acls,
    broker,
    config,
    demo,
    diff,
    doctor,
    explain,
    explain_duplicate,
    export,
    find,
    ledger,
    produce,
    purge,
    rejected,
    replay,
    run,
    schemas,
    sources,
    status,
    tail,
    topics,
    topology,
    trace,
    up,
)
from newswire.cli.group import group

if TYPE_CHECKING:
    from typer._click import Command


_COMMANDS: Final[Mapping[str, tuple[Callable[..., int] | typer.Typer, str]]] = {
    "demo": (demo.demo, "run the whole pipeline on the seeds, and show what came out"),
    "up": (up.up, "run broker and stages until Ctrl-C"),
    "produce": (produce.app, "publish raw articles"),
    "status": (status.status, "show each stage and subscriber: what waits, since when, and who reads"),
    "sources": (sources.app, "list, find, import and check feeds and sitemaps"),
    "explain": (explain.explain, "show what is read out of a page, field by field, and why"),
    "tail": (tail.tail, "follow a topic"),
    "trace": (trace.trace, "tell one record's way through every stage"),
    "diff": (diff.diff, "show what changed from one revision of an article to the next"),
    "explain-duplicate": (
        explain_duplicate.explain_duplicate,
        "show whether one article is a copy of another, and why",
    ),
    "find": (find.find, "find where a text stands, word for word"),
    "ledger": (ledger.ledger, "count what went in and what became of it"),
    "rejected": (rejected.app, "list, show, retry and export dead letters"),
    "export": (export.app, "write out what was captured, as a web archive"),
    "replay": (replay.app, "run a stage again beside the live topics, compare, swap"),
    "purge": (purge.app, "take out what must go, and prove it"),
    "run": (run.run, "run single stages, or the clock"),
    "topics": (topics.app, "list, create or mend the topics"),
    "topology": (topology.topology, "show what each stage reads and writes"),
    "acls": (acls.acls, "show what each part must be allowed in Kafka"),
    "schemas": (schemas.app, "list, show, check, export or release the contract"),
    "broker": (broker.app, "start or stop a broker, or see where it is"),
    "doctor": (doctor.doctor, "look for what is wrong, and say what to do"),
    "config": (config.app, "show the settings"),
}
"""Name -> what it does, and its line in `newswire --help`, which shows them in this order."""


def command() -> Command:
    """Return the whole command line."""
    app = group()
    app.callback()(root)
    for name, (what, short) in _COMMANDS.items():
        if isinstance(what, typer.Typer):
            app.add_typer(what, name=name, short_help=short)
        else:
            app.command(name, short_help=short)(what)
    made: Any = typer.main.get_command(app)  # Any: typer does not say that it is a group
    # Typer lists groups after the rest, in whatever order they were added.
    made.commands = {name: made.commands[name] for name in _COMMANDS}
    whole: Command = made
    return whole


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
