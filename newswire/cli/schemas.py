"""`newswire schemas`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newswire.cli import options
from newswire.cli.group import group

app = group("The contract: what each event looks like.")


@app.command("list")
def list_schemas(as_json: options.AsJson = False) -> int:
    """List the events: version, topic, and what each is."""
    from dataclasses import asdict

    from newswire.cli.output import json_line, table
    from newswire.contracts.listing import listing

    found = listing()
    if as_json:
        for event in found:
            json_line(asdict(event))
    else:
        table(
            ("event", "version", "topic", "fields", "what it is"),
            [
                (event.event, event.version, event.topic or "(none of its own)", event.fields, event.means)
                for event in found
            ],
            right=("version", "fields"),
        )
    return 0


@app.command()
def show(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="As `list` names it.", show_default=False)],
    example: Annotated[bool, typer.Option("--example", help="An example instead of the schema.")] = False,
) -> int:
    """Print the JSON Schema of an event, as it is published."""
    import importlib.resources

    import schemas
    from newswire.cli.output import write
    from newswire.errors import UsageError

    try:
        schemas.version(event)
    except ValueError as error:
        raise UsageError(str(error)) from None
    folder = importlib.resources.files(f"schemas.{event}")
    name = "examples/full.json" if example else "schema.json"
    write(folder.joinpath(name).read_bytes())
    return 0


@app.command()
def check() -> int:
    """Check that the contract is in order, and that nothing breaks the subscribers of the last release. Ends with 5 otherwise."""
    from newswire.cli.output import line
    from newswire.contracts.check import check as in_order

    line(in_order())
    return 0


@app.command()
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the files go; it is made.", show_default=False)
    ],
) -> int:
    """Write all schemas, the AsyncAPI document and an index, for subscribers in other languages."""
    from newswire.cli.output import line
    from newswire.contracts.export import export as write_files

    for path in write_files(folder):
        line(str(path))
    return 0


@app.command()
def release(
    name: Annotated[str, typer.Argument(metavar="VERSION", help="For example 0.1.0.", show_default=False)],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Forget the last release: for contracts that nobody has read yet."),
    ] = False,
) -> int:
    """Keep the schemas of this tree as a release, which later changes may not break. Refused when it breaks the last one."""
    from newswire.cli.output import line
    from newswire.errors import ContractError
    from schemas.release import release as keep

    try:
        written = keep(name, replace=replace)
    except ValueError as error:
        raise ContractError(str(error)) from None
    for path in written:
        line(f"schemas/released/{path}")
    return 0
