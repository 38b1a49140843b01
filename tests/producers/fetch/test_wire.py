"""One exchange with a real server: where the socket goes, and where it stops."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import random
import socket
import threading
import time
import zlib

import brotli
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_server import Web, page, unused_port, web_server

from producers.fetch.decoding import decoded
from producers.fetch.errors import Broken, Exceeded, FetchError, Refused
from producers.fetch.exchange import Answer, Wire
from producers.fetch.limits import MIB, Limits
from producers.fetch.network import Deadline, Resolver, system_resolver
from producers.fetch.target import target

if __import__("sys").version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CONTEXT = httpx2.create_ssl_context()


@pytest.fixture
def web():
    with web_server() as running:
        yield running


def ask(
    url: str,
    *,
    limits: Limits | None = None,
    resolver: Resolver = system_resolver,
    loopback: bool = True,
    seconds: float = 30,
    **more,
) -> Answer:
    port = int(httpx2.URL(url).port or 80)
    wire = Wire(limits or Limits(), resolver, CONTEXT, loopback=loopback)
    return wire.exchange(
        target(url, ports={port}, loopback=loopback),
        [("Accept-Encoding", "gzip, br, zstd")],
        Deadline.after(seconds),
        **more,
    )


def refused(reason: str, kind: type[FetchError], *args, **kwargs) -> FetchError:
    with pytest.raises(kind) as caught:
        ask(*args, **kwargs)
    assert caught.value.reason == reason
    return caught.value


def test_a_plain_answer(web: Web) -> None:
    web.pages["/"] = page(200, b"hello", Content_Type="text/plain", ETag='"1"')
    answer = ask(web.url())
    assert (answer.status, answer.body, answer.cut, answer.peer) == (200, b"hello", False, "127.0.0.1")
    assert answer.headers["etag"] == '"1"'
    assert web.seen[0][1]["host"] == f"127.0.0.1:{web.port}"


def test_loopback_is_refused_where_it_is_not_allowed_and_nothing_arrives(web: Web) -> None:
    refused(
        "address",
        Refused,
        web.url(host="news.example.org"),
        resolver=lambda h, p: ["127.0.0.1"],
        loopback=False,
    )
    assert web.seen == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["169.254.169.254"],
        ["10.0.0.1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["127.0.0.1", "10.0.0.1"],
        ["fe80::1%lo"],
    ],
)
def test_a_name_is_refused_by_any_of_its_addresses(web: Web, addresses: list[str]) -> None:
    refused("address", Refused, web.url(host="news.example.org"), resolver=lambda h, p: addresses)
    assert web.seen == []


def test_the_socket_goes_to_the_address_that_was_checked_and_the_name_is_looked_up_once(web: Web) -> None:
    """DNS rebinding: the resolver's next answer is another one."""
    web.pages["/"] = page(200, b"right")
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    url = web.url(host="news.example.org")
    assert ask(url, resolver=rebinding).body == b"right"
    assert asked == ["news.example.org"]
    assert web.seen[0][1]["host"] == f"news.example.org:{web.port}"
    refused("address", Refused, url, resolver=rebinding)
    assert ask(url, resolver=rebinding).body == b"right"
    assert len(asked) == len(web.seen) + 1 == 3


def test_the_environments_proxy_is_not_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.pages["/"] = page(200, b"direct")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port()}")
    assert ask(web.url()).body == b"direct"


def test_a_name_without_an_address_and_a_port_without_a_server() -> None:
    def nothing(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    refused("dns", Broken, "http://news.example.org/", resolver=nothing)
    refused("dns", Broken, "http://news.example.org/", resolver=lambda h, p: [])
    refused("connect", Broken, f"http://127.0.0.1:{unused_port()}/")


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        release.wait()
        return ["127.0.0.1"]

    try:
        refused(
            "dns", Broken, "http://news.example.org/", resolver=hanging, limits=Limits(connect_seconds=0.1)
        )
    finally:
        release.set()


PACKERS = {
    "gzip": lambda data: gzip.compress(data, 9),
    "deflate": lambda data: zlib.compress(data, 9),
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": zstd.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data, 9), 9),
}


@pytest.mark.parametrize("coding", PACKERS)
def test_a_packed_body_is_unpacked_and_a_bomb_is_cut_off(web: Web, coding: str) -> None:
    pack = PACKERS[coding]
    web.pages["/text"] = page(200, pack("Zürich".encode() * 1000), Content_Encoding=coding)
    web.pages["/bomb"] = page(200, pack(bytes(64 * MIB)), Content_Encoding=coding)
    assert ask(web.url("/text")).body == "Zürich".encode() * 1000
    refused("body-bytes", Exceeded, web.url("/bomb"))
    cut = ask(web.url("/bomb"), body_bytes=1000, cut=True)
    assert (len(cut.body), cut.cut) == (1000, True)


@pytest.mark.parametrize("coding", PACKERS)
def test_a_body_that_ends_in_the_middle_of_its_packing_is_not_taken_for_whole(web: Web, coding: str) -> None:
    packed = PACKERS[coding](random.Random(1).randbytes(5000))
    web.pages["/"] = page(200, packed[:-20], Content_Encoding=coding)
    refused("cut-short", Broken, web.url())


def test_all_members_of_a_body_are_read_and_junk_after_them_is_not(web: Web) -> None:
    web.pages["/gzip"] = page(
        200, gzip.compress(b"one,") + gzip.compress(b"two") + b"junk", Content_Encoding="x-gzip"
    )
    web.pages["/zstd"] = page(200, zstd.compress(b"one,") + zstd.compress(b"two"), Content_Encoding="zstd")
    web.pages["/bare"] = page(200, zlib.compress(b"one,two")[2:-4], Content_Encoding="deflate")
    for path in web.pages:
        assert ask(web.url(path)).body == b"one,two"


def test_a_body_of_too_many_members_is_refused(web: Web) -> None:
    web.pages["/gzip"] = page(200, gzip.compress(b"") * 2000, Content_Encoding="gzip")
    web.pages["/zstd"] = page(200, zstd.compress(b"") * 2000, Content_Encoding="zstd")
    for path in web.pages:
        refused("encoding", Broken, web.url(path))


@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKERS)), st.integers(1, 50))
def test_however_the_bytes_come_they_unpack_to_the_same(data: bytes, coding: str, size: int) -> None:
    packed = PACKERS[coding](data)
    chunks = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert b"".join(decoded(coding.split(","), chunks)) == data


@given(st.binary(max_size=200), st.sampled_from(sorted(PACKERS)))
def test_bytes_that_nobody_packed_are_told(data: bytes, coding: str) -> None:
    """Some are, by chance: nothing but Broken may come of the others."""
    with contextlib.suppress(Broken):
        assert isinstance(b"".join(decoded(coding.split(","), [data])), bytes)


def test_a_chain_of_codings_is_refused(web: Web) -> None:
    web.pages["/"] = page(200, b"x", Content_Encoding=", ".join(["gzip"] * 20))
    refused("encoding", Broken, web.url())


def test_damaged_packing_is_told(web: Web) -> None:
    web.pages["/"] = page(200, b"not gzip at all", Content_Encoding="gzip")
    refused("encoding", Broken, web.url())


def test_a_body_larger_than_it_may_be_is_refused_whether_announced_or_not(web: Web) -> None:
    web.pages["/announced"] = page(200, bytes(3000))

    def unannounced(handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        handler.trickle(itertools.repeat(bytes(500)), 0)

    web.pages["/unannounced"] = unannounced
    for path in web.pages:
        refused("body-bytes", Exceeded, web.url(path), limits=Limits(body_bytes=2000))
    assert len(ask(web.url("/announced"), limits=Limits(body_bytes=3000)).body) == 3000


def test_an_endless_stream_of_empty_packing_is_cut_off(web: Web) -> None:
    """Chunks that unpack to nothing never reach the limit of the body: the bytes of the connection count too."""
    empty = gzip.compress(b"")[:10]

    def endless(handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + empty)
        handler.trickle(itertools.repeat(b"\x00\x00\x00\xff\xff" * 5000), 0)

    web.pages["/"] = endless
    refused("wire-bytes", Exceeded, web.url(), limits=Limits(wire_bytes=200_000))


def test_large_header_sections_are_refused(web: Web) -> None:
    web.pages["/one"] = page(200, b"", X_Large="a" * 40_000)
    web.pages["/many"] = lambda handler: (
        handler.raw(b"HTTP/1.1 200 OK\r\n"),
        handler.trickle((b"X-%d: %s\r\n" % (n, b"a" * 1000) for n in itertools.count()), 0),
    )
    web.pages["/interim"] = lambda handler: handler.trickle(
        itertools.repeat(b"HTTP/1.1 103 Early\r\n\r\n" * 1000), 0
    )
    refused("header-bytes", Exceeded, web.url("/one"))
    refused("header-bytes", Exceeded, web.url("/many"))
    refused("wire-bytes", Exceeded, web.url("/interim"), limits=Limits(wire_bytes=200_000))


def drips(first: bytes, piece: bytes):
    def answer(handler) -> None:
        handler.raw(first)
        handler.trickle(itertools.repeat(piece), 0.05)

    return answer


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["headers", "body", "chunks", "interim"],
)
def test_a_server_that_drips_is_cut_off_when_the_time_is_over(web: Web, first: bytes, piece: bytes) -> None:
    """Each piece comes in time; only the whole does not."""
    web.pages["/"] = drips(first, piece)
    refused("total-time", Exceeded, web.url(), seconds=0.6, limits=Limits(read_seconds=5))


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"]
)
def test_a_server_that_falls_silent_is_cut_off(web: Web, first: bytes) -> None:
    web.pages["/"] = lambda handler: (handler.raw(first), handler.stopped.wait())
    refused("read-time", Exceeded, web.url(), limits=Limits(read_seconds=0.2))


def test_no_time_left_means_that_nothing_is_asked(web: Web) -> None:
    refused("total-time", Exceeded, web.url(), seconds=0)
    assert web.seen == []


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"",
    ],
    ids=["short", "chunk", "ssh", "two-lengths", "nothing"],
)
def test_an_answer_that_is_cut_short_or_not_http_is_told_and_never_taken_for_whole(
    web: Web, sent: bytes
) -> None:
    web.pages["/"] = lambda handler: handler.raw(sent)
    refused("protocol", Broken, web.url())


def test_a_server_that_does_not_speak_tls_and_one_that_is_silent_in_the_handshake(web: Web) -> None:
    with pytest.raises(Broken, match="tls"):
        ask(web.url().replace("http:", "https:"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        refused("connect-time", Exceeded, url, limits=Limits(connect_seconds=0.2))


def test_the_deadline_counts_down() -> None:
    deadline = Deadline(time.monotonic() + 100)
    assert deadline.left(5) == 5
    assert 5 < deadline.left() <= 100
