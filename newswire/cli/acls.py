"""`newswire acls`."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli import options


def acls(
    principal: Annotated[
        str | None,
        typer.Option("--principal", metavar="NAME", help="Only what this one may do.", show_default=False),
    ] = None,
    commands: Annotated[
        bool, typer.Option("--commands", help="As commands for Kafka's own kafka-acls.sh.")
    ] = False,
    pattern: Annotated[
        str,
        typer.Option(
            "--principals", metavar="PATTERN", help="What Kafka calls them; {name} is our name for one."
        ),
    ] = "User:{name}",
    as_json: options.AsJson = False,
) -> int:
    """Show what each stage, source, subscriber and operator must be allowed in Kafka, and nothing else (docs/acls.md)."""
    from dataclasses import asdict

    from newswire.acls import commands as commands_for
    from newswire.acls import grants, principals
    from newswire.cli.output import json_line, line, table
    from newswire.cli.session import begin
    from newswire.errors import UsageError

    settings = begin()
    names = [who.name for who in principals()]
    if principal is not None and principal not in names:
        raise UsageError(f"no principal is called {principal!r}; there are: {', '.join(names)}")
    if "{name}" not in pattern:
        raise UsageError("--principals needs {name} in it: they must not all be the same one")
    every = grants(settings.namespace, settings.lane)
    rules = [rule for rule in every if principal in (None, rule.principal)]
    if commands:
        for command in commands_for(rules, pattern):
            line(command)
    elif as_json:
        for rule in rules:
            json_line(asdict(rule) | {"kafka_principal": pattern.replace("{name}", rule.principal)})
    else:
        table(
            ("principal", "may", "on", "", "for"),
            [
                (
                    pattern.replace("{name}", rule.principal),
                    ", ".join(rule.operations),
                    rule.resource,
                    rule.name + ("*" if rule.prefixed else ""),
                    rule.why,
                )
                for rule in rules
            ],
        )
    return 0
