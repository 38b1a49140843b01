"""Web archives as warcio writes them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = {"Content-Type": "text/html; charset=utf-8"}
DATE = "2024-02-01T12:00:00Z"


def page(number: int, size: int = 400) -> bytes:
    """Return a page that is like no other."""
    words = " ".join(hashlib.sha256(f"{number}:{n}".encode()).hexdigest() for n in range(size // 64))
    return f"<html><title>Page {number}</title><p>{words}</p></html>".encode()


def url(number: int) -> str:
    return f"https://herald.example/{number}"


class Writer:
    """Collects records, and where each begins."""

    def __init__(self, *, packed: bool = True, version: str = "1.0") -> None:
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed, warc_version=version)
        self.offsets: list[int] = []

    @property
    def data(self) -> bytes:
        """The archive."""
        return self._out.getvalue()

    def add(
        self,
        target: str,
        body: bytes,
        *,
        kind: str = "response",
        status: str = "200 OK",
        headers: Mapping[str, str] | list[tuple[str, str]] = HTML,
        date: str = DATE,
        content_type: str | None = None,
        digests: bool = True,
        **warc_headers: str,
    ) -> Writer:
        """Add a record."""
        self.offsets.append(self._out.tell())
        pairs = list(headers.items()) if isinstance(headers, Mapping) else headers
        http: Any = (
            StatusAndHeaders(status, pairs, protocol="HTTP/1.1") if kind in ("response", "revisit") else None
        )
        record = self._writer.create_warc_record(
            target,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=content_type or "",
            warc_headers_dict={
                "WARC-Date": date,
                **{k.replace("_", "-"): v for k, v in warc_headers.items()},
            },
        )
        if not digests:
            record.rec_headers.remove_header("WARC-Block-Digest")
            record.rec_headers.add_header("WARC-Block-Digest", "none:none")
        self._writer.write_record(record)
        return self


def pages(count: int, size: int = 400, **options: Any) -> Writer:
    """Return an archive of that many pages."""
    writer = Writer(**{k: options.pop(k) for k in ("packed", "version") if k in options})
    for number in range(count):
        writer.add(url(number), page(number, size), **options)
    return writer
