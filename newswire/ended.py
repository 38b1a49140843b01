"""Why a part of the pipeline does not run: what it said when it ended after an error, kept in its folder until it starts again.

A log may be far away, or gone with its terminal; whoever looks at the folders of this machine (`newswire doctor`) finds it here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

_NAME: Final = "ended.json"
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    at: str
    """When, RFC 3339 in UTC."""
    exit_code: int
    """What it ended with: 7 says that a restart does not mend it."""
    error: str
    """What it said, in at most 2,000 characters."""


_folders: list[Path] = []
"""That of this process, once it is its own: before, a process runs there that has not ended."""


def begins(folder: Path) -> None:
    """Say that this process has taken `folder`: the end before is forgotten, its own will be kept there. Raises nothing."""
    _folders[:] = [folder]
    with contextlib.suppress(OSError):
        (folder / _NAME).unlink(missing_ok=True)


def remember(error: str, exit_code: int) -> None:
    """Keep why this process is about to end. Raises nothing: the folder may be what is broken."""
    ended = Ended(datetime.now(UTC).isoformat(timespec="seconds"), exit_code, error[:_LONGEST])
    for folder in _folders:
        with contextlib.suppress(OSError):
            new = folder / f"{_NAME}.new"
            new.write_bytes(orjson.dumps(asdict(ended)))
            new.replace(folder / _NAME)


def last_end(folder: Path) -> Ended | None:
    """Return how the last process in `folder` ended; None where it ended in order, was killed, or nothing readable is there."""
    try:
        found = orjson.loads((folder / _NAME).read_bytes())
        return Ended(str(found["at"]), int(found["exit_code"]), str(found["error"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running(stages_dir: Path, part: str) -> list[str]:
    """Return the slots of a part that run on this machine: each holds the lock on its folder."""
    return [folder.name for folder in sorted((stages_dir / part).glob("*")) if _locked(folder / "lock")]


def ends(stages_dir: Path, runs: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, Ended]]:
    """Yield part, slot and end of each process that does not run and said why it ended. `runs`: part -> its `running` slots."""
    for part, slots in runs.items():
        for folder in sorted((stages_dir / part).glob("*")):
            end = last_end(folder) if folder.name not in slots else None
            if end is not None:
                yield part, folder.name, end


def _locked(path: Path) -> bool:
    from filelock import FileLock, Timeout

    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False
