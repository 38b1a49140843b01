"""Dead letters outside of Kafka: the original bytes as files, and an index of what is known of each."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, Final

import orjson

from newswire.errors import UsageError
from newswire.log.contract import Headers, Log
from newswire.rejected import DeadLetter, whole_original

INDEX: Final = "index.jsonl"


def described(log: Log, letters: Iterable[DeadLetter]) -> Iterator[dict[str, Any]]:
    """Yield for each letter what is known of it, with key, value and headers of its original in base64.

    `truncated` tells that only the beginning of the value is left anywhere; `intact` whether the value has the SHA-256 that the letter
    names, None where that cannot be told.
    """
    for letter in letters:
        entry, value = _described(log, letter)
        yield entry | {"value": _base64(value)}


def export_to(folder: Path, log: Log, letters: Iterable[DeadLetter]) -> Iterator[dict[str, Any]]:
    """Write each letter's original value into a file of its own, and yield its line of the index as that is written.

    A file is named by where the letter stands, `<partition>-<offset>.bin`, and never by anything that came from outside. A record without
    a value has no file. The index is whole once all has been yielded. Raises UsageError when the folder holds something already, or cannot
    be made or written to.
    """
    with _writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UsageError(
                f"{folder} is not empty: give a new folder, so that no other file is overwritten"
            )
        # Exclusive: a link that somebody puts there meanwhile is not followed. Unbuffered: closing it cannot fail.
        index = (folder / INDEX).open("xb", buffering=0)
    with index:
        for letter in letters:
            entry, value = _described(log, letter)
            name = None if value is None else f"{letter.ref.partition}-{letter.ref.offset:012d}.bin"
            entry |= {"file": name}
            with _writable(folder):
                if name is not None and value is not None:
                    with (folder / name).open("xb") as file:
                        file.write(value)
                _write_whole(index, orjson.dumps(entry) + b"\n")
            yield entry


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = error.filename or folder
        raise UsageError(
            f"{what} cannot be written ({error.strerror or error}): give a new folder, or an empty one, that may be written to and has room"
        ) from error


def _write_whole(file: FileIO, content: bytes) -> None:
    # Where room runs out a write may take a part, and only the next one fails.
    while content:
        content = content[file.write(content) :]


def _described(log: Log, letter: DeadLetter) -> tuple[dict[str, Any], bytes | None]:
    rejected, kept = letter.letter, letter.letter.original
    key, value, headers, intact = letter.key, letter.value, letter.headers, letter.intact
    whole = whole_original(log, letter) if kept.truncated else None
    if whole is not None:
        key, value, headers, intact = whole.key, whole.value, whole.headers, True
    entry = {
        "letter": letter.name,
        "refused_at": letter.recorded_at or letter.time,
        "stage": rejected.stage,
        "rule_version": rejected.rule_version,
        "verdict": rejected.verdict,
        "reason": rejected.reason,
        "detail": rejected.detail,
        "source": rejected.source,
        "article_id": rejected.article_id,
        "raw": _place(rejected.raw),
        "input": _place(rejected.input),
        "size": kept.size,
        "sha256": kept.sha256,
        "exported_sha256": None if value is None else hashlib.sha256(value).hexdigest(),
        "truncated": kept.truncated and whole is None,
        "intact": intact,
        "timestamp_ms": kept.timestamp_ms,
        "key": _base64(key),
        "headers": _listed(headers),
    }
    return entry, value


def _listed(headers: Headers) -> list[dict[str, str | None]]:
    return [{"name": name, "value": _base64(value)} for name, value in headers]


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _place(ref: Any) -> str | None:
    return None if ref is None else f"{ref.topic}/{ref.partition}/{ref.offset}"
