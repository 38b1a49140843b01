"""A WebSub hub on loopback for tests: it takes what it is sent, and verifies when the test says so."""

from __future__ import annotations

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from waiting import PATIENCE


class Hub:
    """A hub that takes what it is sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.forms: list[dict[str, str]] = []
        self.status = 202

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def callback(self) -> str:
        return self.forms[-1]["hub.callback"]

    def verify(self, seconds: int = 3600, **changed: str) -> tuple[int, str]:
        """Ask the callback whether it wants what was asked for."""
        asked = {
            "hub.mode": "subscribe",
            "hub.topic": self.forms[-1]["hub.topic"],
            "hub.challenge": "c<b>h&allenge",
            "hub.lease_seconds": str(seconds),
        } | {name.replace("_", ".", 1): value for name, value in changed.items()}
        return call(f"{self.callback}?{urllib.parse.urlencode(asked)}")


def call(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, data, {name.replace("_", "-"): v for name, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def a_hub() -> Iterator[Hub]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            hub.forms.append(dict(urllib.parse.parse_qsl(body)))
            if self.path == "/moved":
                self.send_response(307)
                self.send_header("Location", "/")
            else:
                self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub = Hub(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
