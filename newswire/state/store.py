"""The local copy of one partition's state, in SQLite: only ever a cache of the changelog."""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import orjson
import structlog

_LOG = structlog.get_logger("newswire.state")
_LAYOUT: Final = "2"
_KEYS_A_QUERY: Final = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """The last changelog record that a store holds: by it the changelog is known again."""

    offset: int
    key: str
    crc: int
    """CRC-32 of key and value."""

    @classmethod
    def of(cls, offset: int, key: bytes | None, value: bytes | None) -> Mark:
        """Return the mark of a changelog record."""
        name = key or b""
        return cls(offset, name.decode(), _crc(name, b"\0" if value is None else value))


@dataclass(frozen=True, slots=True)
class _Head:
    """What the file says about itself. `rows` and `sum`, the count of its pairs and the sum of their CRCs, tell whether it is whole."""

    layout: str
    identity: str
    next_offset: int = 0
    as_of: float = 0.0
    rows: int = 0
    sum: int = 0
    last: Mark | None = None


class Store:
    """Keys and values of one partition, and the changelog offset up to which they are complete.

    Anything that is wrong with the file (damaged, of another layout, of another changelog) is mended by throwing it away: the changelog
    has everything. `identity` names the changelog that the file must belong to. SQLite itself does not see a changed byte in a value, nor
    a file that is put back without its journal, so every pair has a checksum, and the file one over all of them; both are checked when it
    is opened, which takes 2.3 s of processor time per million pairs of 350 bytes (`python benchmarks/state.py`, two cores). Raises OSError
    or sqlite3.Error when the folder cannot be used.
    """

    def __init__(self, path: Path, identity: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._identity = identity
        try:
            self._open()
        except (sqlite3.DatabaseError, PermissionError) as error:
            _LOG.warning(
                "state file cannot be used; it is rebuilt from the changelog",
                path=str(path),
                error=str(error),
            )
            self.wipe()

    def _open(self) -> None:
        if self.path.is_file():
            # SQLite opens what may only be read as well, and would fail at the first window.
            self.path.open("r+b").close()
        # One thread uses a store at a time, but tests hand it from the thread that made it to the one that runs the stage.
        self._db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        # What is deleted is overwritten: a purge leaves nothing in the file.
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.execute("CREATE TABLE IF NOT EXISTS head (text BLOB NOT NULL, crc INTEGER NOT NULL)")
        head = self._read_head()
        if head is None or (head.layout, head.identity) != (_LAYOUT, self._identity):
            if head is not None:
                _LOG.warning("state file belongs to another changelog; it is rebuilt", path=str(self.path))
            head = self._reset()
        self._head = head
        self._check()

    def _read_head(self) -> _Head | None:
        rows = self._db.execute("SELECT text, crc FROM head").fetchall()
        if not rows:
            return None
        [(text, crc)] = rows[:1]
        if len(rows) > 1 or not isinstance(text, bytes) or zlib.crc32(text) != crc:
            raise sqlite3.DatabaseError("its head is damaged")
        fields = orjson.loads(text)
        if fields.get("layout") != _LAYOUT:
            return _Head("", "")
        last = fields.pop("last")
        return _Head(**fields, last=None if last is None else Mark(**last))

    def _reset(self) -> _Head:
        head = _Head(_LAYOUT, self._identity)
        with _Transaction(self._db):
            for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if name in {"kv", "meta"}:
                    self._db.execute(f"DROP TABLE {name}")
            self._db.execute(
                "CREATE TABLE kv (key BLOB PRIMARY KEY, value BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
            )
            self._write_head(head)
        return head

    def _check(self) -> None:
        found = self._db.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        rows = total = 0
        for key, value, crc in self._db.execute("SELECT key, value, crc FROM kv"):
            if _crc(key, value) != crc:
                raise sqlite3.DatabaseError(f"the value of key {key!r} was changed")
            rows += 1
            total += crc
        if (rows, total) != (self._head.rows, self._head.sum):
            raise sqlite3.DatabaseError("it is not whole")

    def wipe(self) -> None:
        """Begin again with an empty file."""
        self.close()
        if self.path.is_dir():
            # Not ours, so it is not thrown away.
            self.path.rename(self.path.with_name(f"{self.path.name}.moved-{time.time_ns()}"))
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._open()

    @property
    def identity(self) -> str:
        """The changelog that the file belongs to."""
        return self._identity

    @property
    def next_offset(self) -> int:
        """The changelog offset up to which the file is complete."""
        return self._head.next_offset

    @property
    def as_of(self) -> float:
        """When the file was last known to be complete, in seconds since 1970; 0 for a new one."""
        return self._head.as_of

    @property
    def last(self) -> Mark | None:
        """The last changelog record in it, None where there is none."""
        return self._head.last

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

    def apply(
        self,
        changes: Mapping[str, bytes | None],
        next_offset: int,
        *,
        last: Mark | None = None,
        as_of: float | None = None,
    ) -> None:
        """Make changes (None deletes) durable together with the changelog offset after them, and the last of their records.

        `as_of`: when that offset was known to be the changelog's end, in seconds since 1970; now, unless it is given.
        """
        with _Transaction(self._db):
            old = self._crcs([key.encode() for key in changes])
            pairs = [
                (name, value, _crc(name, value))
                for name, value in ((key.encode(), value) for key, value in changes.items())
                if value is not None
            ]
            self._db.executemany("INSERT OR REPLACE INTO kv (key, value, crc) VALUES (?, ?, ?)", pairs)
            self._db.executemany(
                "DELETE FROM kv WHERE key = ?",
                [(key.encode(),) for key, value in changes.items() if value is None],
            )
            head = replace(
                self._head,
                next_offset=next_offset,
                as_of=time.time() if as_of is None else as_of,
                rows=self._head.rows - len(old) + len(pairs),
                sum=self._head.sum - sum(old) + sum(crc for _, _, crc in pairs),
                last=last or self._head.last,
            )
            self._write_head(head)
        self._head = head

    def _crcs(self, keys: list[bytes]) -> list[int]:
        """Return the checksums of those keys that are there."""
        found: list[int] = []
        for start in range(0, len(keys), _KEYS_A_QUERY):
            some = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(some))
            rows = self._db.execute(f"SELECT crc FROM kv WHERE key IN ({marks})", some)  # noqa: S608 - question marks
            found += [crc for (crc,) in rows]
        return found

    def _write_head(self, head: _Head) -> None:
        text = orjson.dumps(asdict(head))
        self._db.execute("DELETE FROM head")
        self._db.execute("INSERT INTO head (text, crc) VALUES (?, ?)", (text, zlib.crc32(text)))

    def close(self) -> None:
        """Close the file."""
        if hasattr(self, "_db"):
            self._db.close()


def _crc(key: bytes, value: bytes) -> int:
    return zlib.crc32(value, zlib.crc32(key))


class _Transaction:
    """One SQLite transaction: committed at the end of the block, rolled back when the block raises."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")
