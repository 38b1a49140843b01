"""`newswire replay`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newswire import topology
from newswire.cli import options
from newswire.cli.group import group

if TYPE_CHECKING:
    from newswire.log.kafka import KafkaLog
    from newswire.replay.compare import Report
    from newswire.replay.control import Plan

app = group("Run a stage's present code again over what is kept, and look before anything changes.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The replay's name.", show_default=False)]
Through = Annotated[
    str | None,
    typer.Option(
        "--through", metavar="STAGE", help="Also all stages from there to this one.", show_default=False
    ),
]
NewName = Annotated[
    str | None,
    typer.Option(
        "--name", metavar="NAME", help="What to call it. Default: the stage and the time.", show_default=False
    ),
]
Offsets = Annotated[
    list[str] | None,
    typer.Option(
        "--from-offset",
        metavar="P:O",
        help="From this offset of a partition of the stage's input; may be repeated. Other partitions: from their first record.",
        show_default=False,
    ),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only from this source.", show_default=False)
]
ArticleId = Annotated[
    str | None, typer.Option("--id", metavar="ARTICLE_ID", help="Only this article.", show_default=False)
]
Url = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", help="Only what was captured from this address.", show_default=False
    ),
]


def _command(stage: str) -> Callable[..., int]:
    def replay(
        through: Through = None,
        name: NewName = None,
        from_offset: Offsets = None,
        since: options.Since = None,
        until: options.Until = None,
        source: Source = None,
        article_id: ArticleId = None,
        url: Url = None,
        bootstrap_servers: options.BootstrapServers = None,
        as_json: options.AsJson = False,
    ) -> int:
        from newswire.replay.selection import Selection, parse_offsets

        selection = Selection(
            offsets=parse_offsets(from_offset or []),
            since_ms=_milliseconds(since),
            until_ms=_milliseconds(until),
            source=source,
            article_id=article_id,
            url=url,
        )
        return _run(stage, through, name, selection, bootstrap_servers, as_json)

    replay.__doc__ = f"""Run `{stage}` again over its input, onto side topics, and report what differs from the live ones.

    Nothing live changes. Withdrawals are replayed whatever is selected; a stage with state reads all of its input.
    """
    return replay


for _stage in topology.STAGES:
    app.command(_stage.name)(_command(_stage.name))


def _run(
    stage: str, through: str | None, name: str | None, selection: Any, servers: str | None, as_json: bool
) -> int:
    from datetime import UTC, datetime

    from newswire.cli.output import note
    from newswire.errors import UsageError
    from newswire.replay.run import run
    from newswire.stage.runner import load_handler

    order = [known.name for known in topology.STAGES]
    last = through or stage
    if last not in order or order.index(last) < order.index(stage):
        raise UsageError(f"--through {last}: name a stage behind {stage}: {', '.join(order)}")
    chain = order[order.index(stage) : order.index(last) + 1]
    called = name or f"{stage}-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    with _log(servers) as log:
        plan = run(
            log, called, chain, selection, load=load_handler, say=lambda said: note(f"newswire: {said}")
        )
        if not plan.whole:
            note(
                "newswire: the first records of the input are no longer kept: what state they had made is missing from this replay"
            )
        return _report(log, plan, as_json)


@app.command()
def diff(
    name: Name, bootstrap_servers: options.BootstrapServers = None, as_json: options.AsJson = False
) -> int:
    """Compare a replay with the live topics again: what is the same, what changed in which fields, what only one side has."""
    from newswire.replay import control

    with _log(bootstrap_servers) as log:
        return _report(log, control.get(log, name), as_json)


@app.command()
def swap(
    name: Name, bootstrap_servers: options.BootstrapServers = None, as_json: options.AsJson = False
) -> int:
    """Write what changed to the live topic, as the newer state of each article. Only after a diff; may be run again after a failure.

    Ends with 3 when articles were left alone because the live topic has news of them since the diff.
    """
    from dataclasses import asdict

    from newswire.cli.output import json_line, line, note
    from newswire.errors import BadInputError
    from newswire.replay import control
    from newswire.replay.swap import swap as write

    with _log(bootstrap_servers) as log:
        done = write(log, control.get(log, name))
    if as_json:
        json_line(asdict(done))
    else:
        line(
            f"{done.written:,} written, {done.before:,} written before, {done.same:,} the same, {done.withdrawn:,} withdrawn, "
            f"{done.superseded:,} superseded, {done.moved:,} changed since the diff"
        )
    if done.moved:
        note(
            f"newswire: {done.moved:,} articles have news since the diff: replay and compare again for those"
        )
    return BadInputError.exit_code if done.moved else 0


@app.command("list")
def list_replays(bootstrap_servers: options.BootstrapServers = None, as_json: options.AsJson = False) -> int:
    """List the replays whose side topics there are."""
    from newswire.cli.output import json_line, table
    from newswire.replay import control

    with _log(bootstrap_servers) as log:
        found = control.every(log)
    if as_json:
        for name, plan in found:
            json_line({"name": name, **(plan.to_data() if plan else {"done": False})})
        return 0
    table(
        ("replay", "stages", "state"),
        [(name, " ".join(plan.stages) if plan else "", _state(plan)) for name, plan in found],
    )
    return 0


@app.command()
def drop(name: Name, bootstrap_servers: options.BootstrapServers = None) -> int:
    """Delete a replay's side topics. What was swapped in stays."""
    from newswire.cli.output import note
    from newswire.errors import UsageError
    from newswire.replay import names

    with _log(bootstrap_servers) as log:
        before = names.lane(name)
        topics = [topic for topic in log.topics() if topic.startswith(before)]
        if not topics:
            raise UsageError(f"there is no replay {name}: `newswire replay list` shows those there are")
        log.delete(topics)
    note(f"newswire: {len(topics)} side topics of {name} deleted")
    return 0


def _log(servers: str | None) -> Any:
    from newswire.cli.session import begin, connected

    return connected(servers, begin())


def _milliseconds(given: str | None) -> int | None:
    moment = options.instant(given)
    return None if moment is None else round(moment.timestamp() * 1000)


def _state(plan: Plan | None) -> str:
    if plan is None or not plan.done:
        return "interrupted"
    if plan.swapped:
        return f"{plan.swapped:,} events swapped in"
    return "compared" if plan.compared else "run"


def _report(log: KafkaLog, plan: Plan, as_json: bool) -> int:
    from dataclasses import replace

    from newswire.replay import control
    from newswire.replay.compare import compare
    from newswire.replay.swap import refusal

    report = compare(log, plan)
    compared = replace(plan, compared=report.live_ends)
    writer = log.writer(f"newswire.replay.{plan.name}")
    control.note(writer, compared)
    writer.close()
    why = refusal(compared)
    if as_json:
        _print_json(report, compared, why)
    else:
        _print(report, why)
    return 0


def _print_json(report: Report, plan: Plan, why: str | None) -> None:
    from dataclasses import asdict

    from newswire.cli.output import json_line

    json_line(
        {
            "name": report.name,
            "stages": plan.stages,
            "whole": plan.whole,
            "events": [asdict(diff) | {"fields": dict(diff.fields)} for diff in report.events],
            "swap": why or "possible",
        }
    )


def _print(report: Report, why: str | None) -> None:
    from newswire.cli.output import line, note, table
    from newswire.cli.safe import safe

    heads = ("same", "changed", "only live", "only replay")
    rows = [(diff.event, diff.same, diff.changed, diff.only_live, diff.only_side) for diff in report.events]
    table(("event", *heads), rows, right=heads)
    for diff in report.events:
        for name, count in diff.fields.most_common():
            line(f"\n{diff.event}.{safe(name)}: {count:,} changed")
            for example in diff.examples:
                if example.field == name:
                    line(f"  {safe(example.key)}: {safe(example.before)} → {safe(example.after)}")
    note(f"newswire: {_what_next(report, why)}")


def _what_next(report: Report, why: str | None) -> str:
    """Say what can be done with a replay; `why` is why it cannot be swapped in."""
    drop = f"`newswire replay drop {report.name}` deletes its side topics"
    if not any(diff.changed or diff.only_side or diff.only_live for diff in report.events):
        return f"nothing live has changed, and nothing differs: there is nothing to swap in; {drop}"
    if why is not None:
        return f"nothing live has changed; it cannot be swapped in: {why}"
    return f"nothing live has changed; `newswire replay swap {report.name}` writes what changed, {drop}"
