"""The client against real servers: what it asks, how often, and what it gives back."""

from __future__ import annotations

import itertools
import threading
from email.utils import formatdate

import pytest
from polite import BEGIN, SimulatedClock, polite_client
from waiting import PATIENCE
from web_server import Web, page, web_server

from producers.fetch import Client, Courtesy, FailureClass, Identity, Limits, Scope
from producers.fetch.gate import SystemClock
from producers.fetch.result import Validators

SITE_FILES = ("/robots.txt", "/ai.txt", "/.well-known/tdmrep.json")


@pytest.fixture
def web():
    with web_server() as running:
        yield running


def asked(web: Web) -> list[str]:
    return [path for path in web.paths() if path not in SITE_FILES]


def test_a_page_with_all_that_matters_of_it(web: Web) -> None:
    web.pages["/a"] = page(
        200,
        b"<p>x",
        Content_Type='Text/HTML; Charset="UTF-8"',
        ETag='"1"',
        Cache_Control="max-age=60",
        Set_Cookie="a=b",
        Content_Language="de",
    )
    found = polite_client(web).fetch(web.url("/a#part"))
    assert (found.status, found.body, found.failure, found.unchanged) == (200, b"<p>x", None, None)
    assert (found.requested_url, found.url) == (web.url("/a#part"), web.url("/a"))
    assert (found.media_type, found.charset, found.fresh_seconds) == ("text/html", "utf-8", 60)
    assert found.headers["content-language"] == "de"
    assert "set-cookie" not in found.headers
    assert found.peer == "127.0.0.1"
    assert found.timing.started_at == BEGIN
    assert 0 < found.timing.first_byte <= found.timing.total


def test_we_say_who_we_are_and_bring_no_cookies(web: Web) -> None:
    web.pages["/a"] = page(200, b"x", Set_Cookie="a=b")
    client = polite_client(web)
    client.fetch(web.url("/a"))
    client.fetch(web.url("/a"))
    assert {headers["user-agent"] for _, headers in web.seen} == {"Newswire/0.1 (+https://example.org/bot)"}
    assert not [headers for _, headers in web.seen if "cookie" in headers or "referer" in headers]


@pytest.mark.parametrize(
    "wrong",
    [
        {"contact_url": "nobody"},
        {"contact_url": "https://example.org/\r\nX: y"},
        {"contact_url": "https://example.org/ a"},
        {"contact_url": "https://exämple.org/"},
        {"contact_url": "https://example.org/", "product": "News Wire"},
    ],
)
def test_an_identity_without_a_contact_or_with_tricks_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"contact_url|product"):
        Identity(**wrong)


def test_without_the_setting_this_machine_is_not_asked(web: Web) -> None:
    client = polite_client(web, allow_loopback=False)
    for url in (web.url("/a"), web.url("/a", host="localhost"), web.url("/a", host="news.example.org")):
        assert client.fetch(url).failure.kind in ("hard", "soft")
    assert web.seen == []


def test_every_hop_is_judged_and_recorded(web: Web) -> None:
    web.pages |= {
        "/1": page(301, Location="/2"),
        "/2": page(308, Location=web.url("/3", host="b.example.org")),
        "/3": page(200, b"x"),
    }
    found = polite_client(web).fetch(web.url("/1", host="a.example.org"))
    assert [(hop.url.rpartition("/")[2], hop.status) for hop in found.hops] == [
        ("1", 301),
        ("2", 308),
        ("3", 200),
    ]
    assert found.url == found.moved_to == web.url("/3", host="b.example.org")
    web.pages["/2"] = page(302, Location="/3")
    assert polite_client(web).fetch(web.url("/1")).moved_to is None


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706434:22/",
        "http://metadata.google.internal/",
        "http://user:x@news.example.org/",
        "file:///etc/passwd",
        "gopher://news.example.org/",
        "//10.0.0.1/",
        "http://inside.example.org/",
    ],
)
def test_a_redirect_to_where_we_must_not_go_ends_there(web: Web, location: str) -> None:
    def resolver(host: str, port: int) -> list[str]:
        return ["10.1.2.3"] if host == "inside.example.org" else ["127.0.0.1"]

    web.pages["/a"] = page(302, Location=location)
    found = Client(
        Identity(contact_url="https://example.org/bot"),
        ports={80, web.port},
        resolver=resolver,
        clock=SimulatedClock(),
        allow_loopback=True,
    ).fetch(web.url("/a"))
    assert found.failure is not None
    assert found.body is None
    assert [hop.status for hop in found.hops] == [302]
    assert asked(web) == ["/a"]


def test_circles_and_long_ways_end(web: Web) -> None:
    for n in range(30):
        web.pages[f"/{n}"] = page(302, Location=f"/{n + 1}")
    web.pages |= {"/x": page(302, Location="/y"), "/y": page(302, Location="/x"), "/11": page(200, b"x")}
    client = polite_client(web)
    assert client.fetch(web.url("/x")).failure.reason == "redirects"
    assert asked(web) == ["/x", "/y"]
    assert client.fetch(web.url("/0")).failure.reason == "redirects"
    assert len(client.fetch(web.url("/1")).hops) == 11


def test_the_time_for_all_hops_is_one(web: Web) -> None:
    for n in range(9):
        web.pages[f"/{n}"] = lambda handler, n=n: (
            handler.stopped.wait(0.7),
            handler.answer(302, Location=f"/{n + 1}"),
        )
    found = polite_client(web, limits=Limits(total_seconds=3.0)).fetch(web.url("/0"))
    assert found.failure.reason == "total-time"
    assert len(found.hops) < 5


def conditional(body: bytes, **headers: str):
    """A server that keeps to RFC 9110: 304 when a validator matches."""

    def answer(handler) -> None:
        given = {name.lower(): value for name, value in handler.headers.items()}
        same = given.get("if-none-match") == headers.get("ETag", "-")
        if "if-none-match" not in given:
            same = given.get("if-modified-since") == headers.get("Last_Modified", "-")
        handler.answer(304 if same else 200, b"" if same else body, **headers)

    return answer


@pytest.mark.parametrize("headers", [{"ETag": 'W/"1"'}, {"Last_Modified": "Thu, 26 Nov 2026 12:00:00 GMT"}])
def test_only_news_are_asked_for(web: Web, headers: dict[str, str]) -> None:
    web.pages["/a"] = conditional(b"one", **headers)
    client = polite_client(web)
    first = client.fetch(web.url("/a"))
    second = client.fetch(web.url("/a"), last=first.validators)
    assert (first.status, first.unchanged, second.status, second.unchanged) == (200, None, 304, "304")
    assert (second.body, second.failure, second.validators) == (None, None, first.validators)
    web.pages["/a"] = conditional(
        b"two", **{name: value.replace("1", "2") for name, value in headers.items()}
    )
    third = client.fetch(web.url("/a"), last=second.validators)
    assert (third.status, third.body, third.unchanged) == (200, b"two", None)


def test_a_changed_tag_with_the_same_body_is_nothing_new_and_the_same_tag_with_another_body_is(
    web: Web,
) -> None:
    web.pages["/a"] = page(200, b"one", ETag='"1"')
    client = polite_client(web)
    first = client.fetch(web.url("/a"))
    web.pages["/a"] = page(200, b"one", ETag='"2"')
    second = client.fetch(web.url("/a"), last=first.validators)
    assert (second.unchanged, second.validators.etag) == ("same-body", '"2"')
    web.pages["/a"] = page(200, b"other", ETag='"2"')
    third = client.fetch(web.url("/a"), last=second.validators)
    assert (third.unchanged, third.body) == (None, b"other")


def test_a_server_that_says_304_for_ever_is_asked_in_full_once_a_day(web: Web) -> None:
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    web.pages["/a"] = lambda h: (
        h.answer(304) if "if-none-match" in h.headers else h.answer(200, body, ETag='"1"')
    )
    body = b"one"
    last = client.fetch(web.url("/a")).validators
    body = b"two"
    for _ in range(5):
        clock.sleep(4 * 3600)
        found = client.fetch(web.url("/a"), last=last)
        assert found.unchanged == "304"
        last = found.validators
    clock.sleep(4 * 3600)
    assert client.fetch(web.url("/a"), last=last).body == b"two"


def test_conditions_go_only_to_the_address_that_they_are_of_and_304_without_one_is_a_failure(
    web: Web,
) -> None:
    web.pages |= {"/a": page(302, Location="/b"), "/b": page(304)}
    elsewhere = Validators(url=web.url("/c"), etag='"1"', sha256="", full_at=BEGIN)
    found = polite_client(web).fetch(web.url("/a"), last=elsewhere)
    assert not [headers for _, headers in web.seen if "if-none-match" in headers]
    assert (found.failure.reason, found.unchanged, found.validators) == ("http-304", None, elsewhere)


def test_validators_that_are_not_fit_to_be_sent_are_not_kept(web: Web) -> None:
    web.pages["/a"] = page(200, b"x", ETag='"' + "a" * 2000 + '"', Last_Modified="yesterday")
    validators = polite_client(web).fetch(web.url("/a")).validators
    assert (validators.etag, validators.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, "hard"), (410, "gone"), (500, "soft"), (202, "soft"), (206, "hard"), (204, "hard"), (403, "hard")],
)
def test_failures_have_a_class_and_no_body(web: Web, status: int, kind: str) -> None:
    web.pages["/a"] = page(status, b"" if status == 204 else b"sorry")
    last = Validators(url="http://x/", sha256="", full_at=0)
    found = polite_client(web).fetch(web.url("/a"), last=last)
    assert (found.failure.kind, found.failure.reason, found.status) == (kind, f"http-{status}", status)
    assert (found.body, found.validators) == (None, last)


def test_what_goes_over_a_limit_is_a_failure_and_not_half_a_body(web: Web) -> None:
    web.pages["/a"] = page(200, bytes(2000))
    found = polite_client(web, limits=Limits(body_bytes=1000)).fetch(web.url("/a"))
    assert (found.failure.reason, found.failure.kind, found.body) == ("body-bytes", "hard", None)


def test_429_rests_the_host_and_503_only_the_address(web: Web) -> None:
    clock = SimulatedClock()
    web.pages |= {
        "/limited": page(429, Retry_After="600"),
        "/broken": page(
            503, Retry_After=formatdate(BEGIN + 900, usegmt=True), Date=formatdate(BEGIN, usegmt=True)
        ),
        "/fine": page(200, b"x"),
    }
    client = polite_client(web, clock=clock, most_wait=100)
    broken = client.fetch(web.url("/broken"))
    assert (broken.failure.kind, broken.failure.scope, broken.failure.retry_after) == (
        "soft",
        Scope.FEED,
        pytest.approx(900, abs=5),
    )
    assert client.fetch(web.url("/fine")).status == 200
    limited = client.fetch(web.url("/limited"))
    assert (limited.failure.scope, limited.failure.retry_after) == (Scope.HOST, 600)
    before = len(web.seen)
    fine = client.fetch(web.url("/fine"))
    assert (fine.failure.kind, fine.failure.reason) == (FailureClass.DEFERRED, "host-busy")
    assert 500 < fine.failure.retry_after <= 600
    assert len(web.seen) == before
    clock.sleep(600)
    assert client.fetch(web.url("/fine")).status == 200


def test_three_addresses_in_trouble_are_the_host_in_trouble(web: Web) -> None:
    clock = SimulatedClock()
    web.pages |= {f"/{n}": page(503, Retry_After="600") for n in range(3)} | {"/fine": page(200, b"x")}
    client = polite_client(web, clock=clock, most_wait=100)
    scopes = [client.fetch(web.url(f"/{n}")).failure.scope for n in range(3)]
    assert scopes == [Scope.FEED, Scope.FEED, Scope.HOST]
    assert client.fetch(web.url("/fine")).failure.reason == "host-busy"


def test_requests_to_a_host_are_apart_and_other_hosts_do_not_wait(web: Web) -> None:
    clock = SimulatedClock()
    web.pages["/a"] = page(200, b"x")
    client = polite_client(web, clock=clock, courtesy=Courtesy(interval=5))
    for host in ("a.example.org", "b.example.org"):
        client.fetch(web.url("/a", host=host))
    assert len(web.seen) == 8
    assert clock.slept == pytest.approx([5] * 6)


def test_threads_do_not_overrun_a_host(web: Web) -> None:
    """Sixteen threads, one host, two at once: the server counts how many are with it."""
    lock, now, most = threading.Lock(), [0], [0]
    both = threading.Event()

    def slow(handler) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] == 2:
                both.set()
        both.wait(PATIENCE)  # until two are here at once
        with lock:
            now[0] -= 1
        handler.answer(200, b"x")

    web.pages["/a"] = slow
    client = polite_client(web, clock=SystemClock(), courtesy=Courtesy(interval=0.0, at_once=2))
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(client.fetch(web.url("/a")))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.status for found in results] == [200] * 16
    assert most[0] == 2
    assert web.paths().count("/robots.txt") == 1


def test_a_host_whose_turns_are_all_taken_for_long_is_deferred(web: Web) -> None:
    inside, release = threading.Event(), threading.Event()

    def slow(handler) -> None:
        inside.set()
        release.wait(PATIENCE)
        handler.answer(200, b"x")

    web.pages |= {"/slow": slow, "/a": page(200, b"x")}
    client = polite_client(web, clock=SystemClock(), courtesy=Courtesy(interval=0.0), most_wait=0.2)
    results = []
    thread = threading.Thread(target=lambda: results.append(client.fetch(web.url("/slow"))))
    thread.start()
    try:
        assert inside.wait(PATIENCE)
        assert client.fetch(web.url("/a")).failure.kind == FailureClass.DEFERRED
    finally:
        release.set()
        thread.join()
    assert results[0].status == 200


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "http://\ud800/", "http://a b/", "\0", "http://x" * 1000]
)
def test_what_is_no_address_is_a_failure_not_an_exception(url: str) -> None:
    found = Client(Identity(contact_url="https://example.org/bot")).fetch(url)
    assert found.failure.kind == "hard"
    assert found.requested_url == url


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: \xff\xfe\r\nETag: \xff\r\nX-Robots-Tag: \xe9\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.0 200 OK\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: unheard-of\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 999 Odd\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nx",
        b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_odd_answers_are_data_not_exceptions(web: Web, sent: bytes) -> None:
    web.pages["/a"] = lambda handler: handler.raw(sent)
    found = polite_client(web).fetch(web.url("/a"))
    assert (found.body is not None) != (found.failure is not None)


def test_an_endless_page_is_cut_off(web: Web) -> None:
    def endless(handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\n\r\n")
        handler.trickle(itertools.repeat(bytes(50_000)), 0)

    web.pages["/a"] = endless
    assert polite_client(web).fetch(web.url("/a")).failure.reason == "body-bytes"
