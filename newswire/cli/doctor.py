"""`newswire doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newswire.config import Settings
    from newswire.doctor.finding import Finding


def doctor(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="End transactions that a crash left open, as the broker's log says they were decided. Stop the stages first.",
        ),
    ] = False,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Look at this machine, the broker, the topics and the stages; say what is wrong, and what to do. Ends with 1 when something fails."""
    from dataclasses import asdict

    from newswire.cli.output import json_line, line
    from newswire.cli.safe import safe
    from newswire.cli.session import begin, find_broker

    settings = begin().kept_in(data_dir)
    if repair:
        from newswire.broker.k1 import check_and_repair

        check_and_repair(settings.connection(find_broker(bootstrap_servers, settings)))
    failed = False
    for finding in _findings(bootstrap_servers, settings):
        failed |= finding.level == "fail"
        if as_json:
            json_line(asdict(finding))
            continue
        line(f"{finding.level:<5} {finding.what:<17} {safe(finding.shown)}")
        if finding.todo:
            line(f"{'':<23} -> {finding.todo}")
    return 1 if failed else 0


def _findings(bootstrap_servers: str | None, settings: Settings) -> Iterator[Finding]:
    from newswire.broker.locate import locate
    from newswire.doctor.finding import warn
    from newswire.doctor.kafka import look_at_broker
    from newswire.doctor.machine import look_at_machine

    yield from look_at_machine(settings)
    found = locate(bootstrap_servers, settings.data_dir)
    if found is None:
        yield warn(
            "broker",
            "none runs on the data folder, and none is named",
            "`newswire up` or `newswire broker start`",
        )
    else:
        yield from look_at_broker(found.bootstrap, settings)
