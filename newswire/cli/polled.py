"""What the commands have in common that poll a list of sources: `newswire produce feeds` and its like."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rich.table import Table


_LARGEST_LIST: Final = 64 * 1024 * 1024
_ROWS: Final = 25
"""Of the table on a terminal: those at work, then those that were last."""
_COLUMNS: Final = ("source", "fetched", "new", "known", "failed", "next poll")


def run(
    kind: str,
    listed_as: str,
    *,
    once: bool,
    now: bool = False,
    sources: Path | None,
    lane: str | None,
    data_dir: Path | None,
    bootstrap_servers: str | None,
) -> int:
    """Poll the sources of a kind until asked to stop, or with `once` what is due; return the exit status."""
    from newswire import metrics
    from newswire.cli.output import note
    from newswire.cli.producing import producing
    from newswire.cli.relisting import PolledList
    from newswire.cli.session import begin, enter
    from newswire.errors import BadInputError
    from newswire.source import Report, SourceLoop
    from newswire.sources import room, source_class

    enter(lane)
    settings = begin().kept_in(data_dir)
    polled = PolledList(sources or settings.sources, listed_as)
    client = room("fetch.configured").client(settings, body_bytes=_LARGEST_LIST)
    if settings.metrics_port:
        metrics.serve(settings.metrics_port, settings.metrics_host)
    with producing(kind, settings, bootstrap_servers) as on:
        hints = None
        try:
            if kind == "feeds" and settings.websub_url and not once:
                hints = room("websub").WebSubHints(
                    on.kept.state,
                    client,
                    [source.name for source in polled.polled],
                    url=settings.websub_url,
                    host=settings.websub_host,
                    port=settings.websub_port,
                )
            report = Report()
            while True:
                with polled.followed(on.stop) if not once else nullcontext(on.stop) as stop:
                    source = source_class(kind)(
                        polled.polled,
                        client,
                        on.kept.state,
                        stop=stop,
                        once=once,
                        at_once=now,
                        threads=settings.fetch_threads,
                        hints=hints,
                        paused=polled.paused,
                    )
                    with _shown(source.progress) as on_receipt:
                        loop = SourceLoop(source, on.log, on.kept.writer, kept=on.kept, on_receipt=on_receipt)
                        report += loop.run()
                if once or on.stop.is_set():
                    break
                now = False  # what the list says now is asked for in its turn
                if hints is not None:
                    hints.keep_only([source.name for source in polled.polled])
            waiting = room("polling").waiting(on.kept.state)
        finally:
            if hints is not None:
                hints.close()
    interrupted = on.stop.is_set() and once
    failed = sum(
        1 for progress in source.progress.values() if progress.failure is not None and progress.asked
    )
    lacking = sum(progress.lacking for progress in source.progress.values())
    if once:
        _summary(source.progress)
    unreadable = report.unreadable.total()
    note(
        f"newswire: {report.published:,} published"
        + (f", {waiting:,} wait for their page" if waiting else "")
        + (f", {unreadable:,} could not be read" if unreadable else "")
        + (f", {failed:,} of {len(polled.polled):,} sources failed" if failed else "")
        + (f", {lacking:,} parts of sources failed" if lacking else "")
    )
    if interrupted:
        raise KeyboardInterrupt
    return BadInputError.exit_code if once and (failed or lacking or unreadable) else 0


@contextmanager
def _shown(progress: Mapping[str, Any]) -> Iterator[Any]:
    """Show what goes on while the block runs: a table on a terminal, receipts in a pipe. Gives what is to be told of receipts."""
    from newswire.cli.output import console, on_terminal
    from newswire.cli.receipts import Receipts

    if not on_terminal():
        yield Receipts()
        return
    from rich.live import Live

    from newswire.cli.logs import to_present_stderr

    # What is written to standard error on the same terminal goes above the table; where it goes into a file it stays there.
    with (
        Live(
            get_renderable=lambda: _table(progress),
            console=console(),
            refresh_per_second=4,
            transient=True,
            redirect_stderr=on_terminal(sys.stderr),
        ),
        to_present_stderr(),
    ):
        yield _told


def _told(receipt: Any) -> None:
    """Name what could not be read; what was published is in the table."""
    from newswire.capture import Unreadable
    from newswire.cli.output import note
    from newswire.cli.safe import safe

    if isinstance(receipt.what, Unreadable):
        note(f"newswire: {safe(receipt.what.what)}: {safe(receipt.what.detail)} [{receipt.what.reason}]")


def _table(progress: Mapping[str, Any]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from newswire.cli.safe import safe

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (*_COLUMNS, ""):
        drawn.add_column(column, justify="right" if column in _COLUMNS[1:5] else "left", overflow="fold")
    rows = sorted(
        progress.items(), key=lambda pair: (not pair[1].doing, -pair[1].asked, pair[1].next_at or 0)
    )
    for name, at in rows[:_ROWS]:
        drawn.add_row(*(Text(safe(cell)) for cell in (*_row(name, at), at.doing or _why(at) or "")))
    if len(rows) > _ROWS:
        drawn.add_row(Text(f"and {len(rows) - _ROWS:,} more"))
    return drawn


def _row(name: str, at: Any) -> tuple[str, ...]:
    new = at.counts["new"] + at.counts["changed"]
    known = at.counts["known"] + at.counts["elsewhere"] + at.counts["told"]
    return (name, f"{at.asked:,}", f"{new:,}", f"{known:,}", f"{at.counts['failed']:,}", _when(at))


def _why(at: Any) -> str | None:
    why: str | None = at.failure or at.remark
    return why


def _when(at: Any) -> str:
    if at.next_at is None:
        return "never"
    left = at.next_at - time.time()
    if left <= 0:
        return "now"
    return f"in {left / 60:,.0f} min" if left < 2 * 3600 else f"in {left / 3600:,.0f} h"


def _summary(progress: Mapping[str, Any]) -> None:
    """Write what came of each source, to standard error: standard output is for receipts."""
    from newswire.cli.output import note, on_terminal, table
    from newswire.cli.safe import safe

    if on_terminal():
        table(
            (*_COLUMNS, "failure"),
            [(*_row(name, at), _why(at)) for name, at in progress.items()],
            right=_COLUMNS[1:5],
        )
        return
    for name, at in progress.items():
        _, fetched, new, known, failed, then = _row(name, at)
        why = f" ({safe(reason)})" if (reason := _why(at)) else ""
        note(
            f"newswire: {safe(name)}: fetched {fetched}, new {new}, known {known}, failed {failed}{why}, next poll {then}"
        )
