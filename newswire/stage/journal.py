"""Remembers on disk what a stage was working on, so that a record that kills the process does not kill it for ever.

Errors in a handler are caught and become dead letters. What cannot be caught (a crash of the interpreter, the kernel's out-of-memory
killer, the watchdog) leaves this note behind. After `PATIENCE` such ends over the same place the stage goes on one record at a time, and a
record that then ends it `PATIENCE` times more becomes a dead letter without being tried again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from newswire.log.contract import Record

PATIENCE: Final = 3


class Journal:
    """The note of one slot. It survives the process, not the machine: nothing is forced to disk.

    The note: `at`, partition -> [first offset of the window, how often it was begun]; `size`, records in the window; `left`, how many
    records are still to be handled one at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        note = self._read()
        self._at: dict[str, list[int]] = note.get("at", {})
        self._single = note.get("size") == 1
        self._left: int = note.get("left", 0)
        self._begun = False
        if not self._left and not self._single and self._begun_too_often():
            self._left = int(note.get("size", 1))
            self._at = {}

    def _read(self) -> dict[str, Any]:
        try:
            note = orjson.loads(self._path.read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return {}
        return note if isinstance(note, dict) else {}

    def _begun_too_often(self) -> bool:
        return any(times >= PATIENCE for _, times in self._at.values())

    @property
    def careful(self) -> bool:
        """Whether the stage should go one record at a time: the window that began here has ended it too often."""
        return self._left > 0

    def begin(self, records: Sequence[Record]) -> None:
        """Note that these records are about to be handled."""
        firsts: dict[str, int] = {}
        for record in records:
            firsts.setdefault(str(record.partition), record.offset)
        for partition, offset in firsts.items():
            before, times = self._at.get(partition, (offset, 0))
            self._at[partition] = [offset, times + 1 if before == offset else 1]
        self._single = len(records) == 1
        self._begun = True
        self._write(size=len(records))

    def deadly(self, record: Record) -> int:
        """Return how often the process ended over this very record, when that was often enough to give it up; otherwise 0."""
        offset, times = self._at.get(str(record.partition), (-1, 0))
        return times if self._single and offset == record.offset and times >= PATIENCE else 0

    def done(self) -> None:
        """Note that the records were committed or given back. What an earlier process left is not touched before something is begun."""
        if not self._begun:
            return
        self._begun = False
        self._at = {}
        self._left = max(0, self._left - 1)
        if self._left:
            self._write(size=0)
        else:
            self._path.unlink(missing_ok=True)

    def _write(self, size: int) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_bytes(orjson.dumps({"at": self._at, "size": size, "left": self._left}))
        os.replace(beside, self._path)  # noqa: PTH105 - the atomic call, by its name
