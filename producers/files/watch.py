"""Folders that are watched: a file is taken when it is whole."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final

from watchfiles import watch

from newswire.capture import Unreadable
from producers.files.found import Found
from producers.files.walk import look_at

SETTLED_SECONDS: Final = 0.5
"""A file is whole when its size and time of change stayed the same for this long. A renamed file that was written before is at once."""
_TICK_MS: Final = 200

Fingerprint = tuple[int, int, int]


def fingerprint(path: Path) -> Fingerprint | None:
    """Return what changes when a file does (inode, size, time of change in ns); None when it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


class Watch:
    """New and changed files under some folders, or some files, as they become whole."""

    def __init__(self, given: Sequence[str], stop: Event, settled_seconds: float = SETTLED_SECONDS) -> None:
        self._roots = [
            root.resolve() for root in map(Path, given) if fingerprint(root)
        ]  # others were reported when they were read
        self._stop = stop
        self._settled = settled_seconds
        self._seen: dict[Path, Fingerprint] = {}
        self._pending: dict[Path, tuple[Fingerprint, float]] = {}

    def taken(self, path: Path, as_it_was: Fingerprint | None) -> None:
        """Remember that a file has been read as it was then."""
        if as_it_was is not None:
            self._seen[path] = as_it_was

    def changes(self, skipped: Counter[str]) -> Iterator[Found | Unreadable | None]:
        """Yield files as they become whole, and None whenever nothing has come for a fifth of a second. Ends when `stop` is set.

        The first look goes over everything, so that nothing is lost which came between reading the folders and watching them.
        """
        if not self._roots:
            return
        refused: set[str] = set()
        self._note(self._roots)
        for events in watch(
            *self._roots, stop_event=self._stop, yield_on_timeout=True, rust_timeout=_TICK_MS, step=50, debounce=200,
            watch_filter=None, raise_interrupt=True,
        ):  # fmt: skip
            self._note([Path(name) for _, name in events])
            came = False
            for found in self._whole(skipped):
                if isinstance(found, Unreadable):
                    if found.what in refused:
                        continue
                    refused.add(found.what)
                came = True
                yield found
            if not came:
                yield None

    def _note(self, paths: list[Path]) -> None:
        for path in paths:
            files = [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
            for file in files:
                if not self._hidden(file):
                    self._changed(file)

    def _changed(self, file: Path) -> None:
        now = fingerprint(file)
        if now is None:
            self._pending.pop(file, None)
        elif now != self._seen.get(file) and (file not in self._pending or self._pending[file][0] != now):
            # time.time(), not monotonic: an old time of change says that the file was whole before it was put here
            settled_at = max(now[2] / 1e9, 0) + self._settled
            self._pending[file] = (now, min(settled_at, time.time() + self._settled))

    def _whole(self, skipped: Counter[str]) -> Iterator[Found | Unreadable]:
        for file in sorted(self._pending):
            was, settled_at = self._pending[file]
            now = fingerprint(file)
            if now != was:
                self._pending.pop(file)
                self._changed(file)
            elif time.time() >= settled_at:
                self._pending.pop(file)
                self._seen[file] = was
                root = self._root_of(file)
                yield from look_at(file, root if root.is_dir() else root.parent, skipped)

    def _root_of(self, file: Path) -> Path:
        return next(root for root in self._roots if file.is_relative_to(root))

    def _hidden(self, file: Path) -> bool:
        root = next((root for root in self._roots if file.is_relative_to(root)), None)
        return root is None or any(part.startswith(".") for part in file.relative_to(root).parts)
