"""Which files there are to read, and which are refused."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from newswire.capture import Unreadable
from producers.files.formats import format_of
from producers.files.found import Found, Refusal, shown_name

_MACHINE_FOLDERS: Final = tuple(Path(p) for p in ("/proc", "/sys", "/dev"))
_KINDS: Final = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def walk(given: str | Path, skipped: Counter[str]) -> Iterator[Found | Unreadable]:
    """Yield what a path of the command line leads to, in the order of the names.

    A file is taken whatever its suffix. Of a folder, at any depth: files with a suffix we read; others are counted in `skipped` by
    suffix, hidden files and folders (leading dot) are left out. Refused with a reason: what does not exist, pipes, sockets and
    devices, the machine's own folders (`/proc` …), and links that lead out of the folder.
    """
    given = Path(given)
    try:
        real = given.resolve(strict=True)
        _refuse_special(real)
    except (OSError, RuntimeError) as error:
        yield cannot_open(error).about(shown_name(given.name or given))
    except Refusal as refusal:
        yield refusal.about(shown_name(given.name or given))
    else:
        if real.is_dir():
            yield from walk_folder(real, real, skipped)
        else:
            yield Found(real, shown_name(given.name))


def walk_folder(folder: Path, root: Path, skipped: Counter[str]) -> Iterator[Found | Unreadable]:
    """Yield what is in `folder`; names are shown, and links held, relative to `root`. Both must be resolved paths."""
    problems: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=problems.append):
        while problems:
            yield _unlisted(problems.pop(), root)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [name for name in folders if Path(at, name).is_symlink()]:
            yield from _link_to_folder(Path(at, name), root)
        for name in sorted(name for name in files if not name.startswith(".")):
            yield from look_at(Path(at, name), root, skipped)
    while problems:
        yield _unlisted(problems.pop(), root)


def look_at(path: Path, root: Path, skipped: Counter[str]) -> Iterator[Found | Unreadable]:
    """Yield one file of a folder, or why it is refused, or nothing when it is none of ours."""
    shown = shown_name(path.relative_to(root))
    try:
        if format_of(path.name) is None:
            skipped[path.suffix.lower() or path.name] += 1
            return
        real = path.resolve(strict=True)
        _refuse_outside(real, root)
        _refuse_special(real)
    except (OSError, RuntimeError) as error:
        yield cannot_open(error).about(shown)
    except Refusal as refusal:
        yield refusal.about(shown)
    else:
        yield Found(real, shown)


def cannot_open(error: OSError | RuntimeError) -> Refusal:
    """Return the refusal that an error of the operating system amounts to. Names no path: messages travel further than this machine."""
    if isinstance(error, FileNotFoundError):
        return Refusal("not-found", "no such file or folder: it was never there or went away while reading")
    if isinstance(error, PermissionError):
        return Refusal(
            "permission-denied", "it may not be read by this user: change its permissions or owner"
        )
    why = (error.strerror if isinstance(error, OSError) else None) or "links that lead in a circle"
    return Refusal("unreadable", f"the operating system says: {why}")


def _refuse_outside(real: Path, root: Path) -> None:
    if not real.is_relative_to(root):
        raise Refusal(
            "outside-folder", "a link that leads out of the folder: give its target as a path of its own"
        )


def _refuse_special(real: Path) -> None:
    if any(real.is_relative_to(folder) for folder in _MACHINE_FOLDERS):
        raise Refusal(
            "special-file", f"{real.parts[1]} is the machine's own folder: copy the content to a file first"
        )
    mode = real.stat().st_mode
    for matches, kind in _KINDS:
        if matches(mode):
            raise Refusal(
                "special-file", f"{kind}, not a file: pipe its content to `newswire produce files -`"
            )


def _link_to_folder(link: Path, root: Path) -> Iterator[Unreadable]:
    try:
        _refuse_outside(link.resolve(strict=True), root)  # what is inside is read under its own name
    except (OSError, RuntimeError) as error:
        yield cannot_open(error).about(shown_name(link.relative_to(root)))
    except Refusal as refusal:
        yield refusal.about(shown_name(link.relative_to(root)))


def _unlisted(error: OSError, root: Path) -> Unreadable:
    where = Path(os.fsdecode(error.filename)).relative_to(root) if error.filename else Path()
    return cannot_open(error).about(f"{shown_name(where)}/")
