"""A report as numbered sections of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text


class Page:
    """Prints on a console."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._number = 0

    def text(self, text: str, style: str = "") -> None:
        """Print a line."""
        self._screen.print(Text(text, style=style))

    def heading(self, title: str, below: str) -> None:
        """Begin a section; `below` says what it is about."""
        self._number += 1
        self._screen.print()
        self._screen.print(Text(f"{self._number}. {title}", style="bold"))
        self._screen.print(Text(f"   {below}", style="dim"))

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[str | Text]],
        *,
        right: Sequence[str] = (),
        whole: Sequence[str] = (),
        cut: str = "",
    ) -> None:
        """Print a table. `right`: columns of numbers; `whole`: columns that are not broken; `cut`: one that ends in … instead."""
        cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
        widths = [
            max(cell_len(column), *(row[at].cell_len for row in cells)) for at, column in enumerate(columns)
        ]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
        for at, column in enumerate(columns):
            table.add_column(
                column,
                justify="right" if column in right else "left",
                overflow="fold",
                width=widths[at] if column in (*right, *whole) else None,
            )
            if column == cut:
                room = self._screen.width - (sum(widths) - widths[at]) - 2 * len(columns)
                for row in cells:
                    row[at].truncate(room, overflow="ellipsis")
        for row in cells:
            table.add_row(*row)
        self._screen.print()
        self._screen.print(table)
