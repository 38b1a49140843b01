"""`newswire topics`."""

from __future__ import annotations

import typer

from newswire.cli import options
from newswire.cli.group import group

app = group(runs_alone=True)


@app.callback()
def topics(context: typer.Context) -> int:
    """List the topics, how much is on them and how far behind their readers are; `create` makes them."""
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
