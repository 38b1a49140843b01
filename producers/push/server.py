"""The HTTP server: uvicorn, with a deadline for headers, which it does not have."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import h11
import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from producers.push.limits import Limits
from producers.push.problems import MEDIA_TYPE, Problem

_LOG = structlog.get_logger("newswire.push")


def server(
    app: Starlette,
    host: str,
    port: int,
    limits: Limits,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
) -> uvicorn.Server:
    """Return the server. `run()` serves until SIGTERM or SIGINT, then lets requests that have begun end, `stop_seconds` at most."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_deadlines(limits),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=limits.header_bytes,
        limit_concurrency=limits.connections,
        timeout_keep_alive=max(1, int(limits.idle_seconds)),
        timeout_graceful_shutdown=max(1, int(limits.stop_seconds)),
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    return _Announced(config)


class _Announced(uvicorn.Server):
    """Says where it listens, once it does: whoever has just typed the command asks for that next."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in self.servers if self.started else ():
            for bound in listening.sockets:
                host, port = bound.getsockname()[:2]
                at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                _LOG.info("listens", url=f"{'https' if self.config.is_ssl else 'http'}://{at}/v1/articles")


def _deadlines(limits: Limits) -> type[H11Protocol]:
    class Deadlines(H11Protocol):
        """Closes a connection that does not get to the end of a request's headers in time."""

        _late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            # Between requests uvicorn's own deadline for idle connections holds; the first byte ends it, and ours begins.
            seen: RequestResponseCycle | None = self.cycle
            if self._late is None and (seen is None or seen.response_complete):
                self._wait()
            super().data_received(data)
            if self.cycle is not seen:
                self._in_time()

        def connection_lost(self, exc: Exception | None) -> None:
            self._in_time()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            problem = Problem("bad-request", msg, closes=True)
            headers = [
                ("content-type", MEDIA_TYPE),
                ("content-length", str(len(problem.body))),
                ("connection", "close"),
            ]
            parts: list[Any] = [
                h11.Response(status_code=problem.status, headers=headers),
                h11.Data(data=problem.body),
                h11.EndOfMessage(),
            ]
            for part in parts:
                self.transport.write(self.conn.send(part))
            self.transport.close()

        def _wait(self) -> None:
            self._late = self.loop.call_later(limits.header_seconds, self._close)

        def _in_time(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

        def _close(self) -> None:
            self._late = None
            self.transport.close()

    return Deadlines
