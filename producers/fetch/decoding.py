"""Content codings (RFC 9110, 8.4.1), undone in small pieces, so that a bomb is noticed long before it has unfolded.

httpx2 decodes too, and as safely; but what comes after the first member of a gzip body is lost there, and a body that ends in the middle of
its packing passes for whole.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

import brotli

from producers.fetch.errors import Broken

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

_STEP: Final = 256 * 1024  # bytes that are unpacked at a time
_MOST_MEMBERS: Final = 1000  # of one body
_MOST_CODINGS: Final = 3
_GZIP_MAGIC: Final = b"\x1f\x8b"


class _Coding(Protocol):
    def unpack(self, data: bytes) -> Iterator[bytes]:
        """Yield what the next packed bytes unpack to, in pieces."""
        ...

    def whole(self) -> bool:
        """Whether the end of the packing has come."""
        ...


class _Gzip:
    """RFC 1952: any number of members. Junk after the last one is left out."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        self._rest = b""
        self._junk = False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        data, self._rest = self._rest + data, b""
        while data and not self._junk:
            if self._member.eof:
                if len(data) < len(_GZIP_MAGIC):
                    self._rest = data
                    return
                if not data.startswith(_GZIP_MAGIC):
                    self._junk = True
                    return
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise Broken("encoding", f"the body is packed in more than {_MOST_MEMBERS} members")
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield from _inflate(self._member, data)
            data = self._member.unused_data

    def whole(self) -> bool:
        return self._member.eof


class _Deflate:
    """RFC 1950 as the RFC says, or bare RFC 1951 as some servers send it."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._rest = b""

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self._stream is None:
            data, self._rest = self._rest + data, b""
            if len(data) < 2:
                self._rest = data
                return
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        if not self._stream.eof:
            yield from _inflate(self._stream, data)

    def whole(self) -> bool:
        return self._stream is not None and self._stream.eof


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self._stream.is_finished():
            return
        yield self._stream.process(data, output_buffer_limit=_STEP)
        while not self._stream.is_finished() and not self._stream.can_accept_more_data():
            yield self._stream.process(b"", output_buffer_limit=_STEP)

    def whole(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    """RFC 8878: any number of frames."""

    def __init__(self) -> None:
        self._frame = ZstdDecompressor()
        self._frames = 1

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._frame.eof:
                self._frames += 1
                if self._frames > _MOST_MEMBERS:
                    raise Broken("encoding", f"the body is packed in more than {_MOST_MEMBERS} frames")
                self._frame = ZstdDecompressor()
            yield self._frame.decompress(data, _STEP)
            while not self._frame.needs_input and not self._frame.eof:
                yield self._frame.decompress(b"", _STEP)
            data = self._frame.unused_data if self._frame.eof else b""

    def whole(self) -> bool:
        return self._frame.eof


def _inflate(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    piece = stream.decompress(data, _STEP)
    while piece:
        yield piece
        piece = stream.decompress(stream.unconsumed_tail, _STEP)


_CODINGS: Final[dict[str, Callable[[], _Coding]]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}


def decoded(codings: Sequence[str], chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a body without its codings, in pieces of at most about 256 KiB (brotli: twice that).

    `codings` are those of Content-Encoding in their order; one that nobody knows is passed over, as browsers do, because servers write
    charsets and worse there. Raises Broken: `encoding` for damage, `cut-short` when the packing has no end.
    """
    applied = [
        _CODINGS[name]() for name in (coding.strip().lower() for coding in codings) if name in _CODINGS
    ]
    if len(applied) > _MOST_CODINGS:
        raise Broken("encoding", f"the body is packed more than {_MOST_CODINGS} times")
    stream: Iterable[bytes] = chunks
    for coding in reversed(applied):
        stream = _through(coding, stream)
    yield from stream


def _through(coding: _Coding, chunks: Iterable[bytes]) -> Iterator[bytes]:
    came = False
    try:
        for chunk in chunks:
            came = came or bool(chunk)
            yield from (piece for piece in coding.unpack(chunk) if piece)
    except (zlib.error, brotli.error, ZstdError, EOFError) as error:
        raise Broken("encoding", f"the body cannot be unpacked: {error}") from error
    if came and not coding.whole():
        raise Broken("cut-short", "the body ends in the middle of its packing")
