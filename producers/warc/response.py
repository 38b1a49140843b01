"""The HTTP answer in a record: status, headers, and the body without what it was packed in for its way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from newswire.topology import MAX_BODY_BYTES
from producers.fetch.decoding import decoded
from producers.fetch.errors import Broken
from producers.files.found import Refusal
from producers.warc.limits import MAX_HEADER_BYTES

_STATUS: Final = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([1-9][0-9]{2})\b")
_END: Final = re.compile(rb"\r?\n\r?\n")
_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_CHUNK: Final = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MOST_HEADERS: Final = 256


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it was archived."""

    status: int
    headers: dict[str, str]
    """Names in lower case; of several with one name the values joined by `, `."""
    body: bytes
    """Without Transfer-Encoding and Content-Encoding. What is not really packed as they say stays as it is: crawlers unpack bodies and
    leave the headers."""


def read_response(block: bytes) -> Response:
    """Return the answer in a record's block. Raises `Refusal` for what is none, or is damaged or too large."""
    end = _END.search(block[: MAX_HEADER_BYTES + 4])
    status = _STATUS.match(block)
    if end is None or status is None:
        raise Refusal("broken-http", "it does not begin with a status line and headers that end")
    headers = _headers(block[: end.start()])
    body = block[end.end() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    return Response(int(status[1]), headers, _unpacked(body, headers.get("content-encoding", "")))


def _headers(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    lines = _FOLD.sub(b" ", head).replace(b"\r\n", b"\n").split(b"\n")[1:]
    for line in lines[:_MOST_HEADERS]:
        raw_name, parted, raw_value = line.partition(b":")
        name = raw_name.strip().decode("latin-1").lower()
        value = _CONTROLS.sub("", raw_value.strip().decode("latin-1"))
        if parted and name and name.isascii() and name.isprintable():
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _without_chunks(body: bytes) -> bytes:
    """Return a body without its chunks (RFC 9112, 7.1); as it is where it does not begin with one, or one does not end."""
    found, at = bytearray(), 0
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        begins = size.end()
        if length == 0:
            return bytes(found)
        if begins + length > len(body):
            raise Refusal("cut-short", "the body ends within a chunk")
        found += body[begins : begins + length]
        at = begins + length
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    return body if at == 0 else bytes(found)


def _unpacked(body: bytes, encoding: str) -> bytes:
    codings = encoding.split(",")
    found = bytearray()
    try:
        for piece in decoded(codings, [body]):
            found += piece
            if len(found) > MAX_BODY_BYTES:
                raise Refusal("too-large", f"its body unpacks to more than {MAX_BODY_BYTES:,} bytes")
    except Broken as broken:
        if not found and broken.reason == "encoding":
            return body  # unpacked when it was archived
        raise Refusal(broken.reason, broken.detail) from broken
    return bytes(found)
