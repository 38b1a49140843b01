"""`newswire up`."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from newswire.cli import options

if TYPE_CHECKING:
    from rich.console import Console, Group

    from newswire.config import Settings
    from newswire.live import Lag, Pipeline

_SECONDS = 1.0


def up(
    brokers: options.Brokers = 1,
    data_dir: options.DataDir = None,
    port: options.Port = None,
    lane: options.Lane = None,
    bootstrap_servers: options.BootstrapServers = None,
    end_with: options.EndWith = None,
) -> int:
    """Run everything on this machine until Ctrl-C: a broker, the topics, all stages and the clock.

    A broker that runs already is used; otherwise one is started, in Docker where that answers, or embedded. A stage that ends is started
    again. What was started here is stopped at the end; the data stays.
    """
    import sys

    from newswire import process
    from newswire.cli.output import on_terminal
    from newswire.cli.session import begin, enter
    from newswire.errors import UsageError

    if brokers not in {1, 3}:
        raise UsageError(f"--brokers is 1 or 3, not {brokers}: two have no more safety than one")
    enter(lane)
    settings = begin()
    if end_with is not None:
        process.end_with(end_with)

    def pipeline(stderr: int | None, environment: dict[str, str]) -> Pipeline:
        from functools import partial

        from newswire.broker.locate import locate_or_start
        from newswire.live import Pipeline

        kept = settings.kept_in(data_dir)
        return Pipeline(
            partial(locate_or_start, bootstrap_servers, kept.data_dir, port=port, brokers=brokers),
            kept,
            stderr=stderr,
            environment=environment,
            say=_say,
        )

    if on_terminal(sys.stderr):
        with _log_pipe() as (write_end, lines):
            _on_terminal(pipeline(write_end, {"NEWSWIRE_LOG_FORMAT": "text"}), settings, lines)
    else:
        _plainly(pipeline(None, {}))
    return 0


def _say(text: str) -> None:
    from newswire.cli.output import note

    note(f"newswire: {text}")


def _plainly(pipeline: Pipeline) -> None:
    from newswire.cli.stopping import stopping

    with stopping() as stop, pipeline:
        _say("up; Ctrl-C or SIGTERM ends it")
        while not stop.is_set():
            pipeline.watch(stop, _SECONDS)
            _refuse_if_hopeless(pipeline)
        _say("stopping")
    _say("stopped")


def _on_terminal(pipeline: Pipeline, settings: Settings, lines: TextIO) -> None:
    from rich.live import Live

    from newswire.cli.logs import configure_logs
    from newswire.cli.output import console
    from newswire.cli.stopping import stopping

    screen = console(stderr=True)
    reader = threading.Thread(target=_print_lines, args=(lines, screen), daemon=True)
    reader.start()
    with stopping() as stop, pipeline:
        with Live(_status(pipeline, None), console=screen, auto_refresh=False) as live:
            # Live has replaced sys.stderr by one that prints above the table.
            configure_logs(settings)
            while not stop.is_set():
                pipeline.watch(stop, _SECONDS)
                _refuse_if_hopeless(pipeline)
                live.update(_status(pipeline, pipeline.lag()), refresh=True)
        configure_logs(settings)
        _say("stopping: each stage finishes what it has begun")
    _say("stopped")


def _refuse_if_hopeless(pipeline: Pipeline) -> None:
    from newswire.errors import StageStoppedError

    states = pipeline.states()
    if set(states.values()) == {"given up"}:
        raise StageStoppedError(
            "every stage has stopped on purpose, see the log lines above: does `newswire up` run in another terminal already?"
        )


def _status(pipeline: Pipeline, lag: Lag | None) -> Group:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD,
        title=f"Kafka at {pipeline.broker.bootstrap} ({pipeline.broker.source})",
        title_justify="left",
    )
    for column in ("stage", "pid", "state"):
        table.add_column(column)
    table.add_column("waiting", justify="right")
    pids = pipeline.supervisor.pids()
    for part, state in pipeline.states().items():
        waiting = "" if part == "clock" else "?" if lag is None else f"{lag[part]:,}"
        style = {"runs": "green", "starts again": "yellow", "given up": "red"}[state]
        table.add_row(part, str(pids.get(part, "")), Text(state, style=style), waiting)
    return Group(
        table,
        Text("Ctrl-C ends it. In another terminal: newswire produce files PATH…, newswire tail articles"),
    )


@contextmanager
def _log_pipe() -> Iterator[tuple[int, TextIO]]:
    """Give a pipe for the stages' log lines: written straight to the terminal they would tear the table."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, encoding="utf-8", errors="replace") as lines:
        try:
            yield write_end, lines
        finally:
            os.close(write_end)


def _print_lines(lines: TextIO, screen: Console) -> None:
    for line in lines:
        screen.print(line.rstrip("\n"), soft_wrap=True)
