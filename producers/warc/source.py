"""The WARC source."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import IO, Final

import orjson

from newswire.capture import Captured, Unreadable, capture_key
from newswire.errors import UsageError
from newswire.state.contract import State
from producers.files.found import EXCERPT_BYTES, Refusal, shown_name
from producers.files.stdin import Stdin
from producers.files.walk import cannot_open
from producers.warc.archive import Archive, opened
from producers.warc.article import Passed, raw_of_record
from producers.warc.declared import is_declared
from producers.warc.reading import Damage, Mark, Record, read_archive, read_stream

STDIN: Final = "-"
SUFFIXES: Final = (".warc", ".warc.gz", ".warc.zst")
_IDENTITY_BYTES: Final = 64 * 1024
Outcome = Captured | Unreadable | None


class WarcSource:
    """Pages out of web archives: WARC 0.18 to 1.1, packed record by record, as a whole, or not (gzip, zstd).

    `paths` are files, folders (their files with one of `SUFFIXES`, at any depth, in the order of the names), or `-` for standard input.
    How far each file was read is kept in `state`, so that an archive that was begun is gone on with, and one that was read is not read
    again, under whatever name: a file is known by its size and first 64 KiB. `again` reads all from their beginnings. `passed` counts what
    holds no article, by why. It ends early when `stop` is set.
    """

    rule_version = "1"

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        state: State,
        name: str = "warc",
        language: str | None = None,
        again: bool = False,
        stop: Event | None = None,
        stdin: IO[bytes] | None = None,
    ) -> None:
        if not paths:
            raise UsageError(
                "no archives given: name WARC files or folders of them, or `-` for standard input"
            )
        self.name = name
        self.passed: Counter[str] = Counter()
        self._paths = [str(path) for path in paths]
        self._state = state
        self._language = language
        self._again = again
        self._stop = stop or Event()
        self._stdin = stdin

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        """Yield the pages of all archives, in order; see `Source.captures`."""
        for given in self._paths:
            if given == STDIN:
                yield from self._of_stdin()
                continue
            for path, shown in _files(Path(given)):
                if self._stop.is_set():
                    return
                yield from self._of_file(path, shown)
        yield None

    def _of_file(self, path: Path, shown: str) -> Iterator[Outcome]:
        try:
            with opened(path.resolve(strict=True)) as archive:
                yield from self._of_archive(archive, shown)
        except (OSError, RuntimeError) as error:
            yield cannot_open(error).about(shown)
        except Refusal as refusal:
            yield refusal.about(shown)

    def _of_archive(self, archive: Archive, shown: str) -> Iterator[Outcome]:
        if not archive.size:
            raise Refusal("empty-file", "there is nothing in it", original=b"")
        key = _state_key(archive)
        known = None if self._again else self._state.get(key)
        since = Mark(*orjson.loads(known)) if known else Mark()
        before: Record | None = None
        for found, mark in read_archive(archive, since):
            if self._stop.is_set():
                return
            outcome = self._outcome(found, shown, before)
            before = found if isinstance(found, Record) and is_declared(found) else None
            if before is not None:
                continue  # It is gone on with from here, so that it is read again with the record that it is of.
            # Before it is yielded: so it is written in the transaction of what it counts.
            self._state.put(key, orjson.dumps([mark.offset, mark.after]))
            if outcome is not None:
                yield outcome

    def _of_stdin(self) -> Iterator[Outcome]:
        stream = _Waiting(Stdin(self._stdin or sys.stdin.buffer), self._stop)
        nothing = True
        before: Record | None = None
        for found in read_stream(stream):
            nothing = False
            if self._stop.is_set():
                return
            outcome = self._outcome(found, STDIN, before)
            before = found if isinstance(found, Record) and is_declared(found) else None
            if outcome is not None:
                yield outcome
        if nothing and not self._stop.is_set():
            yield Refusal("empty-file", "there is no record in it", original=b"").about("standard input")

    def _outcome(
        self, found: Record | Damage, shown: str, before: Record | None
    ) -> Captured | Unreadable | None:
        where = f"{shown}#{found.offset}"
        if isinstance(found, Damage):
            return Unreadable(where, found.reason, found.detail, None, found.size)
        if is_declared(found):
            return None
        try:
            raw = raw_of_record(found, source=self.name, language=self._language, path=where, before=before)
        except Passed as passed:
            self.passed[passed.why] += 1
            return None
        except Refusal as refusal:
            url = found.headers.get("warc-target-uri", "")
            block = found.block
            return Unreadable(
                shown_name(f"{where} {url[:200]}".strip()),
                refusal.reason,
                refusal.detail,
                block[:EXCERPT_BYTES],
                len(block),
            )
        return Captured(raw, capture_key(raw.source.name, url=raw.url, guid=raw.guid, path=raw.path))


class _Waiting:
    """Standard input for the parser: waits for more, until asked to stop."""

    def __init__(self, stdin: Stdin, stop: Event) -> None:
        self._stdin = stdin
        self._stop = stop
        self._read = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return what has come; empty at the end, and when asked to stop."""
        while not self._stop.is_set():
            chunk = self._stdin.read(size if size > 0 else _IDENTITY_BYTES)
            if chunk is not None:
                self._read += len(chunk)
                return chunk
        return b""

    def tell(self) -> int:
        """Return how much was read."""
        return self._read


def _files(given: Path) -> Iterator[tuple[Path, str]]:
    if not given.is_dir():
        yield given, shown_name(given.name or given)
        return
    for path in sorted(given.rglob("*")):
        if path.name.lower().endswith(SUFFIXES) and not path.is_symlink() and path.is_file():
            yield path, shown_name(path.relative_to(given))


def _state_key(archive: Archive) -> str:
    start = archive.head(_IDENTITY_BYTES)
    return f"file/{hashlib.sha256(f'{archive.size}:'.encode() + start).hexdigest()}"
