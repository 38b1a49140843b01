"""A real HTTP server on loopback for tests: each test says what a path answers, down to the bytes and their timing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newswire.broker.ports import free_ports

Page = Callable[["Handler"], None]


@dataclass
class Web:
    """A running server."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    """What each path does; 404 for others."""
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of each request, in order."""

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.seen]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web
    stopped: threading.Event

    def do_GET(self) -> None:
        self.web.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        page = self.web.pages.get(self.path.split("?")[0])
        try:
            if page is None:
                self.answer(404)
            else:
                page(self)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    def answer(self, status: int = 200, body: bytes = b"", **headers: Any) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), str(one))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def trickle(self, pieces: Iterator[bytes], seconds: float) -> None:
        """Send the pieces with a pause before each, until the client hangs up or the test is over."""
        for piece in pieces:
            if self.stopped.wait(seconds):
                return
            self.raw(piece)

    def log_message(self, *args: Any) -> None:
        pass


def page(status: int = 200, body: bytes = b"", **headers: Any) -> Page:
    """An answer that is always the same."""
    return lambda handler: handler.answer(status, body, **headers)


@contextmanager
def web_server() -> Iterator[Web]:
    stopped = threading.Event()
    handler = type("BoundHandler", (Handler,), {"stopped": stopped})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    web = Web(server.server_address[1])
    handler.web = web  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def unused_port() -> int:
    """A port on which nobody listens, and that nobody is given who asks for any."""
    return free_ports(1)[0]
