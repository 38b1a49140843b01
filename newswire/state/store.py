"""The local copy of one partition's state, in SQLite: only ever a cache of the changelog."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import structlog

_LOG = structlog.get_logger("newswire.state")
_LAYOUT: Final = "1"


class Store:
    """Keys and values of one partition, and the changelog offset up to which they are complete.

    Anything that is wrong with the file (damaged, of another layout, of another changelog) is mended by throwing it away: the changelog
    has everything. `identity` names the changelog that the file must belong to.
    """

    def __init__(self, path: Path, identity: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._identity = identity
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            _LOG.warning(
                "state file is damaged; it is rebuilt from the changelog", path=str(path), error=str(error)
            )
            self.wipe()

    def _open(self) -> None:
        # One thread uses a store at a time, but tests hand it from the thread that made it to the one that runs the stage.
        self._db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS kv (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
        )
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
        )
        check = self._db.execute("PRAGMA quick_check").fetchone()[0]
        if check != "ok":
            raise sqlite3.DatabaseError(check)
        owner = (self._meta("layout"), self._meta("identity"))
        if owner != (_LAYOUT, self._identity):
            if owner != (None, None):
                _LOG.warning("state file belongs to another changelog; it is rebuilt", path=str(self.path))
            self._reset()
        self.next_offset = int(self._meta("next_offset") or 0)

    def _reset(self) -> None:
        with self._transaction():
            self._db.execute("DELETE FROM kv")
            self._db.execute("DELETE FROM meta")
            self._set_meta("layout", _LAYOUT)
            self._set_meta("identity", self._identity)
        self.next_offset = 0

    def wipe(self) -> None:
        """Begin again with an empty file."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._open()

    @property
    def saved_at(self) -> float:
        """When the file was last written, in seconds since 1970; 0 for a new one."""
        return float(self._meta("saved_at") or 0)

    def get(self, key: str) -> bytes | None:
        """Return a value or None."""
        row = self._db.execute("SELECT value FROM kv WHERE key = ?", (key.encode(),)).fetchone()
        return row[0] if row else None

    def scan(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield pairs whose key begins with the prefix, in order of the key's bytes."""
        low = prefix.encode()
        # No UTF-8 text contains the byte FF, so this is above every key with the prefix.
        rows = self._db.execute(
            "SELECT key, value FROM kv WHERE key >= ? AND key < ? ORDER BY key", (low, low + b"\xff")
        )
        for key, value in rows:
            yield key.decode(), value

    def apply(self, changes: Mapping[str, bytes | None], next_offset: int) -> None:
        """Make changes (None deletes) durable together with the changelog offset after them."""
        with self._transaction():
            self._db.executemany(
                "INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [(key.encode(), value) for key, value in changes.items() if value is not None],
            )
            self._db.executemany(
                "DELETE FROM kv WHERE key = ?",
                [(key.encode(),) for key, value in changes.items() if value is None],
            )
            self._set_meta("next_offset", str(next_offset))
            self._set_meta("saved_at", str(time.time()))
        self.next_offset = next_offset

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "_db"):
            self._db.close()

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)

    def _meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def _set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


class _Transaction:
    """One SQLite transaction: committed at the end of the block, rolled back when the block raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
