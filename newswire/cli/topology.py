"""`newswire topology`."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli import options


def topology(
    markdown: Annotated[bool, typer.Option("--markdown", help="As the table in the README.")] = False,
    as_json: options.AsJson = False,
) -> int:
    """Show the flow: what each stage reads, does and writes."""
    from newswire.cli.output import json_line, line, table
    from newswire.flow import flow_rows, flow_table

    if markdown:
        line(flow_table())
    elif as_json:
        for row in flow_rows():
            json_line(row)
    else:
        table(
            ("stage", "reads", "does", "writes", "state"),
            [
                (row["stage"], row["reads"], row["does"], ", ".join(row["writes"]), row["state"])
                for row in flow_rows()
            ],
        )
    return 0
