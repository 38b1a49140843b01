"""The list of sources while it is polled: what is written into it is taken up without starting again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from newswire.source_list import ListedSource

_EVERY: Final = 2.0
"""Seconds between two looks at the file."""


class PolledList:
    """What is polled of a list of sources, and whether the file says something else by now."""

    def __init__(self, path: Path, kind: str) -> None:
        """Read the list. UsageError says what is wrong in it, or that it has no source of the kind (`feed`) that may be asked."""
        from newswire.errors import UsageError

        self._path = path
        self._kind = kind
        self._looked_at: tuple[int, int, int] | None = None
        self.polled, self.paused = self._read()
        if not self.polled:
            raise UsageError(
                f"{path} has no {kind} that is not paused: add one with `newswire sources add URL`, or name another list with --sources"
            )

    @contextmanager
    def followed(self, asked: threading.Event) -> Iterator[threading.Event]:
        """Give an event that is set when `asked` is, or when the list has changed: `polled` and `paused` are then those of now."""
        stop = threading.Event()
        threading.Thread(target=self._follow, args=(asked, stop), name="sources", daemon=True).start()
        try:
            yield stop
        finally:
            stop.set()

    def _follow(self, asked: threading.Event, stop: threading.Event) -> None:
        while not stop.is_set():
            if asked.wait(_EVERY) or self._has_changed():
                stop.set()

    def _has_changed(self) -> bool:
        """Read the list where the file is another one; what is wrong in it is said, and what it said before holds."""
        import structlog

        from newswire.errors import UsageError

        log = structlog.get_logger("newswire.sources")
        stamp = _stamp(self._path)
        settled, self._looked_at = stamp == self._looked_at, stamp
        if stamp == self._stamp or not settled:  # an editor may be writing it just now
            return False
        try:
            found = self._read()
        except UsageError as error:
            log.warning("the list of sources is not right: what it said before holds", why=str(error))
            return False
        if found == (self.polled, self.paused):
            return False
        before = {source.name for source in self.polled}
        self.polled, self.paused = found
        now = {source.name for source in self.polled}
        log.info("the list of sources has changed", added=len(now - before), gone=len(before - now))
        return True

    def _read(self) -> tuple[list[Any], list[str]]:
        from newswire.cli.output import note
        from newswire.source_list import read_list
        from newswire.source_list.kinds import odd_kinds
        from newswire.sources import room

        self._stamp = _stamp(self._path)  # before: what is written while it is read is another one
        found = read_list(self._path)
        for each in odd_kinds(found, str(self._path)):
            note(f"newswire: {each}")
        polled_source = room("polling.listed").polled_source
        of_kind: tuple[ListedSource, ...] = found.of_kind(self._kind)
        return [polled_source(each) for each in of_kind if not each.paused], [
            each.name for each in of_kind if each.paused
        ]


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a file from what it was before; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
