"""The walk over an index, on a real server: only what may have changed is asked for, cycles end, bounds hold, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from polite import polite_client
from web_server import Web, page, web_server

from producers.sitemaps.discovery import named_in_robots, usual_places
from producers.sitemaps.walk import Bounds, Known, Visit, Walk


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


def urlset(*paths: str, news: bool = False) -> bytes:
    more = "<news:news><news:title>t</news:title></news:news>" if news else ""
    entries = "".join(f"<url><loc>https://news.example/{path}</loc>{more}</url>" for path in paths)
    return f"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{entries}</urlset>".encode()


def index(web: Web, *children: tuple[str, str | None]) -> bytes:
    named = "".join(
        f"<sitemap><loc>{web.url(path)}</loc>{f'<lastmod>{when}</lastmod>' if when else ''}</sitemap>"
        for path, when in children
    )
    return f"<sitemapindex>{named}</sitemapindex>".encode()


class Source:
    """Walks as a producer does: what a visit says is to be remembered is remembered."""

    def __init__(self, web: Web, *roots: str, **bounds: int) -> None:
        self.web = web
        self.client = polite_client(web)
        self.roots = [web.url(path) for path in roots]
        self.bounds = Bounds(**bounds)
        self.known: dict[str, Known] = {}
        self.now = 1000.0

    def walk(self) -> list[Visit]:
        self.now += 1000
        self.web.seen.clear()
        self.last = Walk(self.client, self.roots, self.known, now=self.now, bounds=self.bounds)
        visits = []
        for visit in self.last.visits():
            visits.append(visit)
            self.known[visit.url] = visit.known
            for url, known in (visit.names or {}).items():
                if known is None:
                    del self.known[url]
                else:
                    self.known[url] = known
        return visits

    def asked(self) -> list[str]:
        self.walk()
        return [path for path in self.web.paths() if path.endswith((".xml", ".gz"))]


def test_only_what_changed_is_asked_for_again(web: Web) -> None:
    source = Source(web, "/index.xml")
    web.pages["/index.xml"] = page(
        body=index(web, ("/a.xml", "2024-02-01"), ("/b.xml", "2024-01-01"), ("/c.xml", None))
    )
    web.pages |= {f"/{name}.xml": page(body=urlset(name)) for name in "abc"}
    assert source.asked() == ["/index.xml", "/c.xml", "/a.xml", "/b.xml"]
    assert source.asked() == ["/index.xml", "/c.xml"]
    web.pages["/index.xml"] = page(
        body=index(web, ("/a.xml", "2024-02-02"), ("/b.xml", "2024-01-01"), ("/c.xml", None))
    )
    assert source.asked() == ["/index.xml", "/a.xml", "/c.xml"]


def test_requests_are_conditional_and_an_unchanged_index_still_leads_to_its_sitemaps(web: Web) -> None:
    def answers(body: bytes):
        def answer(handler):
            if handler.headers.get("If-None-Match") == '"1"':
                handler.answer(304, ETag='"1"')
            else:
                handler.answer(200, body, ETag='"1"')

        return answer

    web.pages = {"/index.xml": answers(index(web, ("/a.xml", None))), "/a.xml": answers(urlset("a"))}
    source = Source(web, "/index.xml")
    assert [visit.fetched.status for visit in source.walk()] == [200, 200]
    again = source.walk()
    assert [(visit.fetched.status, visit.fetched.unchanged) for visit in again] == [
        (304, "304"),
        (304, "304"),
    ]
    assert all(visit.problem is None for visit in again)


def test_cycles_end_and_nothing_is_read_twice(web: Web) -> None:
    web.pages = {
        "/i.xml": page(body=index(web, ("/i.xml", None), ("/j.xml", None), ("/j.xml", "2024-01-01"), ("/a.xml", None))),
        "/j.xml": page(body=index(web, ("/i.xml", None), ("/j.xml", None), ("/a.xml", None), ("/moved.xml", None))),
        "/a.xml": page(body=urlset("a")),
        "/moved.xml": page(301, Location="/a.xml"),
    }  # fmt: skip
    source = Source(web, "/i.xml")
    visits = source.walk()
    assert sorted(visit.url.rpartition("/")[2] for visit in visits) == [
        "a.xml",
        "i.xml",
        "j.xml",
        "moved.xml",
    ]
    assert sum(len(visit.sitemap.entries) for visit in visits if visit.sitemap) == 1
    assert (
        next(visit.problem for visit in visits if "moved" in visit.url)
        == f"leads to {web.url('/a.xml')}, which was read already"
    )
    assert source.last.left_over == 0


def test_depth_is_bounded(web: Web) -> None:
    web.pages = {f"/{n}.xml": page(body=index(web, (f"/{n + 1}.xml", None))) for n in range(12)}
    source = Source(web, "/0.xml")
    assert source.asked() == [f"/{n}.xml" for n in range(5)]
    assert source.last.skipped == {"depth": 1, "known": 0}


def test_the_number_of_sitemaps_is_bounded(web: Web) -> None:
    web.pages["/i.xml"] = page(body=index(web, *((f"/{n}.xml", None) for n in range(100))))
    source = Source(web, "/i.xml", known=11, fetches=5)
    source.walk()
    assert (len(source.known), source.last.skipped["known"]) == (11, 90)


def test_what_one_walk_leaves_over_the_next_ones_take_and_news_come_first(web: Web) -> None:
    children = [(f"/{n}.xml", f"2024-01-{n:02}") for n in range(1, 8)]
    web.pages = {f"/{n}.xml": page(body=urlset(str(n))) for n in range(1, 8)}
    web.pages["/i.xml"] = page(body=index(web, *children, ("/news.xml", None)))
    web.pages["/news.xml"] = page(body=urlset("n", news=True))
    source = Source(web, "/i.xml", fetches=4)
    assert source.asked() == ["/i.xml", "/news.xml", "/7.xml", "/6.xml"]
    assert source.last.left_over == 5
    rest = [source.asked() for _ in range(3)]
    assert all(asked[:2] == ["/i.xml", "/news.xml"] for asked in rest)
    assert sorted(path for asked in rest for path in asked[2:]) == [f"/{n}.xml" for n in range(1, 6)]
    assert source.last.left_over == 0


def test_a_sitemap_that_cannot_be_read_is_asked_again_after_the_others(web: Web) -> None:
    web.pages = {
        "/i.xml": page(
            body=index(web, ("/bad.xml", "2024-02-01"), ("/a.xml", "2024-01-02"), ("/b.xml", "2024-01-01"))
        ),
        "/bad.xml": page(200, b"<html><body>Please accept our cookies</body></html>"),
        "/a.xml": page(body=urlset("a")),
        "/b.xml": page(503),
    }
    source = Source(web, "/i.xml", fetches=2)
    assert [visit.problem is None for visit in source.walk()] == [True, False]
    assert source.asked() == ["/i.xml", "/a.xml"]
    web.pages["/bad.xml"], web.pages["/b.xml"] = page(body=urlset("bad")), page(body=urlset("b"))
    assert sorted(path for _ in range(2) for path in source.asked()[1:]) == ["/b.xml", "/bad.xml"]
    assert source.asked() == ["/i.xml"]


def test_sitemaps_that_an_index_names_no_more_are_forgotten(web: Web) -> None:
    web.pages = {
        "/i.xml": page(body=index(web, ("/a.xml", None))),
        "/a.xml": page(body=urlset("a")),
        "/b.xml": page(body=urlset("b")),
    }
    source = Source(web, "/i.xml")
    source.walk()
    web.pages["/i.xml"] = page(body=index(web, ("/b.xml", None)))
    assert source.asked() == ["/i.xml", "/b.xml"]
    assert sorted(source.known) == [web.url("/b.xml"), web.url("/i.xml")]


def test_where_robots_txt_says_they_are(web: Web) -> None:
    lines = (
        "User-agent: *\nDisallow:\n\n  sitemap :https://news.example/a.xml  \nSITEMAP:\t/b.xml # for news\nSitemap: c.xml.gz\nSitemap:\n"
        "Sitemap: javascript:alert(1)\nSitemap: https://news.example/a.xml\nSite map: /d.xml\r\nSitemap: //cdn.example/e.xml"
    )
    web.pages["/robots.txt"] = page(body=lines.encode())
    rules = polite_client(web).allowed(web.url("/"))
    assert named_in_robots(rules.sitemaps, web.url("/robots.txt")) == (
        "https://news.example/a.xml", web.url("/b.xml"), web.url("/c.xml.gz"), "http://cdn.example/e.xml"
    )  # fmt: skip


def test_the_usual_places_are_those_of_the_host() -> None:
    assert usual_places("https://news.example/politics/today?x=1")[3] == "https://news.example/sitemap.xml"
