"""A folder that an agency's feed is dropped into: which files are whole, reading one, and where it goes afterwards."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from newswire.errors import UsageError
from newswire.topology import MIB
from producers.files.found import EXCERPT_BYTES, Refusal, shown_name
from producers.wires.moving import MOVING, Fate, Moving, Stamp, stamp_of

MAX_DOCUMENT_BYTES: Final = 32 * MIB
"""Largest document: its tree takes some ten times that in memory."""
DONE: Final = "done"
FAILED: Final = "failed"
SETTLED_SECONDS: Final = 2.0
"""A file is whole when its size and time of change stayed the same for this long. One that was written before it was moved in is whole at
once."""
_UNFINISHED: Final = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
"""Ends of names that programs give to files which they are still writing."""


@dataclass(frozen=True, slots=True)
class Drop:
    """A file in the folder."""

    path: Path
    """Where it is on this machine. Never leaves it."""
    shown: str
    """Its name relative to the folder: what events and messages say."""
    stamp: Stamp
    """As it was when it was seen."""


class DropFolder:
    """One folder, at any depth; `done/`, `failed/`, hidden and unfinished files left out. Links and what is no file are never followed."""

    def __init__(
        self,
        name: str,
        root: Path,
        *,
        move: bool,
        settled_seconds: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Take a folder. UsageError when it is none, or may not be used for what is asked."""
        self.name = name
        self.root = root.expanduser().resolve()
        self._settled = settled_seconds
        self._now = now
        self._moving = Moving(self.root)
        self._seen: dict[Path, tuple[Stamp, float]] = {}
        if not self.root.is_dir():
            raise UsageError(f"{root} is no folder: make it, or name another")
        if move:
            if (self.root / MOVING).is_symlink():
                raise UsageError(
                    f"{self.root / MOVING} is a link: take it away, what is there is moved into the folder"
                )
            try:
                for end in (DONE, FAILED, MOVING):
                    (self.root / end).mkdir(exist_ok=True)
                    if not os.access(self.root / end, os.W_OK | os.X_OK):
                        raise PermissionError
            except OSError as error:
                raise UsageError(
                    f"files of {root} cannot be moved to {DONE}/ and {FAILED}/ in it ({error.strerror or 'not allowed'}): give this user "
                    "the right to write there, or leave them in place with --keep"
                ) from error

    def whole(self) -> list[Drop]:
        """Return the files that are whole, the oldest first."""
        now = self._now()
        seen: dict[Path, tuple[Stamp, float]] = {}
        found: list[Drop] = []
        for path, stamp in self._files():
            before, since = self._seen.get(path, (None, now))
            if before != stamp:
                since = min(
                    now, max(stamp[1] / 1e9, 0.0)
                )  # an old time of change: it was whole before it came
            seen[path] = (stamp, since)
            if now - since >= self._settled:
                found.append(Drop(path, shown_name(path.relative_to(self.root)), stamp))
        self._seen = seen
        return sorted(found, key=lambda drop: (drop.stamp[1], drop.shown))

    def names(self) -> set[str]:
        """Return the names of all files that are there, whole or not."""
        return {shown_name(path.relative_to(self.root)) for path, _ in self._files()}

    def unsettled(self) -> bool:
        """Return whether the last look saw files that were not whole."""
        now = self._now()
        return any(now - since < self._settled for _, since in self._seen.values())

    def _files(self) -> Iterator[tuple[Path, Stamp]]:
        for at, folders, files in os.walk(self.root):
            top = Path(at) == self.root
            left = (
                {"tmp"} if {"tmp", "new", "cur"} <= set(folders) else set()
            )  # a Maildir: there it is written
            left |= {DONE, FAILED} if top else set()
            folders[:] = sorted(name for name in folders if not (name.startswith(".") or name in left))
            for name in files:
                if name.startswith(".") or name.lower().endswith(_UNFINISHED):
                    continue
                path = Path(at, name)
                try:
                    status = path.lstat()
                except OSError:
                    continue  # it went away while we looked
                if stat.S_ISREG(status.st_mode):
                    yield path, stamp_of(status)

    def put_away(self, drop: Drop, digest: str, *, failed: bool) -> Fate:
        """Move a file that was read to `done/` or `failed/`, and no other one that has taken its place; see `Moving.away`."""
        return self._moving.away(drop.path, drop.stamp, digest, self._end(failed=failed))

    def left_over(self) -> list[Drop]:
        """Return the files that a process was putting away when it died. Each is where nobody else writes."""
        found: list[Drop] = []
        for path, below in self._moving.left_over():
            with suppress(FileNotFoundError):
                found.append(Drop(path, shown_name(below), stamp_of(path.lstat())))
        return found

    def finish(self, left: Drop, stamp: Stamp | None, digest: str, *, failed: bool) -> Fate:
        """Put a file that was left over where it belongs, by what is remembered of its name; see `Moving.finish`."""
        return self._moving.finish(left.path, stamp, digest, self._end(failed=failed))

    def _end(self, *, failed: bool) -> Path:
        return self.root / (FAILED if failed else DONE)


def read(drop: Drop) -> tuple[bytes, str] | None:
    """Return the bytes of a file and their SHA-256; None when it changed or went away meanwhile.

    Refusal: `too-large`, `permission-denied`, `unreadable`.
    """
    try:
        descriptor = os.open(drop.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise Refusal(
            "permission-denied",
            "it may not be read by this user: change its permissions or owner",
            size=drop.stamp[0],
        ) from None
    except OSError as error:
        raise Refusal(
            "unreadable", f"the operating system says: {error.strerror}", size=drop.stamp[0]
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        try:
            if drop.stamp[0] > MAX_DOCUMENT_BYTES:
                detail = f"{drop.stamp[0]} bytes, where {MAX_DOCUMENT_BYTES} are the most: send it in several files"
                raise Refusal("too-large", detail, original=file.read(EXCERPT_BYTES), size=drop.stamp[0])
            data = file.read(drop.stamp[0] + 1)
            status = os.fstat(descriptor)
        except OSError as error:
            raise Refusal(
                "unreadable", f"the operating system says: {error.strerror}", size=drop.stamp[0]
            ) from error
    if stamp_of(status)[:2] != drop.stamp[:2] or len(data) != drop.stamp[0]:
        return None
    return data, hashlib.sha256(data).hexdigest()
