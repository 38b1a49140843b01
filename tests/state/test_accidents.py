"""Whatever happens to a local state file, the stage decides as if nothing had: the real `deduplicate`, a real broker."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from news import by_input, deduplicate_on, drain, expected, normalized_news
from wire import make_topics

from newswire import topology
from newswire.log.kafka import KafkaLog
from newswire.state.store import Mark, Store

pytestmark = [pytest.mark.broker, pytest.mark.timeout(900)]
CHANGELOG = topology.changelog("deduplicate")
ARTICLES = 42


class Accidents:
    """Things that happen to the file of a stopped stage. `old` is a folder with copies from some time ago."""

    def __init__(self, identity: str, old: Path) -> None:
        self.identity = identity
        self.old = old

    def deleted(self, file: Path) -> None:
        file.unlink()

    def emptied(self, file: Path) -> None:
        file.write_bytes(b"")

    def truncated(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    def no_database(self, file: Path) -> None:
        file.write_bytes(b"not a database\n" * 1000)

    def a_byte_of_a_value(self, file: Path) -> None:
        """SQLite itself does not see this one."""
        with sqlite3.connect(file) as db:
            key, value = db.execute("SELECT key, value FROM kv ORDER BY key LIMIT 1 OFFSET 3").fetchone()
            db.execute("UPDATE kv SET value = ? WHERE key = ?", (bytes([value[0] ^ 1]) + value[1:], key))
        db.close()

    def bytes_all_over(self, file: Path) -> None:
        content = bytearray(file.read_bytes())
        for at in range(len(content) // 3, len(content), 997):
            content[at] ^= 0xFF
        file.write_bytes(content)

    def a_pair_lost(self, file: Path) -> None:
        with sqlite3.connect(file) as db:
            db.execute("DELETE FROM kv WHERE key = (SELECT key FROM kv LIMIT 1)")
        db.close()

    def a_link_to_nowhere(self, file: Path) -> None:
        file.unlink()
        file.symlink_to(file.parent / "nowhere" / "nothing")

    def a_journal_of_something_else(self, file: Path) -> None:
        file.with_name(file.name + "-wal").write_bytes(bytes(range(256)) * 64)

    def a_directory(self, file: Path) -> None:
        file.unlink()
        file.mkdir()
        (file / "somebody's").write_text("notes")

    def an_old_copy(self, file: Path) -> None:
        shutil.copy(self.old / file.name, file)

    def an_old_copy_under_a_newer_journal(self, file: Path) -> None:
        """As when a killed stage's file is restored from a backup, and its journal is left where it was."""
        store = Store(file, self.identity)
        store.apply({"a key": b"and a value"}, store.next_offset)
        journal = file.with_name(file.name + "-wal").read_bytes()
        store.close()
        shutil.copy(self.old / file.name, file)
        file.with_name(file.name + "-wal").write_bytes(journal)

    def of_another_topic(self, file: Path) -> None:
        file.unlink()
        store = Store(file, "another")
        store.apply({"a key": b"and a value"}, 3)
        store.close()

    def of_an_older_version(self, file: Path) -> None:
        file.unlink()
        with sqlite3.connect(file) as db:
            db.execute("CREATE TABLE kv (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
            db.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
            db.execute("INSERT INTO meta VALUES ('layout', '1'), ('next_offset', '3')")
        db.close()

    def too_old(self, file: Path) -> None:
        """What was deleted since may have no tombstone any more: here, a key that the changelog never had stands for it."""
        self._change(file, as_of=time.time() - 13 * 3600)

    def of_the_future(self, file: Path) -> None:
        self._change(file, as_of=time.time() + 13 * 3600)

    def _change(self, file: Path, as_of: float) -> None:
        store = Store(file, self.identity)
        everything = dict.fromkeys((key for key, _ in store.scan("")), None)
        store.apply(everything, store.next_offset, as_of=as_of)
        store.close()

    def ahead(self, file: Path) -> None:
        """The broker has lost data: the changelog ends before the file does."""
        store = Store(file, self.identity)
        everything = dict.fromkeys((key for key, _ in store.scan("")), None)
        store.apply(everything, store.next_offset + 1_000, last=Mark.of(store.next_offset + 998, b"k", b"v"))
        store.close()

    def of_another_history(self, file: Path) -> None:
        """The broker has lost data, and the changelog has grown past the file since: only its last record tells."""
        store = Store(file, self.identity)
        assert store.last is not None
        everything = dict.fromkeys((key for key, _ in store.scan("")), None)
        last = Mark.of(store.last.offset, store.last.key.encode(), b"what was there once")
        store.apply(everything, store.next_offset, last=last)
        store.close()


ALL = [name for name in vars(Accidents) if not name.startswith("_")]


def test_no_accident_changes_a_decision(kafka_log: KafkaLog, tmp_path: Path) -> None:
    """One run in seven parts. Before each part but the first, each of the three partitions' files has an accident of its own."""
    news = normalized_news(tmp_path / "normalize", ARTICLES)
    parts = 1 + len(ALL) // 3
    assert (len(ALL) % 3, ARTICLES % parts) == (0, 0)
    make_topics(kafka_log, partitions=3)
    folder, old = tmp_path / "state", tmp_path / "old"
    accidents = Accidents(kafka_log.identity(CHANGELOG), old)
    writer = kafka_log.writer("news")
    cut = [[r for r in news if r.partition == p] for p in range(3)]
    for part in range(parts):
        if part:
            for partition, name in enumerate(ALL[3 * (part - 1) : 3 * part]):
                happens: Callable[[Path], None] = getattr(accidents, name)
                happens(folder / f"{partition}.sqlite")
        size = ARTICLES // parts
        now = [record for of in cut for record in of[part * size : (part + 1) * size]]
        writer.write(now)
        loop = deduplicate_on(kafka_log, folder)
        drain(loop, records=len(now))
        loop.close()
        if part == 0:
            shutil.copytree(folder, old)
    writer.close()
    used = [record for of in cut for record in of[: parts * (ARTICLES // parts)]]
    assert by_input(kafka_log) == expected(tmp_path / "expected", used)
    identity = kafka_log.identity(CHANGELOG)
    for partition in range(3):
        store, model = Store(folder / f"{partition}.sqlite", identity), dict[str, bytes | None]()
        for record in kafka_log.read(CHANGELOG, partition, 0, store.next_offset):
            model[(record.key or b"").decode()] = record.value
        assert dict(store.scan("")) == {key: value for key, value in model.items() if value is not None}
        store.close()
    # What was in the way was moved aside, not thrown away.
    [moved] = folder.glob("*.moved-*/somebody's")
    assert moved.read_text() == "notes"
