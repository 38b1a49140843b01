"""`newswire status`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newswire.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import RenderableType

    from newswire.config import Settings
    from newswire.log.kafka import KafkaLog
    from newswire.readers import Reader

_SECONDS: Final = 2.0
_WORDS: Final = {
    "idle": ("up to date", "green"),
    "works": ("works", "green"),
    "slow": ("waits", "yellow"),
    "stands": ("stands still", "red"),
    "nobody": ("nobody reads", "red"),
}
_COLUMNS: Final = ("reader", "reads", "state", "waiting", "oldest", "taken", "processes")


def status(
    watch: Annotated[
        bool,
        typer.Option("--watch", "-w", help="Go on looking, until Ctrl-C."),
    ] = False,
    data_dir: options.DataDir = None,
    bootstrap_servers: options.BootstrapServers = None,
    as_json: options.AsJson = False,
) -> int:
    """Show who reads what: each stage and subscriber, what waits for it, since when, and whether it goes on.

    Ends with 1 when records wait for a stage and nobody takes them; `newswire doctor` says more of why. A stage of this machine that
    ended after an error is named with what it said. Subscribers are groups of consumers; of them events are counted, of stages all
    records. `taken` counts offsets between two looks, two seconds apart.
    """
    from newswire.cli.session import begin, connected

    settings = begin().kept_in(data_dir)
    with connected(bootstrap_servers, settings) as log:
        if watch:
            _watch(log, settings, as_json=as_json)
            return 0
        rows = _rows(log)
        _print(rows, settings, as_json=as_json)
    return 1 if any(row["is_stage"] and row["state"] in ("stands", "nobody") for row in rows) else 0


def _rows(log: KafkaLog) -> list[dict[str, Any]]:
    from datetime import UTC, datetime

    from newswire.readers import Readers

    readers = Readers(log)
    found = [*readers.stages(), *readers.subscribers()]
    now = datetime.now(UTC)
    return [_row(reader, now) for reader in found]


def _row(reader: Reader, now: datetime) -> dict[str, Any]:
    return {
        "reader": reader.stage or reader.group,
        "is_stage": reader.stage is not None,
        "topic": reader.topic,
        "state": reader.state(now),
        "waiting": reader.waiting,
        "oldest": reader.oldest,
        "waits_seconds": None if reader.oldest is None else round((now - reader.oldest).total_seconds(), 1),
        "taken": reader.taken,
        "read_by": dict(sorted(reader.members.items())),
    }


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    from newswire.readers import span
    from newswire.topology import group, short_name, topic

    slots = f"{group(row['reader'])}."
    by = [f"{name.replace(slots, 'slot ', 1)} on {host}" for name, host in row["read_by"].items()]
    return (
        row["reader"],
        short_name(topic(row["topic"])),
        _WORDS[row["state"]][0],
        f"{row['waiting']:,}",
        "" if row["oldest"] is None else f"{span(row['waits_seconds'])} ago",
        f"{row['taken']:,}" if row["taken"] else "",
        ", ".join(by[:2]) + (f" and {len(by) - 2} more" if len(by) > 2 else ""),
    )


def _ended(settings: Settings) -> list[str]:
    from newswire.cli.safe import safe
    from newswire.ended import ends, running
    from newswire.live import PARTS

    runs = {part: running(settings.stages_dir, part) for part in PARTS}
    return [
        f"{part} (slot {slot}) ended at {end.at} with {end.exit_code}: {safe(end.error)}"
        for part, slot, end in ends(settings.stages_dir, runs)
    ]


def _print(rows: Sequence[dict[str, Any]], settings: Settings, *, as_json: bool) -> None:
    from newswire.cli.output import json_line, line, table

    if as_json:
        for row in rows:
            json_line(row)
        return
    table(_COLUMNS, [_cells(row) for row in rows], right=("waiting", "taken"))
    for text in _ended(settings):
        line(text)


def _watch(log: KafkaLog, settings: Settings, *, as_json: bool) -> None:
    from newswire.cli.output import console, on_terminal
    from newswire.cli.stopping import stopping

    with stopping() as stop:
        if as_json or not on_terminal():
            while not stop.is_set():
                _print(_rows(log), settings, as_json=as_json)
                stop.wait(_SECONDS)
            return
        from rich.live import Live

        with Live(console=console(), auto_refresh=False, screen=True) as live:
            while not stop.is_set():
                live.update(_screen(log, settings), refresh=True)
                stop.wait(_SECONDS)


def _screen(log: KafkaLog, settings: Settings) -> RenderableType:
    """Return what the screen shows; a broker that goes away is no reason to stop looking."""
    from rich.text import Text

    from newswire.errors import BrokerError
    from newswire.log.client import KafkaError

    try:
        return _drawn(_rows(log), _ended(settings))
    except (BrokerError, KafkaError) as error:
        log.close()
        return Text(f"the broker does not tell: {error}\nCtrl-C ends it.", style="red")


def _drawn(rows: Sequence[dict[str, Any]], ended: Sequence[str]) -> RenderableType:
    from datetime import UTC, datetime

    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from newswire.cli.safe import safe

    drawn = Table(box=box.SIMPLE_HEAD, title=f"{datetime.now(UTC):%H:%M:%S} UTC", title_justify="left")
    for column in _COLUMNS:
        drawn.add_column(
            column, justify="right" if column in ("waiting", "taken") else "left", overflow="fold"
        )
    for row in rows:
        cells = [Text(safe(str(cell))) for cell in _cells(row)]
        cells[2].stylize(_WORDS[row["state"]][1])
        drawn.add_row(*cells)
    return Group(drawn, *(Text(text, style="red") for text in ended), Text("Ctrl-C ends it."))
