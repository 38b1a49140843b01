"""The files source."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import IO, Final

from newswire.capture import Captured, Unreadable, capture_key
from newswire.errors import UsageError
from newswire.topology import MAX_BODY_BYTES
from producers.files.article import raw_of
from producers.files.body import body_fields, refuse_binary
from producers.files.formats import Format, format_of, sniff
from producers.files.found import EXCERPT_BYTES, MAX_DOCUMENT_BYTES, Found, Refusal, shown_name
from producers.files.opening import Unpacking, opened, read_whole, too_large
from producers.files.records import Record, parse, records_of_document, records_of_lines
from producers.files.stdin import Stdin
from producers.files.walk import cannot_open, walk
from producers.files.watch import SETTLED_SECONDS, Watch, fingerprint
from schemas.core.source import Source
from schemas.raw.model import Item, Raw

STDIN: Final = "-"
_MEDIA_TYPE: Final[dict[Format, str]] = {"text": "text/plain", "html": "text/html"}
_SNIFF_BYTES: Final = 1024

Outcome = Captured | Unreadable | None


class FilesSource:
    """Articles from files, folders (at any depth, in the order of the names) and standard input (`-`).

    Text (`.txt`), HTML (`.html .htm .xhtml`), JSON (`.json`) and JSONL (`.jsonl .ndjson`), also packed with gzip (`.gz`): README.md
    beside this file has the fields of a JSON record. `name` is the source's name where a record names none; `language` (BCP 47) is
    the language where none is declared. With `watch` the folders stay watched after the first reading, until `stop` is set; a file is
    taken when it has not changed for `settled_seconds`. `skipped` counts, by suffix, the files of a folder that are none of ours.
    `stdin` and `clock` are for programs that bring their own.
    """

    rule_version = "1"

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        name: str = "files",
        watch: bool = False,
        language: str | None = None,
        stop: Event | None = None,
        settled_seconds: float = SETTLED_SECONDS,
        stdin: IO[bytes] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self.skipped: Counter[str] = Counter()
        self._paths = [str(path) for path in paths]
        self._watch = watch
        self._language = language
        self._stop = stop or Event()
        self._settled_seconds = settled_seconds
        self._stdin = stdin
        self._clock = clock
        if watch and STDIN in self._paths:
            raise UsageError(
                "standard input cannot be watched: leave out `--watch`, it is read to its end anyway"
            )
        if not paths:
            raise UsageError("no files given: name files or folders, or `-` for standard input")

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        """Yield what the paths hold, in order; see `Source.captures`. No single input that cannot be read ends it."""
        watched = Watch(self._paths, self._stop, self._settled_seconds) if self._watch else None
        for given in self._paths:
            if given == STDIN:
                yield from self._until_stopped(self._of_stdin())
                continue
            for found in walk(given, self.skipped):
                yield from self._until_stopped(self._of(found, watched))
        if watched:
            for change in watched.changes(self.skipped):
                if change is None:
                    yield None
                else:
                    yield from self._until_stopped(self._of(change, watched))

    def _until_stopped(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        while not self._stop.is_set():
            try:
                yield next(outcomes)
            except StopIteration:
                return

    def _of(self, found: Found | Unreadable, watched: Watch | None) -> Iterator[Outcome]:
        if isinstance(found, Unreadable):
            yield found
            return
        if watched:
            watched.taken(found.path, fingerprint(found.path))
        try:
            with opened(found.path) as (file, size):
                yield from self._of_open_file(file, size, found.shown)
        except OSError as error:
            yield cannot_open(error).about(found.shown)
        except Refusal as refusal:
            yield refusal.about(found.shown)

    def _of_open_file(self, file: IO[bytes] | Unpacking, size: int, shown: str) -> Iterator[Outcome]:
        form = format_of(shown)
        start = b""
        if form is None:
            start = file.read(_SNIFF_BYTES)
            form = sniff(start)
        if form == "jsonl":
            yield from self._of_records(records_of_lines(_with_start(start, file.read)), shown, "line")
            return
        limit = MAX_DOCUMENT_BYTES if form == "json" else MAX_BODY_BYTES
        advice = (
            "write one record a line, as .jsonl"
            if form == "json"
            else "split it, or leave out what is not the article"
        )
        try:
            data = start + read_whole(file, limit - len(start), advice)
        except Refusal as refusal:
            refusal.size = max(refusal.size, size)
            raise
        yield from self._of_document(form, data, shown)

    def _of_document(self, form: Format, data: bytes, shown: str) -> Iterator[Outcome]:
        if not data.strip():
            raise Refusal("empty-file", "there is nothing in it", original=data, size=len(data))
        if form == "json":
            yield from self._of_records(records_of_document(data), shown, "record")
            return
        refuse_binary(data)
        raw = Raw(
            source=Source(name=self.name, kind="files"),
            captured_at=self._clock(),
            media_type=_MEDIA_TYPE[form],
            path=shown,
            item=Item(language=self._language),
            **body_fields(data),
        )
        yield _captured(raw)

    def _of_records(self, records: Iterator[Record | None], shown: str, unit: str) -> Iterator[Outcome]:
        any_record = False
        for each in records:
            if each is None:
                yield None
                continue
            any_record = True
            number, record = each.number, each.value
            try:
                if isinstance(record, Refusal):
                    raise record
                yield _captured(
                    raw_of(
                        record,
                        source=self.name,
                        language=self._language,
                        captured_at=self._clock(),
                        path=f"{shown}#{number}" if number else shown,
                    )
                )
            except Refusal as refusal:
                if refusal.original is None:
                    refusal.original, refusal.size = each.original[:EXCERPT_BYTES], len(each.original)
                yield refusal.about(f"{shown} {unit} {number}" if number else shown)
        if not any_record:
            raise Refusal("empty-file", "there is no record in it", original=b"")

    def _of_stdin(self) -> Iterator[Outcome]:
        stream = Stdin(self._stdin or sys.stdin.buffer)
        start = b""
        while b"\n" not in start and len(start) < MAX_BODY_BYTES:
            chunk = stream.read(64 * 1024)
            if chunk is None:
                yield None
            elif not chunk:
                break
            else:
                start += chunk
        stream.push_back(start)
        form = sniff(start[:_SNIFF_BYTES])
        try:
            if form == "jsonl" and not isinstance(parse(start.partition(b"\n")[0]), (Refusal, list)):
                yield from self._of_records(records_of_lines(stream.read), STDIN, "line")
            else:  # a document: JSON over several lines, HTML, text
                as_document: Format = "json" if form == "jsonl" else form
                data = bytearray()
                limit = MAX_DOCUMENT_BYTES if form == "jsonl" else MAX_BODY_BYTES
                while (chunk := stream.read(64 * 1024)) != b"":
                    data += chunk or b""
                    if chunk is None:
                        yield None
                    if len(data) > limit:
                        raise too_large(bytes(data), len(data), limit, "send one record a line")
                yield from self._of_document(as_document, bytes(data), STDIN)
        except Refusal as refusal:
            yield refusal.about(shown_name("standard input"))


def _captured(raw: Raw) -> Captured:
    return Captured(raw, capture_key(raw.source.name, url=raw.url, guid=raw.guid, path=raw.path))


def _with_start(start: bytes, read: Callable[[int], bytes]) -> Callable[[int], bytes | None]:
    ahead = [start] if start else []
    return lambda size: ahead.pop() if ahead else read(size)
