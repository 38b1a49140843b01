"""What was captured, as WARC 1.1 (ISO 28500:2017), each record packed by itself with gzip."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
import uuid
from datetime import datetime
from typing import Final

from fastwarc.warc import WarcRecord, WarcRecordType

from producers.warc import declared
from schemas.raw.model import Http, Raw

_NAMESPACE: Final = uuid.UUID("6f0a7c0e-5d5b-4f0f-9a44-0d5f6f5e2a10")
_CONFORMS: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_HTTP: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f]", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:https?://|urn:|tag:)[^\s\x00-\x1f\x7f]", re.IGNORECASE)
_NOT_KEPT: Final = ("content-encoding", "transfer-encoding", "content-length")
"""Headers of how the body was packed for its way: it is written without that. They are kept under another name, as crawlers do."""


def warcinfo(software: str, now: datetime) -> bytes:
    """Return the record that an archive begins with."""
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: {_CONFORMS}\r\n"
    return _packed(
        WarcRecordType.warcinfo,
        f"warcinfo {now.isoformat()}",
        now,
        "application/warc-fields",
        fields.encode(),
    )


def as_warc(raw: Raw, where: str) -> bytes:
    """Return a capture as a record: a `response` where it came over HTTP, otherwise a `resource`.

    `where` is its place in the log, by which the record's id is always the same one. A capture without an address has
    its own id, where that is a link, or `urn:newswire:` and that place for one. Links are those of http, https, urn and tag.
    A `response` is of an address of http or https: by that readers (warcio is one) tell that its block begins with headers. One that has
    no such address is a `resource` too. The body is written byte for byte.
    """
    body = base64.b64decode(raw.body) if raw.body_encoding == "base64" else raw.body.encode()
    asked = _first(_HTTP, raw.http.final_url, raw.url) if raw.http is not None else None
    if raw.http is not None and asked is not None:
        kind, content_type = WarcRecordType.response, "application/http; msgtype=response"
        block, target = _head(raw.http, raw, len(body)) + body, asked
    else:
        kind, block = WarcRecordType.resource, body
        content_type = f"{raw.media_type}; charset={raw.charset}" if raw.charset else raw.media_type
        # What a sender calls an address may be a script, or none: who opens the archive must not meet it as a link.
        target = _first(_LINK, raw.url, raw.guid) or f"urn:newswire:{where}"
    return _packed(kind, where, raw.captured_at, content_type, block, target=target, payload=body)


def as_metadata(raw: Raw, where: str) -> bytes:
    """Return the record that stands before that of a capture, at `where`: all that was known of it but its body."""
    return _packed(
        WarcRecordType.metadata,
        f"metadata {where}",
        raw.captured_at,
        declared.MEDIA_TYPE,
        declared.declared_block(raw),
        refers_to=_id(where),
    )


def _id(name: str) -> str:
    return f"uuid:{uuid.uuid5(_NAMESPACE, name)}"


def _first(kind: re.Pattern[str], *named: str | None) -> str | None:
    return next((each for each in named if each and kind.match(each)), None)


def _head(http: Http, raw: Raw, length: int) -> bytes:
    lines = [f"HTTP/1.1 {http.status} "]
    for name, value in http.headers.items():
        lines.append(f"x-archive-{name}: {value}" if name in _NOT_KEPT else f"{name}: {value}")
    if "content-type" not in http.headers:
        lines.append(f"content-type: {raw.media_type}")
    lines.append(f"content-length: {length}")
    # What cannot stand in a header was taken out when it was captured; line ends of others must not make new headers.
    plain = [line.replace("\r", " ").replace("\n", " ") for line in lines]
    return "\r\n".join([*plain, "", ""]).encode("latin-1", "replace")


def _packed(
    kind: WarcRecordType,
    name: str,
    at: datetime,
    content_type: str,
    block: bytes,
    *,
    target: str | None = None,
    payload: bytes | None = None,
    refers_to: str | None = None,
) -> bytes:
    record = WarcRecord()
    record.init_headers(record_type=kind, record_urn=_id(name).encode())
    record.headers["WARC-Date"] = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if target is not None:
        record.headers["WARC-Target-URI"] = target.replace("\r", "%0D").replace("\n", "%0A")
    if refers_to is not None:
        record.headers["WARC-Refers-To"] = f"<urn:{refers_to}>"
    record.headers["Content-Type"] = content_type
    if payload is not None:
        digest = hashlib.sha1(payload, usedforsecurity=False).digest()
        record.headers["WARC-Payload-Digest"] = f"sha1:{base64.b32encode(digest).decode()}"
    record.set_bytes_content(block)
    written = io.BytesIO()
    record.write(written, checksum_data=True)
    return gzip.compress(written.getvalue(), mtime=0)
