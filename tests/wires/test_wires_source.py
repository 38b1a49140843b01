"""The wires source: which files are taken, each once, and where they go."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from prometheus_client import REGISTRY
from wire import payloads
from wire_desk import Desk, item, put

from newswire.errors import BrokerError, UsageError
from newswire.keeping import SourceState
from newswire.source import SourceLoop
from producers.wires import WiresSource, packed
from producers.wires import folder as drop_folder

LONG_AGO = time.time() - 3600


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    return Desk(tmp_path)


def test_files_are_published_and_moved_away(desk: Desk) -> None:
    put(desk.folder, "one.json", item(1))
    put(desk.folder, "2026/03/two.xml", [item(2), item(3)])  # told by content, not by name
    put(desk.folder, "bad.json", [item(4), {"no": "uri"}])
    put(desk.folder, "broken.xml", b"<nitf><head>")
    desk.run()
    assert desk.uris() == ["urn:npa:1", "urn:npa:2", "urn:npa:3", "urn:npa:4"]
    assert desk.files() == ["done/2026/03/two.xml", "done/one.json", "failed/bad.json", "failed/broken.xml"]
    assert sorted(desk.reasons()) == ["invalid-xml", "not-a-wire"]
    paths = {raw["path"] for raw in payloads(desk.log, "raw")}
    assert paths == {"one.json", "2026/03/two.xml#1", "2026/03/two.xml#2", "bad.json#1"}
    assert {raw["source"]["name"] for raw in payloads(desk.log, "raw")} == {"npa"}
    desk.run()
    assert len(desk.uris()) == 4, "nothing twice"


def test_what_is_no_whole_file_of_ours_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    for name in (".hidden.json", "half.json.part", "half.tmp", ".git/x.json"):
        put(desk.folder, name, item(1))
    (desk.folder / "link.json").symlink_to(put(tmp_path, "outside.json", item(2)))
    (desk.folder / "linked").symlink_to(tmp_path)
    os.mkfifo(desk.folder / "pipe")
    before = desk.files()
    desk.run()
    assert (desk.uris(), desk.files()) == ([], before)


def test_of_a_maildir_what_is_being_written_is_left_alone(desk: Desk) -> None:
    mail = b"From: a@port.example\nMessage-ID: <%d@port.example>\nSubject: Bridge closed\n\nThe bridge is closed.\n"
    put(desk.folder, "mail/new/1.host", mail % 1)
    put(desk.folder, "mail/cur/2.host:2,S", mail % 2)
    put(desk.folder, "mail/tmp/3.host", mail % 3)
    put(desk.folder, "tmp/4.eml", mail % 4)  # no Maildir: a folder of that name
    desk.run()
    assert sorted(desk.uris()) == [f"mid:{number}@port.example" for number in (1, 2, 4)]
    assert "mail/tmp/3.host" in desk.files()


def test_the_same_name_twice_overwrites_nothing(desk: Desk) -> None:
    for version in ("1", "2"):
        put(desk.folder, "item.json", item(1, version=version))
        desk.run()
    first, second = desk.files()
    assert first == "done/item.json"
    assert second.startswith("done/item.json.")
    assert desk.uris() == ["urn:npa:1", "urn:npa:1"]


def test_a_file_put_there_again_is_read_again(desk: Desk) -> None:
    put(desk.folder, "item.json", item(1))
    desk.run()
    (desk.folder / "done/item.json").rename(desk.folder / "item.json")
    desk.run()
    assert desk.uris() == ["urn:npa:1", "urn:npa:1"], (
        "who moves it back wants it published: the pipeline knows it as a duplicate"
    )


def test_kept_files_are_read_again_only_when_they_change(desk: Desk) -> None:
    path = put(desk.folder, "item.json", item(1))
    for _ in range(2):
        desk.run(move=False)
    assert (desk.uris(), desk.files()) == (["urn:npa:1"], ["item.json"])
    os.utime(path, (LONG_AGO - 1,) * 2)
    desk.run(move=False)
    assert desk.uris() == ["urn:npa:1"], "touched, but the same"
    put(desk.folder, "item.json", item(1, version="2"))
    desk.run(move=False)
    assert desk.uris() == ["urn:npa:1", "urn:npa:1"]


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_producer_that_dies_at_any_transaction_loses_and_repeats_nothing(
    desk: Desk, nth: int, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.source.BATCH_RECORDS", 3)  # so that a file spans transactions
    put(desk.folder, "a.json", [item(n) for n in range(8)])
    put(desk.folder, "b.json", item(8))
    put(desk.folder, "c.json", [item(9), {"no": "uri"}, item(10)])
    died = 0
    for _ in range(3):
        try:
            desk.run(fail_at=nth, committed=committed)
        except BrokerError:
            died += 1
    desk.run()
    assert died
    assert desk.uris() == sorted(f"urn:npa:{n}" for n in range(11))
    assert desk.reasons() == ["not-a-wire"]
    assert desk.files() == ["done/a.json", "done/b.json", "failed/c.json"]


def test_a_file_that_was_published_before_the_process_died_is_only_moved(desk: Desk) -> None:
    put(desk.folder, "a.json", item(1))
    with pytest.raises(BrokerError):
        desk.run(fail_at=1, committed=True)
    assert desk.files() == ["a.json"]
    desk.run()
    assert (desk.uris(), desk.files()) == (["urn:npa:1"], ["done/a.json"])


def test_files_that_cannot_be_moved_stay_and_are_not_published_again(desk: Desk) -> None:
    put(desk.folder, "deep/a.json", item(1))
    put(desk.folder, "done/deep", b"a file where a folder has to be")
    before = REGISTRY.get_sample_value("newswire_wires_unmoved_files", {"source": "npa"}) or 0
    source = desk.run()
    assert source.unmoved == 1
    assert REGISTRY.get_sample_value("newswire_wires_unmoved_files", {"source": "npa"}) == before + 1
    desk.run()
    assert desk.uris() == ["urn:npa:1"]
    assert "deep/a.json" in desk.files()


def test_packed_files_are_unpacked_whatever_their_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_DOCUMENT_BYTES", 100_000)
    put(desk.folder, "one.json.gz", gzip.compress(json.dumps(item(1)).encode()))
    put(desk.folder, "two.xml", gzip.compress(json.dumps([item(2), item(3)]).encode()))
    put(desk.folder, "cut.gz", gzip.compress(os.urandom(5_000))[:2_000])
    put(desk.folder, "bomb.gz", gzip.compress(b" " * 1_000_000))
    put(desk.folder, "plain.gz", json.dumps(item(4)).encode())
    desk.run()
    assert desk.uris() == [f"urn:npa:{n}" for n in range(1, 5)]
    assert json.loads(payloads(desk.log, "raw")[0]["body"])["uri"].startswith("urn:npa:")
    assert sorted(desk.reasons()) == ["broken-gzip", "too-large"]
    assert desk.files() == [
        *("done/one.json.gz", "done/plain.gz", "done/two.xml"),
        *("failed/bomb.gz", "failed/cut.gz"),
    ]


def test_too_large_and_unreadable_files_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drop_folder, "MAX_DOCUMENT_BYTES", 1000)
    put(desk.folder, "large.json", item(1, body_text="x" * 2000))
    put(desk.folder, "empty.json", b"")
    put(desk.folder, "name\udcff\n.json", item(2))
    desk.run()
    assert sorted(desk.reasons()) == ["empty-file", "too-large"]
    assert [raw["path"] for raw in payloads(desk.log, "raw")] == ["name\\xff\\x0a.json"]


def watching(desk: Desk, **options: Any) -> tuple[Iterator[Any], Event, SourceState]:
    kept = SourceState(desk.log, "wires", desk.tmp_path / "watching")
    stop = Event()
    source = WiresSource({"npa": desk.folder}, kept.state, stop=stop, **options)
    return source.captures(), stop, kept


def test_a_growing_file_is_taken_when_it_is_whole_and_a_moved_one_at_once(desk: Desk, tmp_path: Path) -> None:
    outcomes, stop, kept = watching(desk, settled_seconds=0.6)
    whole = json.dumps(item(1))
    with (desk.folder / "growing.json").open("w") as growing:
        for part in (whole[:20], whole[20:40], whole[40:]):
            growing.write(part)
            growing.flush()
            assert [next(outcomes), next(outcomes)] == [None, None]
    first = next(outcome for outcome in outcomes if outcome is not None)
    assert first.raw.body == whole
    put(tmp_path, "elsewhere.json", item(2)).rename(desk.folder / "moved.json")
    second = next(outcome for outcome in outcomes if outcome is not None)
    assert second.raw.guid == "urn:npa:2"
    stop.set()
    assert [outcome for outcome in outcomes if outcome is not None] == []
    kept.close()


def test_a_document_that_breaks_off_is_given_time_to_go_on(desk: Desk) -> None:
    outcomes, stop, kept = watching(desk, settled_seconds=0.1, patience_seconds=60)
    whole = json.dumps(item(1)).encode()
    put(desk.folder, "slow.json", whole[:30], age=5)
    assert [next(outcomes) for _ in range(4)] == [None] * 4
    put(desk.folder, "slow.json", whole, age=4)
    assert next(outcome for outcome in outcomes if outcome is not None).raw.guid == "urn:npa:1"
    stop.set()
    list(outcomes)
    kept.close()


def test_folders_that_do_not_fit_are_refused(desk: Desk, tmp_path: Path) -> None:
    kept = SourceState(desk.log, "wires", tmp_path / "state")
    with pytest.raises(UsageError, match="is no folder"):
        WiresSource({"npa": tmp_path / "missing"}, kept.state)
    (desk.folder / "inner").mkdir()
    with pytest.raises(UsageError, match="taken twice"):
        WiresSource({"npa": desk.folder, "other": desk.folder / "inner"}, kept.state)
    (tmp_path / "other").mkdir()
    put(tmp_path / "other", "failed", b"a file of that name")
    with pytest.raises(UsageError, match="--keep"):
        WiresSource({"npa": tmp_path / "other"}, kept.state)
    kept.close()


def test_several_feeds_keep_their_names(desk: Desk, tmp_path: Path) -> None:
    put(desk.folder, "a.json", item(1))
    put(tmp_path / "delta", "a.json", item(2))
    kept = SourceState(desk.log, "wires", tmp_path / "state")
    source = WiresSource({"npa": desk.folder, "delta": tmp_path / "delta"}, kept.state, once=True)
    SourceLoop(source, desk.log, kept.writer, kept=kept).run()
    kept.close()
    raws = payloads(desk.log, "raw")
    assert sorted((raw["source"]["name"], raw["path"]) for raw in raws) == [
        ("delta", "delta/a.json"),
        ("npa", "npa/a.json"),
    ]
