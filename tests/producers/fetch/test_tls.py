"""TLS against a real server: the certificate must be for the name, though the socket was given the address."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from polite import SimulatedClock, loopback_names
from web_server import Handler, Web, page

from newswire.broker.certificates import new_authority
from producers.fetch import Client, Fetched, Identity


@dataclass
class Secure:
    web: Web
    authority: Path
    names: list[str | None] = field(default_factory=list)
    """What clients asked for in the handshake (SNI, RFC 6066)."""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("tls")
    authority = new_authority("test")
    (folder / "ca.pem").write_bytes(authority.pem())
    (folder / "server.pem").write_bytes(authority.issue("news", ["news.example.org"]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    handler = type("Bound", (Handler,), {"stopped": threading.Event()})
    server.RequestHandlerClass = handler
    found = Secure(Web(0), folder / "ca.pem")
    context.sni_callback = lambda connection, name, context: found.names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda request, address: None  # clients that turn away are what is tested
    server.server_bind()
    server.server_activate()
    found.web.port = server.server_address[1]
    found.web.pages["/a"] = page(200, b"x")
    handler.web = found.web
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(secure: Secure, host: str, context: ssl.SSLContext) -> Fetched:
    client = Client(
        Identity(contact_url="https://example.org/bot"),
        ports={secure.web.port},
        resolver=loopback_names,
        clock=SimulatedClock(),
        context=context,
        allow_loopback=True,
    )
    return client.fetch(f"https://{host}:{secure.web.port}/a")


def test_the_right_name_of_a_known_authority(secure: Secure) -> None:
    before = len(secure.names)
    found = fetch(secure, "news.example.org", ssl.create_default_context(cafile=str(secure.authority)))
    assert (found.body, found.peer) == (b"x", "127.0.0.1")
    assert set(secure.names[before:]) == {"news.example.org"}


def test_another_name_is_refused_and_nothing_is_asked(secure: Secure) -> None:
    before = len(secure.web.seen)
    found = fetch(secure, "other.example.org", ssl.create_default_context(cafile=str(secure.authority)))
    assert found.failure is not None
    assert len(secure.web.seen) == before


def test_an_authority_that_the_system_does_not_know_is_refused(secure: Secure) -> None:
    before = len(secure.web.seen)
    found = fetch(secure, "news.example.org", ssl.create_default_context())
    assert found.failure is not None
    assert len(secure.web.seen) == before
