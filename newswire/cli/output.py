"""Standard output and standard error: tables and JSON lines, readable on a terminal, plain in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from newswire.cli.ending import ReaderGoneError
from newswire.cli.safe import safe

if TYPE_CHECKING:
    from rich.console import Console

_LOT: Final = 500
"""Rows of a table that are held at once."""
_WIDEST: Final = 160
"""Columns to which what stands beneath a longer cell is filled up, in a pipe."""


def on_terminal(stream: IO[Any] | None = None) -> bool:
    """Return whether a stream (default: standard output) is a terminal that can be written over."""
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def console(*, stderr: bool = False) -> Console:
    """Return a rich console. It honours NO_COLOR and takes nothing in the text for markup or emoji."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def report(draw: Callable[[Console], None], width: int) -> None:
    """Write what `draw` draws, at most `width` columns wide; in a pipe without colours and without blanks at the ends of lines."""
    screen = console()
    if on_terminal():
        screen.width = min(screen.width, width)
        draw(screen)
        return
    screen.width = width
    with screen.capture() as drawn:
        draw(screen)
    for text in drawn.get().splitlines():
        line(text.rstrip())


def write(data: bytes) -> None:
    """Write bytes to standard output and flush them. Raises ReaderGoneError when nobody reads any more."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise ReaderGoneError from None


def line(text: str) -> None:
    """Write a line to standard output. Raises ReaderGoneError when nobody reads any more."""
    write(text.encode(errors="replace") + b"\n")


def json_line(data: Mapping[str, Any] | Sequence[Any]) -> None:
    """Write one JSON object on one line."""
    import orjson

    write(orjson.dumps(data, default=str) + b"\n")


def note(text: str) -> None:
    """Write a line of progress to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the one place


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Write a table: drawn on a terminal, in a pipe columns with two spaces between them. `right` names columns of numbers.

    Rows are taken and written in lots, so that any number of them needs bounded memory: columns are as wide as the rows so far need, within
    bounds, and on a terminal each lot has the heads again.
    """
    widths = [len(column) for column in columns]
    for number, lot in enumerate(_lots(rows)):
        cells = [["" if cell is None else safe(cell) for cell in row] for row in lot]
        if on_terminal():
            _draw(columns, cells, right)
            continue
        for row in cells:
            widths = [max(width, min(len(cell), _WIDEST)) for width, cell in zip(widths, row, strict=True)]
        for row in [list(columns), *cells] if number == 0 else cells:
            line(
                "  ".join(
                    cell.rjust(width) if column in right else cell.ljust(width)
                    for cell, width, column in zip(row, widths, columns, strict=True)
                ).rstrip()
            )


def _lots(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """Yield all rows in lots of at most `_LOT`; one empty lot where there are none."""
    left = iter(rows)
    lot = list(islice(left, _LOT))
    yield lot
    while lot := list(islice(left, _LOT)):
        yield lot


def _draw(columns: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[str]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(cell) for cell in row))
    console().print(drawn)
