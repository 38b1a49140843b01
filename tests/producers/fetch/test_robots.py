"""robots.txt: what its answers mean, and that every hop obeys them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polite import SimulatedClock, polite_client
from web_server import Web, page, unused_port, web_server

from producers.fetch.robots import of_answer

AGENT = "Newswire"
RULES = b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\nSitemap: https://example.org/news.xml\n"


@pytest.fixture
def web():
    with web_server() as running:
        yield running


def allows(body: bytes, path: str, *, cut: bool = False) -> bool:
    return of_answer(200, body, AGENT, cut=cut).allows("https://example.org" + path)


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (404, True),
        (401, True),
        (403, True),
        (410, True),
        (429, False),
        (500, False),
        (503, False),
        (304, False),
    ],
)
def test_what_a_status_without_rules_means(status: int, allowed: bool) -> None:
    assert of_answer(status, b"", AGENT).allows("https://example.org/a") is allowed


def test_rules_delay_and_sitemaps() -> None:
    rules = of_answer(200, RULES, AGENT)
    assert (rules.allows("https://example.org/private/a"), rules.allows("https://example.org/a")) == (
        False,
        True,
    )
    assert rules.crawl_delay == 7
    assert rules.sitemaps == ("https://example.org/news.xml",)


@pytest.mark.processor_seconds(60)  # each space tried as the last one before the name took an hour
@pytest.mark.parametrize("line", [b"User-agent%s1", b"User-agent%s:%s1", b"%sx", b"Disallow%s: /private"])
def test_spaces_without_end_are_read_at_once(line: bytes) -> None:
    assert not allows(RULES + line.replace(b"%s", b" " * 250_000), "/private")


def test_the_group_that_names_us_counts_and_the_longest_rule_wins() -> None:
    body = b"User-agent: *\nDisallow: /\n\nUser-agent: newswire\nDisallow: /a\nAllow: /a/b\n"
    assert allows(body, "/c")
    assert not allows(body, "/a/c")
    assert allows(body, "/a/b/c")


def test_wildcards_percent_codes_and_the_root() -> None:
    assert not allows(b"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf")
    assert allows(b"User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x")
    assert not allows("User-agent: *\nDisallow: /zürich".encode(), "/z%C3%BCrich/1")
    assert not allows(b"User-agent: *\nDisallow: /z%c3%bcrich", "/z%C3%BCrich/1")
    assert allows(b"User-agent: *\nDisallow:", "/")


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + RULES,
        codecs.BOM_UTF16_LE + RULES.decode().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + RULES.decode().encode("utf-16-be"),
        RULES.decode().encode("utf-16-le"),
        RULES.decode().encode("utf-16-be"),
        RULES.replace(b"\n", b"\r"),
        RULES.replace(b"\n", b"\r\n"),
        b"# caf\xe9\n" + RULES,
        b"\0" * 2 + RULES,
        RULES.upper().replace(b"/PRIVATE", b"/private"),
        b"  " + RULES.replace(b": ", b" :  "),
        RULES.rstrip(),
    ],
    ids=[
        "bom8",
        "bom16le",
        "bom16be",
        "16le",
        "16be",
        "cr",
        "crlf",
        "latin1",
        "nul",
        "upper",
        "spaces",
        "no-end",
    ],
)
def test_odd_encodings_and_spellings_are_read(body: bytes) -> None:
    assert not allows(body, "/private/a")
    assert allows(body, "/a")


def test_of_a_file_that_was_cut_the_half_line_does_not_count() -> None:
    assert allows(b"User-agent: *\nDisallow: /private\nDisallow: /", "/a", cut=True)
    assert not allows(b"User-agent: *\nDisallow: /private\nDisallow: /", "/private", cut=True)
    assert not allows("User-agent: *\nDisallow: /private\nDisallow: /zü".encode()[:-1], "/private", cut=True)


@given(st.binary(max_size=500), st.booleans())
def test_whatever_bytes_come_are_rules_of_some_kind(body: bytes, cut: bool) -> None:
    rules = of_answer(200, body, AGENT, cut=cut)
    assert rules.allows("https://example.org/a") in (True, False)
    assert rules.crawl_delay is None or rules.crawl_delay >= 0


def test_robots_are_asked_first_once_a_day_and_obeyed(web: Web) -> None:
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    web.pages |= {"/robots.txt": page(200, RULES), "/a": page(200, b"x"), "/private": page(200, b"x")}
    assert client.fetch(web.url("/a")).status == 200
    assert web.paths()[0] == "/robots.txt"
    refused = client.fetch(web.url("/private"))
    assert (refused.failure.reason, refused.failure.kind, refused.status) == ("robots", "hard", None)
    clock.sleep(86_000)
    client.fetch(web.url("/a"))
    assert web.paths().count("/robots.txt") == 1
    clock.sleep(500)
    client.fetch(web.url("/a"))
    assert web.paths().count("/robots.txt") == 2
    assert "/private" not in web.paths()


def test_the_crawl_delay_is_kept(web: Web) -> None:
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    web.pages |= {"/robots.txt": page(200, RULES), "/a": page(200, b"x")}
    for _ in range(3):
        client.fetch(web.url("/a"))
    assert len(web.seen) == 6  # robots.txt, three times /a, tdmrep.json and ai.txt once
    assert clock.slept == pytest.approx([7] * 5)


@pytest.mark.parametrize(
    "how", ["500", "429", "closed", "silent", "not-http", "inside", "nowhere", "bomb-of-headers"]
)
def test_unreachable_means_that_nothing_is_allowed(web: Web, how: str) -> None:
    web.pages["/a"] = page(200, b"x")
    web.pages["/robots.txt"] = {
        "500": page(500),
        "429": page(429),
        "closed": lambda handler: None,
        "silent": lambda handler: handler.stopped.wait(),
        "not-http": lambda handler: handler.raw(b"SSH-2.0\r\n"),
        "inside": page(302, Location="http://169.254.169.254/robots.txt"),
        "nowhere": page(302),
        "bomb-of-headers": page(200, X="a" * 60_000),
    }[how]
    from producers.fetch import Limits

    client = polite_client(web, limits=Limits(read_seconds=0.3))
    found = client.fetch(web.url("/a"))
    assert found.failure.reason == "robots-unreachable"
    assert found.failure.kind == "soft"
    assert "/a" not in web.paths()


def test_no_server_at_all() -> None:
    port = unused_port()
    found = polite_client(Web(port)).fetch(f"http://127.0.0.1:{port}/a")
    assert found.failure.reason == "robots-unreachable"
    assert "refused" in found.failure.detail, "who reads it looks for a server, not for a file"


def test_while_it_is_unreachable_the_last_copy_holds_for_a_month(web: Web) -> None:
    clock = SimulatedClock()
    client = polite_client(web, clock=clock)
    web.pages |= {"/robots.txt": page(200, RULES), "/a": page(200, b"x"), "/private": page(200)}
    client.fetch(web.url("/a"))
    web.pages["/robots.txt"] = page(503)
    clock.sleep(2 * 86_400)
    assert client.fetch(web.url("/a")).status == 200
    assert client.fetch(web.url("/private")).failure.reason == "robots"
    clock.sleep(31 * 86_400)
    assert client.fetch(web.url("/a")).failure.reason == "robots-unreachable"
    web.pages["/robots.txt"] = page(404)
    clock.sleep(601)
    assert client.fetch(web.url("/private")).status == 200


def test_redirects_of_robots_are_followed_five_times_over_hosts_too(web: Web) -> None:
    for n in range(1, 7):
        web.pages[f"/r{n}"] = page(302, Location=f"http://other.example.org:{web.port}/r{n - 1}")
    web.pages |= {"/r0": page(200, RULES), "/private": page(200, b"x")}
    web.pages["/robots.txt"] = page(301, Location="/r4")
    assert polite_client(web).fetch(web.url("/private")).failure.reason == "robots"
    web.pages["/robots.txt"] = page(301, Location="/r5")
    assert polite_client(web).fetch(web.url("/private")).status == 200


def test_of_a_huge_file_the_first_500_kib_count(web: Web) -> None:
    filler = b"# filler, filler, filler, filler, filler\n" * 13_000
    assert len(filler) > 512_000
    web.pages |= {"/private": page(200, b"x"), "/late": page(200, b"x")}
    web.pages["/robots.txt"] = page(200, RULES + filler + b"Disallow: /late\n")
    client = polite_client(web)
    assert client.fetch(web.url("/private")).failure.reason == "robots"
    assert client.fetch(web.url("/late")).status == 200


def test_an_endless_robots_is_cut_off(web: Web) -> None:
    import itertools

    web.pages |= {"/private": page(200, b"x"), "/a": page(200, b"x")}
    web.pages["/robots.txt"] = lambda handler: (
        handler.raw(b"HTTP/1.1 200 OK\r\n\r\n" + RULES),
        handler.trickle(itertools.repeat(b"# more\n" * 2000), 0),
    )
    client = polite_client(web)
    assert client.fetch(web.url("/private")).failure.reason == "robots"
    assert client.fetch(web.url("/a")).status == 200


def test_each_origin_has_rules_of_its_own_and_a_redirect_obeys_those_of_its_target(web: Web) -> None:
    with web_server() as other:
        web.pages["/a"] = page(302, Location=other.url("/private"))
        other.pages |= {"/robots.txt": page(200, RULES), "/private": page(200, b"x")}
        found = polite_client(web, other).fetch(web.url("/a"))
        assert found.failure.reason == "robots"
        assert [hop.status for hop in found.hops] == [302]
        assert other.paths() == ["/robots.txt"]
