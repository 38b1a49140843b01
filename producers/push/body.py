"""Reading a request's body: no more bytes than are allowed, packed or not, and no longer than is allowed."""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import ClientDisconnect, Request

from producers.push.limits import Limits
from producers.push.model import Fault
from producers.push.problems import Problem

_PIECE: Final = 64 * 1024
_MOST_MEMBERS: Final = 1_000


class Held:
    """Bytes of bodies that are in memory, of all requests together. Used by one thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0

    def add(self, count: int) -> None:
        """Count bytes. Raises `Problem` when they are too many."""
        if self._bytes + count > self._limit:
            raise Problem(
                "unavailable",
                "more is being sent than can be held in memory: send it again in a few seconds",
                headers={"retry-after": "2"},
                closes=True,
            )
        self._bytes += count

    def remove(self, count: int) -> None:
        """Count them off."""
        self._bytes -= count


async def read_body(request: Request, limits: Limits, held: Held) -> bytes:
    """Return the body as it came. Whoever calls takes its length off `held` when done with it.

    Raises `Problem` where it is too large or too slow, and ClientDisconnect.
    """
    declared = request.headers.get("content-length", "")
    stream = request.stream()
    data = bytearray()
    try:
        async with asyncio.timeout(limits.body_seconds):
            _refuse_more(int(declared) if declared.isdecimal() else 0, limits)
            async for piece in stream:
                _refuse_more(len(data) + len(piece), limits)
                held.add(len(piece))
                data += piece
    except BaseException as error:
        held.remove(len(data))
        if isinstance(error, Problem) and _is_worth_waiting_for(request, declared, limits):
            await _pass_over(stream, limits)
        if isinstance(error, TimeoutError):
            raise Problem(
                "too-slow",
                f"the body was not there {limits.body_seconds:g} s after the headers: send it in one go",
                closes=True,
            ) from None
        raise
    return bytes(data)


def _is_worth_waiting_for(request: Request, declared: str, limits: Limits) -> bool:
    """Whether a body that is refused is read to its end first; not an endless one, or one that is only sent when we say so."""
    if "100-continue" in request.headers.get("expect", "").lower():
        return False
    return not declared.isdecimal() or int(declared) <= limits.passed_over_bytes


async def _pass_over(stream: AsyncIterator[bytes], limits: Limits) -> None:
    """Read what still comes and throw it away.

    A connection that is closed while its client still sends is reset, and the client may never see the answer.
    """
    left = limits.passed_over_bytes
    with contextlib.suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(limits.passed_over_seconds):
            async for piece in stream:
                left -= len(piece)
                if left < 0:
                    return


def unpacked(data: bytes, encoding: str, limits: Limits) -> bytes:
    """Return a body without its `Content-Encoding` (RFC 9110, 8.4): `gzip` or nothing. Raises `Problem`."""
    coding = encoding.strip().lower()
    if coding in ("", "identity"):
        return data
    if coding not in ("gzip", "x-gzip"):
        raise Problem(
            "unsupported-media-type",
            f"Content-Encoding {coding[:40]!r} is not taken: send the body as it is, or packed with gzip",
            faults=[Fault(header="Content-Encoding", detail="must be gzip, or be left out")],
            headers={"accept-encoding": "gzip"},
        )
    try:
        return _gunzip(data, limits)
    except (zlib.error, EOFError) as error:
        raise Problem(
            "invalid-encoding",
            f"Content-Encoding says gzip, but the body cannot be unpacked: {error}",
            faults=[Fault(header="Content-Encoding", detail="the body is damaged, cut short, or not gzip")],
        ) from None


def _gunzip(data: bytes, limits: Limits) -> bytes:
    found, rest = bytearray(), data
    for _ in range(_MOST_MEMBERS):
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            found += unpacker.decompress(rest, _PIECE)
            _refuse_more(len(found), limits)
            rest = unpacker.unconsumed_tail
            if not rest and not unpacker.eof:
                raise EOFError("it is cut short")
        rest = unpacker.unused_data
        if not rest:
            return bytes(found)
    raise EOFError(f"it has more than {_MOST_MEMBERS} members")


def _refuse_more(count: int, limits: Limits) -> None:
    if count > limits.body_bytes:
        raise Problem(
            "too-large",
            f"a body has {limits.body_bytes:,} bytes at most, unpacked: send fewer articles at once; one alone has 8 MiB at most",
            faults=[Fault(detail=f"{limits.body_bytes} bytes of body are the most", limit=limits.body_bytes)],
            closes=True,
        )
