"""The local copies of state in the proof of a purge: only ever caches of the changelogs, but files on a disk all the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from newswire import topology
from newswire.purging.concerned import Concerned
from newswire.purging.finding import Finding
from newswire.purging.remembered import ask
from newswire.state.memory import MemoryState

_Ask = Callable[[MemoryState], list[str]]
"""Returns the keys under which a state still holds something."""


def look(
    folders: Sequence[Path], what: Concerned, partitions: Mapping[str, Collection[int]]
) -> Iterator[Finding]:
    """Look into every copy below the folders, those of lanes beside it too.

    `partitions` tells by the place of a copy below a folder (`deduplicate`, `produce/feeds`) which partitions of the changelog somebody
    must have a copy of. Where there is none here it is on another machine, and a finding says that it was not seen.
    """
    lanes = [lane for folder in folders for lane in sorted(folder.glob("lane-*"))]
    for place, asks in _places(what):
        own = _copies(folders, place)
        for path in (*own, *_copies(lanes, place)):
            yield _look(path, asks)
        missing = set(partitions.get(place, ())) - {int(path.stem) for path in own if path.stem.isdecimal()}
        if missing:
            numbers = ", ".join(map(str, sorted(missing)))
            yield Finding(
                ", ".join(str(folder / place) for folder in folders),
                "local",
                0,
                must_go=True,
                note=f"not seen: no copy of partition {numbers} is here; look where it runs, with `purge check` and --state-dir",
                seen=False,
            )


def place_of_source(kind: str) -> str:
    """Return where below the folder of state a source keeps its copy."""
    return f"produce/{kind}"


def _places(what: Concerned) -> Iterator[tuple[str, _Ask]]:
    for stage in topology.STAGES:
        if stage.stateful:
            yield stage.name, lambda state, name=stage.name: ask(name, what.purge, state)  # type: ignore[misc]
    for kind in topology.SOURCES_WITH_STATE:
        # What waits there to be published has the form of a raw event; the rest are hashes.
        yield (
            place_of_source(kind),
            lambda state: [key for key, value in state.data.items() if what.captured(value)],
        )


def _copies(folders: Sequence[Path], place: str) -> list[Path]:
    return [path for folder in folders for path in sorted((folder / place).rglob("*.sqlite"))]


def _look(path: Path, asks: _Ask) -> Finding:
    state = MemoryState()
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            for key, value in db.execute("SELECT key, value FROM kv"):
                state.put(bytes(key).decode(), value)
        db.close()
    except sqlite3.Error as error:
        note = f"cannot be read ({error}): delete it, it is only a cache"
        return Finding(str(path), "local", 1, must_go=True, note=note)
    keys = asks(state)
    note = "no process keeps this copy up to date: delete it, it is only a cache" if keys else ""
    return Finding(str(path), "local", len(keys), must_go=True, note=note, examples=tuple(keys[:3]))
