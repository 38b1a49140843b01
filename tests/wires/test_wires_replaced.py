"""Files that are replaced while they are taken: whatever lies in done/ was published, and what was not published is never put away."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from waiting import until
from wire import payloads
from wire_desk import Desk, item, put

from newswire.errors import BrokerError
from newswire.keeping import SourceState
from newswire.source import SourceLoop
from producers.wires import WiresSource, moving


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def replace(folder: Path, name: str, content: Any, *, like: os.stat_result | None = None) -> None:
    """Put another file in the place of one, as agencies do: in one step, whatever is done with the first."""
    coming = put(folder, f".{name}.coming", content)
    if like is not None:
        os.utime(coming, ns=(like.st_atime_ns, like.st_mtime_ns))
        assert coming.stat().st_size == like.st_size
    coming.rename(folder / name)


def kill(number: int) -> dict[str, Any]:
    return item(number, version="2", pubstatus="canceled")


def published(desk: Desk) -> list[tuple[str, str]]:
    bodies = [json.loads(raw["body"]) for raw in payloads(desk.log, "raw")]
    return sorted((body["uri"], body["version"]) for body in bodies)


def put_away(desk: Desk) -> list[tuple[str, str]]:
    files = [p for p in (desk.folder / "done").rglob("*") if p.is_file()]
    bodies = [json.loads(path.read_bytes()) for path in files]
    return sorted((body["uri"], body["version"]) for body in bodies)


def run_while(desk: Desk, meddle: Callable[[], None], **options: Any) -> None:
    """Run the producer once; `meddle` happens when it has published what there was and has not put it away."""
    kept = SourceState(desk.log, "wires", desk.tmp_path / "meddled")
    writer, meant = kept.writer, [meddle]

    class Writer:
        def write(self, outputs: Any) -> Any:
            offsets = writer.write(outputs)
            if meant:
                meant.pop()()
            return offsets

    source = WiresSource({"npa": desk.folder}, kept.state, once=True, settled_seconds=0.0, **options)
    try:
        SourceLoop(source, desk.log, Writer(), kept=kept).run()  # type: ignore[arg-type]
    finally:
        kept.close()


def test_a_kill_that_replaces_its_item_is_published(desk: Desk) -> None:
    for number in range(5):
        put(desk.folder, f"{number}.json", item(number))
    run_while(desk, lambda: [replace(desk.folder, f"{n}.json", kill(n)) for n in (1, 3)] and None)
    kills = [("urn:npa:1", "2"), ("urn:npa:3", "2")]
    assert published(desk) == sorted([(f"urn:npa:{n}", "1") for n in range(5)] + kills)
    assert put_away(desk) == [
        ("urn:npa:0", "1"),
        *kills[:1],
        ("urn:npa:2", "1"),
        *kills[1:],
        ("urn:npa:4", "1"),
    ]


def test_a_kill_of_the_same_size_and_time_is_published(desk: Desk) -> None:
    """As it is where times are whole seconds: copied with their times, unpacked, sent by FTP."""
    path = put(desk.folder, "a.json", item(1))
    like = path.stat()
    run_while(desk, lambda: replace(desk.folder, "a.json", item(1, version="2"), like=like))
    assert published(desk) == [("urn:npa:1", "1"), ("urn:npa:1", "2")]
    assert [path.name for path in desk.folder.glob("*.json*")] == []


def test_files_that_stay_are_read_again_when_another_of_the_same_size_and_time_comes(desk: Desk) -> None:
    path = put(desk.folder, "a.json", item(1))
    desk.run(move=False)
    replace(desk.folder, "a.json", item(1, version="2"), like=path.stat())
    desk.run(move=False)
    desk.run(move=False)
    assert published(desk) == [("urn:npa:1", "1"), ("urn:npa:1", "2")]


@pytest.mark.parametrize("newer", [False, True], ids=["name free", "name taken by a still newer one"])
@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_what_is_replaced_in_the_moment_of_the_move_is_published(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, newer: bool, links: bool
) -> None:
    """Between the last look at the file and its move."""
    put(desk.folder, "a.json", item(1))
    rename, link = Path.rename, os.link
    left = [True]

    def renamed(path: Path, goal: Path) -> Path:
        if path.name != "a.json" or not left:
            return rename(path, goal)
        left.pop()
        replace(desk.folder, "a.json", kill(1))
        moved = rename(path, goal)
        if newer:
            replace(desk.folder, "a.json", item(1, version="3"))
        return moved

    def linked(*args: Any, **options: Any) -> None:
        if not links:
            raise PermissionError(1, "Operation not permitted")
        link(*args, **options)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(os, "link", linked)
    desk.run(settled_seconds=0.0)
    versions = ["1", "2", "3"] if newer else ["1", "2"]
    assert published(desk) == [("urn:npa:1", version) for version in versions]
    assert put_away(desk) == [("urn:npa:1", version) for version in versions[1:]]
    assert [path.name for path in desk.folder.iterdir() if path.is_file()] == []


@pytest.mark.parametrize(
    "what", ["published", "another", "another, and a newer one", "published, and a newer one"]
)
def test_a_process_that_dies_in_the_move_leaves_nothing_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    put(desk.folder, "deep/a.json", item(1))
    finish = moving.Moving.finish

    def dies(*_: Any) -> None:
        raise BrokerError("killed")

    monkeypatch.setattr(moving.Moving, "finish", dies)

    def meddle() -> None:
        if what.startswith("another"):
            path = desk.folder / "deep/a.json"
            replace(desk.folder / "deep", "a.json", item(1, version="2"), like=path.stat())

    with pytest.raises(BrokerError):
        run_while(desk, meddle)
    monkeypatch.setattr(moving.Moving, "finish", finish)
    assert not (desk.folder / "deep/a.json").exists()
    if what.endswith("newer one"):
        put(desk.folder, "deep/a.json", item(1, version="3"))
    desk.run()
    versions = ["1", *(["2"] if what.startswith("another") else []), *(["3"] if what.endswith("one") else [])]
    assert published(desk) == [("urn:npa:1", version) for version in versions], "nothing lost, nothing twice"
    assert list((desk.folder / moving.MOVING).iterdir()) == []
    assert list((desk.folder / "deep").iterdir()) == []
    assert put_away(desk) == [("urn:npa:1", version) for version in versions[versions[1:2] == ["2"] :]]


def test_a_process_that_dies_when_a_file_is_half_back(desk: Desk) -> None:
    path = put(desk.folder, "a.json", item(1))
    ours = desk.folder / moving.MOVING / "0123456789abcdef"
    ours.mkdir(parents=True)
    os.link(path, ours / "a.json")
    desk.run()
    assert (published(desk), desk.files()) == ([("urn:npa:1", "1")], ["done/a.json"])


def test_what_cannot_be_read_is_put_away_only_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.wires.folder.MAX_DOCUMENT_BYTES", 1000)
    put(desk.folder, "a.json", item(1, body_text="x" * 2000))
    put(desk.folder, "b.json", item(2, body_text="x" * 2000))
    run_while(desk, lambda: replace(desk.folder, "a.json", item(1)))
    assert desk.reasons() == ["too-large", "too-large"]
    assert published(desk) == [("urn:npa:1", "1")]
    assert desk.files() == ["done/a.json", "failed/b.json"]


def test_a_file_that_can_go_nowhere_stays_and_is_not_published_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where done/ is on another disk."""
    put(desk.folder, "a.json", item(1))
    rename = Path.rename

    def renamed(path: Path, goal: Path) -> Path:
        if "done" in goal.parts:
            raise OSError(18, "Invalid cross-device link")
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", renamed)
    assert [desk.run().unmoved for _ in range(2)] == [1, 1]
    assert (desk.uris(), desk.files()) == (["urn:npa:1"], ["a.json"])
    monkeypatch.undo()
    desk.run()
    assert (desk.uris(), desk.files()) == (["urn:npa:1"], ["done/a.json"])


def test_a_writer_that_replaces_files_all_the_time(desk: Desk) -> None:
    """Whatever was last under a name is published, and so is all that lies in done/."""
    kept = SourceState(desk.log, "wires", desk.tmp_path / "racing")
    stop, last, dice = threading.Event(), {}, random.Random(20260303)

    def write() -> None:
        for turn in range(250):
            number = dice.randrange(12)
            last[number] = str(turn)
            replace(desk.folder, f"{number}.json", item(number, version=str(turn)))
            time.sleep(0.002)
        try:
            until(lambda: not list(desk.folder.glob("*.json*")), "all files are taken")
        finally:
            stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    source = WiresSource({"npa": desk.folder}, kept.state, stop=stop, settled_seconds=0.0)
    SourceLoop(source, desk.log, kept.writer, kept=kept).run()
    writer.join()
    kept.close()
    taken = published(desk)
    assert len(taken) == len(set(taken)), "nothing twice"
    assert set(put_away(desk)) <= set(taken)
    assert {(f"urn:npa:{number}", version) for number, version in last.items()} <= set(taken)
    assert list(desk.folder.glob("*.json*")) == []


def test_a_link_is_not_taken_for_the_place_of_moves(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/x/secret.json", item(1))
    (desk.folder / moving.MOVING).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="is a link"):
        desk.run()
    desk.run(move=False)
    assert (desk.uris(), (tmp_path / "elsewhere/x/secret.json").exists()) == ([], True)


def test_long_names_are_cut_where_they_get_a_mark() -> None:
    name = "ü" * 126 + ".x"
    marked = moving.marked(Path("/in") / name, "0123456789abcdef")
    assert marked.name.endswith(".0123456789ab")
    assert len(os.fsencode(marked.name)) == 255
