"""One request and its answer over a connection of its own: no cookies, no proxies, no redirects, no reuse, everything bounded."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import httpcore2
import httpx2

from producers.fetch.decoding import decoded
from producers.fetch.errors import Broken, Exceeded
from producers.fetch.limits import Limits
from producers.fetch.network import CheckedBackend, Deadline, Resolver
from producers.fetch.target import Target

_FORM = "application/x-www-form-urlencoded"
_BODILESS = (204, 205, 304)
_RECEIVE_BUFFER_HINT = 431  # h11 gives this status as a hint when a header section does not fit its buffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one request."""

    status: int
    """Status code (RFC 9110, 15)."""
    headers: httpx2.Headers
    """All headers, by case-insensitive name."""
    body: bytes
    """Decompressed; empty where the status has none, or none was wanted."""
    cut: bool
    """Whether `body` is only the beginning."""
    peer: str
    """IP address that answered."""
    first_byte_seconds: float
    """From the beginning of the look-up to the header section."""


class Wire:
    """Makes exchanges. Safe to share between threads."""

    def __init__(
        self, limits: Limits, resolver: Resolver, context: ssl.SSLContext, *, loopback: bool
    ) -> None:
        self._limits = limits
        self._resolver = resolver
        self._context = context
        self._loopback = loopback

    def exchange(
        self,
        target: Target,
        headers: Sequence[tuple[str, str]],
        deadline: Deadline,
        *,
        body_bytes: int | None = None,
        cut: bool = False,
        form: bytes | None = None,
    ) -> Answer:
        """Ask for the target with GET, or send it a form with POST, and return the answer. Raises Refused, Exceeded or Broken.

        `body_bytes` is the most that the body may have, decompressed (default: that of the limits); with `cut` a longer one is cut
        there, otherwise it is refused.
        """
        began = time.monotonic()
        backend = CheckedBackend(deadline, self._limits, self._resolver, loopback=self._loopback)
        pool = httpcore2.ConnectionPool(
            ssl_context=self._context, max_connections=1, max_keepalive_connections=0, network_backend=backend
        )
        sent = [] if form is None else [("Content-Type", _FORM), ("Content-Length", str(len(form)))]
        request = httpcore2.Request(
            "GET" if form is None else "POST",
            httpcore2.URL(
                scheme=target.scheme.encode(),
                host=target.host.encode(),
                port=target.port,
                target=target.path.encode(),
            ),
            headers=[("Host", target.authority), *headers, *sent, ("Connection", "close")],
            content=form,
        )
        try:
            with pool:
                response = pool.handle_request(request)
                first_byte = time.monotonic() - began
                try:
                    answer = httpx2.Headers(response.headers)
                    self._check_headers(answer)
                    body, was_cut = b"", False
                    if response.status not in _BODILESS and response.status >= 200:
                        body, was_cut = self._body(
                            response, answer, body_bytes or self._limits.body_bytes, cut=cut
                        )
                finally:
                    response.close()
        except httpcore2.ProtocolError as error:
            cause = error.args[0] if error.args else None
            if getattr(cause, "error_status_hint", None) == _RECEIVE_BUFFER_HINT:
                raise Exceeded("header-bytes", "the header section is larger than it may be") from error
            raise Broken("protocol", f"not valid HTTP: {error}") from error
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            raise Broken("read", f"the connection broke: {error}") from error
        return Answer(
            status=response.status,
            headers=answer,
            body=body,
            cut=was_cut,
            peer=backend.peer or "",
            first_byte_seconds=first_byte,
        )

    def _check_headers(self, headers: httpx2.Headers) -> None:
        size = sum(len(name) + len(value) + 4 for name, value in headers.raw)
        if size > self._limits.header_bytes:
            raise Exceeded("header-bytes", f"the header section has {size} bytes")

    def _body(
        self, response: httpcore2.Response, headers: httpx2.Headers, most: int, *, cut: bool
    ) -> tuple[bytes, bool]:
        """Return the body as far as it may go, and whether it is cut."""
        stream = response.stream
        assert isinstance(stream, Iterable)
        codings = headers.get_list("content-encoding", split_commas=True)
        body = bytearray()
        for piece in decoded(codings, stream):
            body += piece
            if len(body) > most:
                if cut:
                    return bytes(body[:most]), True
                raise Exceeded("body-bytes", f"the body has more than {most} bytes when unpacked")
        return bytes(body), False
