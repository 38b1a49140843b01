"""What a file or an address would be captured as, for a look at what becomes of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import orjson

from newswire.capture import Captured, Unreadable, capture_key
from newswire.config import Settings
from newswire.topology import MAX_BODY_BYTES
from newswire.wires import text_format
from newswire.wires.ninjs import is_ninjs
from producers.fetch.configured import client
from producers.files import FilesSource
from producers.files.body import body_fields
from producers.polling.raws import http_of, page_failure
from producers.wires.capture import captures_of
from schemas.core.rights import Rights
from schemas.core.source import Source
from schemas.raw.model import Raw

_NAME: Final = "explain"
_STDIN: Final = "-"
_OTHERS: Final = (".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".gz")
"""Ends of names of what is no item of an agency."""


def capture(
    what: str, settings: Settings, *, url: str | None = None, stdin: IO[bytes] | None = None
) -> Iterator[Captured | Unreadable]:
    """Yield what is captured of a file (text, HTML, JSON, JSON lines, an agency's item), of standard input (`-`), or of an address.

    An address is fetched as all pages are: robots.txt and the pace of its host are kept. `url` says where a file's page came from.
    Raises UsageError where nothing may be fetched, since the settings do not say who asks.
    """
    if "://" in what:
        yield _page(what, settings)
        return
    for each in _of_file(what, stdin):
        if url is None or isinstance(each, Unreadable) or each.raw.url is not None:
            yield each
        else:
            yield Captured(each.raw.model_copy(update={"url": url}), url)


def _of_file(what: str, stdin: IO[bytes] | None) -> Iterator[Captured | Unreadable]:
    path = Path(what)
    if what != _STDIN and path.suffix.lower() not in _OTHERS and path.is_file():
        with path.open("rb") as file:
            data = file.read(MAX_BODY_BYTES + 1)
        if len(data) <= MAX_BODY_BYTES and (
            path.suffix.lower() == ".xml" or text_format(data) or _is_ninjs(data)
        ):
            yield from captures_of(
                data, source=_NAME, language=None, captured_at=datetime.now(UTC), path=what
            )
            return
    source = FilesSource([what], name=_NAME, stdin=stdin or (sys.stdin.buffer if what == _STDIN else None))
    yield from (each for each in source.captures() if each is not None)


def _is_ninjs(data: bytes) -> bool:
    if not data.lstrip().startswith(b"{"):
        return False
    try:
        record: Any = orjson.loads(data)
    except ValueError:
        return False
    return is_ninjs(record)


def _page(url: str, settings: Settings) -> Captured | Unreadable:
    page = client(settings).fetch(url)
    failure = page_failure(page)
    if failure is not None:
        return Unreadable(what=url, reason=failure.reason, detail=failure.detail, original=None, size=0)
    body = page.body or b""
    raw = Raw(
        source=Source(name=_NAME, kind="pages"),
        captured_at=datetime.now(UTC),
        media_type=page.media_type or "text/html",
        charset=page.charset,
        url=page.url,
        rights=Rights(text_and_data_mining=page.rights.text_and_data_mining),
        http=http_of(page),
        **body_fields(body),
    )
    return Captured(raw, capture_key(_NAME, url=page.url))
