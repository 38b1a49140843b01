"""Watched folders: what was there, what comes and what changes is published once it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest

from newswire.capture import Captured, Unreadable
from producers.files import FilesSource

SETTLED = 3.0


def paths(outcomes: Iterator[Captured | Unreadable | None], count: int) -> list[str]:
    """Return the paths of the next captures; the test's timeout bounds the wait."""
    found: list[str] = []
    for outcome in outcomes:
        if isinstance(outcome, Captured):
            found.append(f"{outcome.raw.path}={outcome.raw.body}")
        if len(found) == count:
            break
    return found


def idle(outcomes: Iterator[Captured | Unreadable | None], times: int) -> None:
    for _ in range(times):
        assert next(outcomes) is None


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Say that what was written is whole by now.

    Until then time stands still: how long a busy machine takes between two parts of a file is not what is tested.
    """
    now = [time.time()]
    monkeypatch.setattr("producers.files.watch.time", SimpleNamespace(time=lambda: now[0]))

    def passes() -> None:
        now[0] = time.time() + SETTLED

    return passes


def test_new_moved_and_changed_files_are_taken_when_whole(tmp_path: Path, whole: Callable[[], None]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "1.txt").write_text("there", encoding="utf-8")
    stop = Event()
    outcomes = FilesSource([folder], watch=True, stop=stop, settled_seconds=SETTLED).captures()
    assert paths(outcomes, 1) == ["1.txt=there"]
    idle(outcomes, 4)

    with (folder / "2.txt").open("w", encoding="utf-8") as growing:
        for part in ("some ", "of ", "it"):  # written to while it is watched: never published in parts
            growing.write(part)
            growing.flush()
            idle(outcomes, 1)
    whole()
    assert paths(outcomes, 1) == ["2.txt=some of it"]

    (tmp_path / "3.part").write_text("moved", encoding="utf-8")
    (folder / "deep").mkdir()
    (tmp_path / "3.part").rename(folder / "deep" / "3.txt")
    whole()
    assert paths(outcomes, 1) == ["deep/3.txt=moved"]

    (folder / ".4.txt").write_text("hidden", encoding="utf-8")
    (folder / "4.tmp").write_text("none of ours", encoding="utf-8")
    (folder / "1.txt").write_text("changed", encoding="utf-8")
    whole()
    assert paths(outcomes, 1) == ["1.txt=changed"]
    idle(outcomes, 4)

    stop.set()
    assert [outcome for outcome in outcomes if outcome is not None] == []


def test_what_came_before_watching_began_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("a", encoding="utf-8")
    stop = Event()
    outcomes = FilesSource([tmp_path], watch=True, stop=stop).captures()
    assert paths(outcomes, 1) == ["1.txt=a"]
    (tmp_path / "0.txt").write_text("b", encoding="utf-8")  # the folder was read, the watch has not begun
    assert paths(outcomes, 1) == ["0.txt=b"]
    stop.set()
    list(outcomes)


def test_a_single_file_can_be_watched_and_removed(tmp_path: Path, whole: Callable[[], None]) -> None:
    file = tmp_path / "live.txt"
    file.write_text("one", encoding="utf-8")
    stop = Event()
    outcomes = FilesSource([file], watch=True, stop=stop).captures()
    assert paths(outcomes, 1) == ["live.txt=one"]
    idle(outcomes, 2)
    file.write_text("two", encoding="utf-8")
    whole()
    assert paths(outcomes, 1) == ["live.txt=two"]
    file.unlink()
    idle(outcomes, 4)
    stop.set()
    list(outcomes)


def test_what_cannot_be_read_is_reported_once(tmp_path: Path) -> None:
    stop = Event()
    outcomes = FilesSource([tmp_path], watch=True, stop=stop).captures()
    idle(outcomes, 2)
    (tmp_path / "out.txt").symlink_to("/etc/hostname")
    refused = next(outcome for outcome in outcomes if outcome is not None)
    assert isinstance(refused, Unreadable)
    assert refused.reason == "outside-folder"
    idle(outcomes, 5)
    stop.set()
    list(outcomes)
