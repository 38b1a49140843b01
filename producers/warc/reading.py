"""The records of an archive, in order, and what is damaged in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from fastwarc.warc import ArchiveIterator

from producers.warc.archive import Archive, Readable
from producers.warc.limits import MAX_BLOCK_BYTES, MAX_HEADER_BYTES, MAX_UNPACKED_BYTES, STEP_BYTES

_PANIC: Final = "PanicException"
"""What the parser, which is written in Rust, raises when it finds a fault in itself. It is no Exception, so it is known by its name."""
_DIGESTS: Final = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    offset: int
    """Where it is: of its first byte in the file where it is packed by itself or not at all; otherwise near it."""
    type: str
    """`response`, `warcinfo`, …; lower case."""
    headers: dict[str, str]
    """Its named fields, names in lower case."""
    block: bytes
    """Its content."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is no record, or one that cannot be read. What comes after it is read."""

    offset: int
    """Where, or after the beginning of which record."""
    reason: str
    """`broken-record`, `cut-short`, `too-large` or `wrong-digest`."""
    detail: str
    """What was wrong."""
    size: int = 0
    """Bytes, as far as known."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an archive was read: so many records and damages after the one that begins at `offset` and with it."""

    offset: int = 0
    after: int = 0


def read_archive(archive: Archive, since: Mark) -> Iterator[tuple[Record | Damage, Mark]]:
    """Yield what comes after a mark, each with the mark after it. The same bytes give the same, wherever it is begun."""
    anchor, after = since.offset, 0
    for found, is_anchor in _found(archive, since.offset):
        if is_anchor and found.offset != anchor:
            anchor, after = found.offset, 0
        after += 1
        if anchor == since.offset and after <= since.after:
            continue
        yield found, Mark(anchor, after)


def read_stream(stream: Readable) -> Iterator[Record | Damage]:
    """Yield the records of a stream that cannot be gone back in: what follows damage is lost with it."""
    last = 0
    try:
        for record in _parsed(stream):
            last = record.stream_pos
            yield _record(record, last)[0]
    except OSError as error:
        yield Damage(
            last,
            "broken-record",
            f"what comes after the record at {last} cannot be read ({error}), and standard input cannot be gone back in: save it to a "
            "file, whose other records can be read",
        )


def _found(archive: Archive, start: int) -> Iterator[tuple[Record | Damage, bool]]:
    """Yield what there is, and whether it begins exactly at its offset."""
    base = start
    unsure: Damage | None = None
    while True:
        goes_on: int | None = None
        last: int | None = None
        told = False
        try:
            for parsed in _parsed(archive.at(base)):
                if unsure is not None:
                    yield unsure, False
                    unsure = None
                record_id = parsed.headers.get("WARC-Record-ID", "")
                exact = bool(record_id) and archive.begins(parsed.stream_pos, record_id)
                place: int = parsed.stream_pos if exact else base if last is None else last
                last = place
                record, whole = _record(parsed, place)
                told = isinstance(record, Damage)
                yield record, exact
                if not whole and archive.packed:
                    # Not unpacked to its end, which may never come.
                    goes_on = archive.next_record(place + 1)
                    if goes_on is not None:
                        break
                    _pass_over(parsed.reader.read)
            if goes_on is None:
                yield from _end(archive, base, last)
        except OSError as error:
            if last is None:
                unsure = None
                yield Damage(base, "broken-record", f"the record at {base} cannot be read: {error}"), False
            elif not told:
                # A record that cannot be read is told of when it is tried by itself; else something stood between two.
                unsure = Damage(
                    archive.end_of(last) or last,
                    "broken-record",
                    f"after the record at {last} comes something that is none ({error}), or its length is wrong",
                )
            goes_on = archive.next_record((base if last is None else last) + 1)
        if goes_on is None:
            break
        base = goes_on
    if unsure is not None:
        yield unsure, False


def _end(archive: Archive, base: int, last: int | None) -> Iterator[tuple[Damage, bool]]:
    """Yield what is wrong with an end that the parser took for one: it passes over a record that is cut off near its beginning."""
    if last is None:
        yield Damage(base, "cut-short", "from here to its end there is no whole record"), False
        return
    end = archive.end_of(last)
    if end is not None and end < archive.size:
        rest = archive.size - end
        yield Damage(end, "cut-short", f"its last {rest:,} bytes are no whole record", rest), False


def _parsed(stream: Readable) -> Iterator[Any]:
    try:
        # Only `read` and `tell` are called, whatever its types say.
        yield from ArchiveIterator(cast("Any", stream), parse_http=False, max_header_len=MAX_HEADER_BYTES)
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise OSError("the parser gave up on it") from error


def _record(parsed: Any, offset: int) -> tuple[Record | Damage, bool]:
    """Return a record, or what is wrong with it, and whether it was read to its end."""
    headers = {name.lower(): value for name, value in parsed.headers.items()}
    length: int = parsed.content_length
    missing = [name for name in ("warc-type", "content-length") if not headers.get(name)]
    if missing:
        detail = f"it ends within the header of a record, or that has no {missing[0]}"
        return Damage(offset, "cut-short", detail), True
    if length > MAX_BLOCK_BYTES:
        detail = f"a record of {length:,} bytes, where {MAX_BLOCK_BYTES:,} are the most"
        return Damage(offset, "too-large", detail, length), False
    block: bytes = parsed.reader.read()
    if len(block) < length:
        detail = f"it ends after {len(block):,} of the {length:,} bytes that its Content-Length promises"
        return Damage(offset, "cut-short", detail, len(block)), True
    if not _digest_is_right(headers.get("warc-block-digest", ""), block):
        detail = "its bytes are not those of its WARC-Block-Digest: they were changed, or its length is wrong"
        return Damage(offset, "wrong-digest", detail, len(block)), True
    return Record(offset, headers["warc-type"].strip().lower(), headers, block), True


def _digest_is_right(labelled: str, block: bytes) -> bool:
    """Compare with a digest as `algorithm:base32`, or in hexadecimal. One that is not there, or of an unknown kind, is right."""
    name, _, value = labelled.strip().partition(":")
    make = _DIGESTS.get(name.lower())
    if make is None or not value:
        return True
    found = make(block, usedforsecurity=False)
    return (
        value.upper().rstrip("=") == base64.b32encode(found.digest()).decode().rstrip("=")
        or value.lower() == found.hexdigest()
    )


def _pass_over(read: Callable[[int], bytes]) -> None:
    passed = 0
    while piece := read(STEP_BYTES):
        passed += len(piece)
        if passed > MAX_UNPACKED_BYTES:
            raise OSError(f"a record unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
