"""`newswire topics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli import options
from newswire.cli.group import group

if TYPE_CHECKING:
    from newswire.topics import Flaw

app = group(runs_alone=True)


@app.callback()
def topics(context: typer.Context) -> int:
    """List the topics, how much is on them and how far behind their readers are; `create` makes them, `mend` sets what was changed."""
    # Without options: those of `list` here too would make the help of both slow.
    return list_topics() if context.invoked_subcommand is None else 0


@app.command("list")
def list_topics(bootstrap_servers: options.BootstrapServers = None, as_json: options.AsJson = False) -> int:
    """List the topics: event, partitions, offsets in use, and for each stage that reads it how many records wait for it."""
    from newswire import topology
    from newswire.cli.output import json_line, note, table
    from newswire.cli.session import begin, connected
    from newswire.lag import LagMeter
    from newswire.topics import specs

    rows: list[dict[str, object]] = []
    with connected(bootstrap_servers, begin()) as log:
        there = log.topics()
        meter = LagMeter(log)
        events = {topic.name: topic for topic in topology.TOPICS}
        missing = 0
        for spec in specs():
            topic = events.get(spec.name)
            row: dict[str, object] = {
                "topic": spec.name,
                "event": topic.event if topic else None,
                "partitions": there.get(spec.name, 0),
            }
            if spec.name not in there:
                missing += 1
                rows.append({**row, "holds": "(not created yet)"})
                continue
            first, last = log.first_offsets(spec.name), log.end_offsets(spec.name)
            rows.append(
                row
                | {
                    "offsets": sum(last[at] - first[at] for at in last),
                    "waiting": {
                        stage.name: meter.lag(stage.name)
                        for stage in topology.STAGES
                        if topic and stage.reads == topic.event
                    },
                    "holds": topic.holds if topic else "state, to rebuild it from",
                }
            )
    if as_json:
        for row in rows:
            json_line(row)
    else:
        table(
            ("topic", "event", "partitions", "offsets", "waiting", "holds"),
            [
                (
                    row["topic"],
                    row["event"],
                    row["partitions"],
                    row.get("offsets", ""),
                    ", ".join(f"{stage} {lag:,}" for stage, lag in _waiting(row).items()),
                    row["holds"],
                )
                for row in rows
            ],
            right=("partitions", "offsets"),
        )
    if missing:
        note(f"newswire: {missing} topics are not there: `newswire topics create` makes them")
    return 0


def _waiting(row: dict[str, object]) -> dict[str, int]:
    waiting = row.get("waiting")
    return waiting if isinstance(waiting, dict) else {}


@app.command()
def create(bootstrap_servers: options.BootstrapServers = None) -> int:
    """Create the topics that are missing, and print their names. Those that exist stay as they are."""
    from newswire.cli.output import line, note
    from newswire.cli.session import begin, connected
    from newswire.topics import specs

    settings = begin()
    with connected(bootstrap_servers, settings) as log:
        made = log.create(specs(settings.partitions, settings.retention_days))
    for name in made:
        line(name)
    note(f"newswire: {len(made)} topics made" if made else "newswire: all topics are there")
    return 0


@app.command()
def mend(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be set, and set nothing.")
    ] = False,
    bootstrap_servers: options.BootstrapServers = None,
) -> int:
    """Set what stages refuse to start without: settings of topics that somebody has changed. Prints each, with what was wrong.

    The others stay as they are. Ends with 1 when something is left that is no setting of a topic: `newswire doctor` tells it. Whoever
    calls this must be allowed AlterConfigs on the topics.
    """
    from newswire import topology
    from newswire.cli.output import line, note
    from newswire.cli.session import begin, connected
    from newswire.topics import flaws, specs

    settings = begin()
    with connected(bootstrap_servers, settings) as log:
        there = log.topics()
        wanted = [spec for spec in specs(settings.partitions, settings.retention_days) if spec.name in there]
        names = [spec.name for spec in wanted]

        def severe() -> list[Flaw]:
            found = flaws(
                wanted,
                log.configs(names),
                replicas=log.replicas(names),
                brokers=log.brokers(),
                limits=log.connection.limits,
                source=topology.topic("raw").name,
            )
            return [flaw for flaw in found if flaw.severe]

        before = severe()
        set_to = {flaw.mend[:2]: flaw.mend[2] for flaw in before if flaw.mend is not None}
        for flaw in before:
            line(f"{flaw.shown} -> {flaw.todo}")
        if not dry_run:
            for (topic, name), value in set_to.items():
                log.configure(topic, name, value)
        left = [flaw for flaw in before if flaw.mend is None] if dry_run else severe()
    note(
        f"newswire: {len(set_to)} settings {'would be' if dry_run else 'were'} set"
        + (f", {len(left)} faults are left: `newswire doctor` tells them" if left else "")
    )
    return 1 if left else 0
