"""Moving a file out of a folder that others write to, so that no other one goes with it."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import Final

Stamp = tuple[int, int, int]
"""Size, time of change of the content, and of the entry (ctime), in nanoseconds. No program can set the last one back: by it a file is
told from another that it was replaced with, of the same size and time."""

MOVING: Final = ".newswire"
"""Where a file is while it is looked at a last time: out of reach of those who write to the folder, and on the same disk."""
_MARK_LENGTH: Final = 12
_LONGEST_NAME: Final = 255
"""Bytes that file systems allow a name."""


class Fate(Enum):
    """What became of a file that was to be moved."""

    AWAY = auto()
    """What was read is no longer in the folder: it was moved, or somebody replaced it or took it away."""
    CHANGED = auto()
    """There is something else under the name, or it was touched: it stays, to be looked at again."""
    STUCK = auto()
    """It cannot be moved."""


def stamp_of(status: os.stat_result) -> Stamp:
    """Return what tells a file that has not changed."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


class Moving:
    """Moves files of one folder.

    Between the look at a file and its move another can be renamed to its name: a newer version, a kill, which nobody has read. So a file
    is first taken to a place of ours, where nobody can replace it, compared there with what was read, and what is something else goes
    back. A process that dies in between leaves it there: `left_over` finds it at the next start.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._ours = root / MOVING / secrets.token_hex(8)
        """Of this process: one that takes over from it must not overwrite what it is moving."""

    def away(self, path: Path, stamp: Stamp, digest: str, end: Path) -> Fate:
        """Move the file that was read at `path` to the folder `end`, under its own name.

        It is told by `digest`, the SHA-256 of its content; where it could not be read (nothing) by `stamp`. A name that is taken there
        gets the beginning of the digest, so that nothing is overwritten but the same content.
        """
        below = path.relative_to(self._root)
        moved = self._ours / below
        try:
            if stamp_of(path.lstat())[:2] != stamp[:2]:
                return Fate.CHANGED
            (end / below).parent.mkdir(parents=True, exist_ok=True)
            moved.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(moved):
                return Fate.STUCK  # an earlier file of this name could go nowhere
            path.rename(moved)
        except FileNotFoundError:
            return Fate.AWAY
        except OSError:
            return Fate.STUCK
        return self.finish(moved, stamp, digest, end)

    def left_over(self) -> Iterator[tuple[Path, Path]]:
        """Yield what processes left that died: where each file is, and its name relative to the folder."""
        place = self._root / MOVING
        if place.is_symlink():
            return
        for at, folders, files in os.walk(place):
            folders.sort()
            for name in sorted(files):
                path = Path(at, name)
                if below := path.relative_to(place).parts[1:]:
                    yield path, Path(*below)

    def finish(self, moved: Path, stamp: Stamp | None, digest: str, end: Path) -> Fate:
        """Bring a file that was taken out of the folder to `end` if it is the one that was read; back if it is another.

        `stamp` and `digest` as in `away`; no stamp: none was read under its name.
        """
        below = Path(*moved.relative_to(self._root / MOVING).parts[1:])
        try:
            if stamp is not None and _same(moved, stamp, digest):
                goal = end / below
                goal.parent.mkdir(parents=True, exist_ok=True)
                moved.rename(marked(goal, digest or str(stamp[1])) if os.path.lexists(goal) else goal)
            else:
                _back(moved, self._root / below)
        except FileNotFoundError:
            pass  # somebody took it away
        except OSError:
            with suppress(OSError):  # where this fails too it is found at the next start
                _link(moved, self._root / below)
            return Fate.STUCK
        self._tidy(moved.parent)
        return Fate.AWAY

    def _tidy(self, folder: Path) -> None:
        """Remove the folders that were made for a file; one that has others in it stays."""
        with suppress(OSError):
            while folder != self._root / MOVING:
                folder.rmdir()
                folder = folder.parent


def marked(path: Path, mark: str) -> Path:
    """Return a path beside another: its name, cut where it would become too long, and the beginning of a mark."""
    end = f".{mark[:_MARK_LENGTH]}"
    return path.with_name(os.fsdecode(os.fsencode(path.name)[: _LONGEST_NAME - len(end)]) + end)


def _back(moved: Path, path: Path) -> None:
    """Put a file back under its name; where a still newer one has it, or the system allows no links, under a name beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _link(moved, path)
    except OSError:
        if os.path.lexists(path) and path.lstat().st_ino == moved.lstat().st_ino:
            moved.unlink()  # it is back: the process died before it had taken this name away
        else:
            moved.rename(marked(path, secrets.token_hex(_MARK_LENGTH // 2)))


def _link(moved: Path, path: Path) -> None:
    """Move a file to a name that nothing has. Unlike a rename it overwrites nothing; OSError also where links are not allowed."""
    os.link(moved, path, follow_symlinks=False)
    moved.unlink()


def _same(path: Path, stamp: Stamp, digest: str) -> bool:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size != stamp[0]:
        return False
    if not digest:
        return status.st_mtime_ns == stamp[1]  # ctime is that of our own move
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except PermissionError:
        return False
