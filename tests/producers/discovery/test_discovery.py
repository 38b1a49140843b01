"""What is found at an address, by hostile pages too, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from polite import polite_client
from web_server import Web, page, web_server

from newswire.config import Settings
from newswire.errors import BadInputError, UsageError
from newswire.source_list import ListedSource, SourceList
from producers.checking import check
from producers.discovery import best, find, name_for, outcomes_of_opml
from producers.discovery.page import Link, feeds_of_page

FEED = b"<rss version='2.0'><channel><title>%s</title><item><title>t</title><link>/1</link></item></channel></rss>"
LINKS = b"".join(
    b'<link rel="alternate" type="application/rss+xml" href="/%s" title="%s">' % pair
    for pair in ((b"c", b"Comments"), (b"f", b"All"))
)
HTML = {"Content_Type": "text/html"}


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


def test_links_of_a_page() -> None:
    body = b"""<base href="/blog/"><link rel="alternate feed" type="application/atom+xml" href="atom">
    <LINK REL=Alternate TYPE="application/rss+xml; charset=utf-8" HREF=/rss TITLE="A &amp; B">
    <link rel=alternate type=application/json href=/api/1><link rel=alternate type=application/json href=/feed.json>
    <link rel=alternate type=application/rss+xml href=javascript:x>
    <link rel="alternate" type="application/rss+xml" href="/rss"><a rel="alternate" type="application/rss+xml" href="/no">"""
    assert feeds_of_page(body, "text/html", "https://h.example/x/y") == (
        Link("https://h.example/blog/atom"), Link("https://h.example/rss", "A & B"), Link("https://h.example/feed.json")
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"<link rel=alternate " * 200_000,
        b"<" * 1_000_000,
        b"\xff\x00" * 1000,
        b"<link rel='alternate" + b"x" * 500_000,
    ],
)
def test_pages_that_are_made_to_hurt(body: bytes) -> None:
    assert feeds_of_page(body, None, "https://h.example/") == ()


def test_a_page_that_names_very_many_feeds_is_asked_politely(web: Web) -> None:
    links = b"".join(b'<link rel="alternate" type="application/rss+xml" href="/f%d">' % n for n in range(500))
    web.pages["/"] = page(body=links, **HTML)
    found = find(polite_client(web), web.url("/"))
    assert found.candidates == ()
    assert len(found.tried) == 1
    assert len(web.paths()) < 40


def test_a_feed_before_a_sitemap_and_no_comments(web: Web) -> None:
    web.pages = {
        "/": page(body=LINKS, **HTML),
        "/c": page(body=FEED % b"Comments on Herald"),
        "/f": page(302, Location="/moved"),
        "/moved": page(body=FEED % b"Herald"),
        "/sitemap.xml": page(body=b"<urlset><url><loc>https://h.example/1</loc></url></urlset>"),
    }  # fmt: skip
    found = find(polite_client(web), web.url("/"))
    assert [each.url for each in found.candidates] == [web.url("/c"), web.url("/f"), web.url("/sitemap.xml")]
    chosen = best(found.candidates)
    assert chosen is not None
    assert (chosen.url, chosen.title, chosen.items) == (web.url("/f"), "Herald", 1)


def test_a_site_whose_robots_txt_allows_nothing_is_not_searched(web: Web) -> None:
    web.pages = {"/robots.txt": page(body=b"User-agent: *\nDisallow: /"), "/": page(body=FEED % b"x")}
    found = find(polite_client(web), web.url("/"))
    assert found.failure is not None
    assert web.paths() == ["/robots.txt"]


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("The Coastal Herald", "https://h.example/", "the-coastal-herald"),
        ("Größte Küstenzeitung — Nachrichten", "https://h.example/", "grote-kustenzeitung-nachrichten"),
        ("新闻", "https://www.news.example:8080/x", "news-example"),
        ("RSS", "https://h.example/", "h-example"),
        (None, "https://h.example/", "h-example"),
        ("taken", "https://h.example/", "taken-3"),
        ("word " * 100, "https://h.example/", "word-" * 11 + "word"),
        ("../../etc/passwd", "https://h.example/", "etc-passwd"),
    ],
)
def test_names(title: str | None, url: str, name: str) -> None:
    made = name_for(title, url, {"taken", "taken-2"})
    assert made == name
    ListedSource(name=made, url="https://h.example/")


def test_a_kind_that_no_producer_reads_is_named(web: Web) -> None:
    for kind in ("podcast", "file", "fetch"):
        source = ListedSource(name="x", url=web.url("/"), kind=kind)
        with pytest.raises(UsageError, match=f"reads sources of kind '{kind}'"):
            check(polite_client(web), source, now=0.0)
    assert web.seen == []


def test_a_list_of_another_reader() -> None:
    there = SourceList(source=(ListedSource(name="herald", url="https://herald.example.org/f"),))
    body = b"""<opml><body><outline text="Herald" xmlUrl="http://herald.example.org/f"/>
    <outline text="Herald" xmlUrl="https://b.example.org/f" language="not a language"/>
    <outline text="Login" xmlUrl="https://me:secret@c.example.org/f"/><outline text="Port" xmlUrl="https://d.example.org:8443/f"/>"""
    outcomes = outcomes_of_opml(body, there, Settings())
    assert [(each.status, each.name) for each in outcomes] == [
        ("known", "herald"),
        ("added", "herald-2"),
        ("refused", None),
        ("refused", None),
    ]
    assert outcomes[1].source is not None
    assert outcomes[1].source.language is None
    with pytest.raises(BadInputError):
        outcomes_of_opml(b"<rss/>", there, Settings())
