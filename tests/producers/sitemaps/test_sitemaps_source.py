"""Sitemaps polled on a real server into a log: each article once, changed ones again, backlogs over several polls, nothing lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from polite import SimulatedClock, polite_client
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from web_server import Handler, Web, page, web_server
from wire import make_topics, payloads

from newswire.keeping import SourceState
from newswire.log.memory import MemoryLog
from newswire.source import SourceLoop
from producers.fetch import Courtesy
from producers.polling import PolledSource
from producers.polling.memory import Memory
from producers.sitemaps import SitemapsSource
from producers.sitemaps import source as sitemaps_source
from producers.sitemaps.walk import Bounds

NEWS = "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"


@pytest.fixture
def web() -> Iterator[Web]:
    with web_server() as running:
        yield running


@pytest.fixture
def site(web: Web, tmp_path: Path) -> Site:
    return Site(web, tmp_path)


class Site:
    """A site with sitemaps and pages, and what one run of `produce sitemaps --once` after the other makes of it."""

    def __init__(self, web: Web, folder: Path) -> None:
        self.web, self.folder, self.clock, self.log = web, folder, SimulatedClock(), MemoryLog()
        make_topics(self.log, partitions=1)

    def urlset(self, path: str, *articles: str | tuple[str, str]) -> None:
        """Put a sitemap there, of articles by number or of number and lastmod, and their pages."""
        entries = []
        for each in articles:
            number, modified = each if isinstance(each, tuple) else (each, "")
            self.web.pages.setdefault(
                f"/{number}", page(200, f"<p>Report {number}".encode(), Content_Type="text/html")
            )
            lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
            entries.append(f"<url><loc>{self.web.url(f'/{number}')}</loc>{lastmod}</url>")
        self.web.pages[path] = page(200, f"<urlset>{''.join(entries)}</urlset>".encode())

    def index(self, path: str, *children: tuple[str, str]) -> None:
        named = "".join(
            f"<sitemap><loc>{self.web.url(to)}</loc><lastmod>{when}</lastmod></sitemap>"
            for to, when in children
        )
        self.web.pages[path] = page(200, f"<sitemapindex>{named}</sitemapindex>".encode())

    def poll(self, path: str = "/s.xml", *, most: int | None = None) -> list[str]:
        """Ask once, an hour after the last time, and return the articles that came of it, in order."""
        self.clock.time += 3600
        kept = SourceState(self.log, "sitemaps", self.folder)
        before = len(self.raws())
        try:
            source = SitemapsSource(
                [PolledSource(name="site", url=self.web.url(path), least=60.0, most=3000.0)],
                polite_client(self.web, clock=self.clock, courtesy=Courtesy(interval=0.0)),
                kept.state,
                stop=threading.Event(),
                once=True,
                clock=self.clock,
                chance=random.Random(1).random,
            )
            loop = SourceLoop(source, self.log, kept.writer, kept=kept)
            if most is None:
                loop.run()
            else:
                captures = source.captures()
                self._run_until(captures, kept, most)
            self.standing = Memory(kept.state).standing("site")
            self.progress = source.progress["site"]
        finally:
            kept.close()
        return [raw["url"].rpartition("/")[2] for raw in self.raws()[before:]]

    def _run_until(self, captures: Any, kept: SourceState, most: int) -> None:
        """Run the loop as it is, and break off as a killed process does: what is not written is lost."""

        class Breaks:
            name, rule_version = "sitemaps", "1"

            def captures(self) -> Iterator[Any]:
                for number, each in enumerate(filter(None, captures)):
                    if number == most:
                        raise KeyboardInterrupt
                    yield each
                    yield None

        with pytest.raises(KeyboardInterrupt):
            SourceLoop(Breaks(), self.log, kept.writer, kept=kept).run()

    def raws(self) -> list[dict[str, Any]]:
        return payloads(self.log, "raw")


def test_each_article_once_with_its_page_and_changed_ones_again(site: Site) -> None:
    site.urlset("/s.xml", ("1", "2026-11-01"), ("2", "2026-11-02"), "3")
    assert sorted(site.poll()) == ["1", "2", "3"]
    first = site.raws()[0]
    assert (first["source"], first["http"]["status"]) == ({"name": "site", "kind": "sitemaps"}, 200)
    assert first["body"].startswith("<p>Report")
    assert site.poll() == []
    site.urlset("/s.xml", ("1", "2026-11-01"), ("2", "2026-11-09"), "3", "4")
    assert sorted(site.poll()) == ["2", "4"]


def test_addresses_that_differ_in_trackers_only_are_one_article(site: Site) -> None:
    site.urlset("/s.xml", "1", "1?utm_source=sitemap", "1#top")
    assert site.poll() == ["1"]


def test_what_a_news_sitemap_says_travels_with_the_article(site: Site, web: Web) -> None:
    web.pages["/1"] = page(200, b"<p>Tide", Content_Type="text/html")
    web.pages["/s.xml"] = page(
        200,
        f"<urlset {NEWS}><url><loc>{web.url('/1')}</loc><news:news><news:publication><news:language>de</news:language></news:publication>"
        "<news:title>Flut</news:title><news:publication_date>2026-11-24</news:publication_date><news:keywords>a, b</news:keywords>"
        "</news:news></url></urlset>".encode(),
    )
    site.poll()
    assert site.raws()[0]["item"] == {
        "authors": [],
        "headline": "Flut",
        "published": "2026-11-24",
        "language": "de",
        "keywords": ["a", "b"],
    }


def test_an_index_is_followed_only_into_what_changed(site: Site, web: Web) -> None:
    site.urlset("/a.xml", "1", "2")
    site.urlset("/b.xml", "3")
    site.index("/s.xml", ("/a.xml", "2026-11-01"), ("/b.xml", "2026-11-01"))
    assert sorted(site.poll()) == ["1", "2", "3"]
    site.urlset("/b.xml", "3", "4")
    site.index("/s.xml", ("/a.xml", "2026-11-01"), ("/b.xml", "2026-11-02"))
    web.seen.clear()
    assert site.poll() == ["4"]
    assert "/a.xml" not in web.paths()


@pytest.mark.parametrize("changes", [False, True])
def test_a_backlog_is_taken_over_several_polls_newest_first(
    site: Site, monkeypatch: pytest.MonkeyPatch, changes: bool
) -> None:
    monkeypatch.setattr(sitemaps_source, "MOST_ENTRIES", 4)
    listed = [(str(n), f"2026-10-{n:02}") for n in range(1, 11)]
    site.urlset("/s.xml", *listed)
    assert sorted(site.poll(), key=int) == ["7", "8", "9", "10"]
    if changes:  # a new article, and an old one that moves to the front
        listed = [("11", "2026-11-01"), *listed[1:], ("1", "2026-11-02")]
        site.urlset("/s.xml", *listed)
    came = [number for _ in range(8) for number in site.poll()]
    assert sorted(came, key=int) == [str(n) for n in range(1, 7)] + ["11"] * changes
    assert site.standing is not None
    assert site.standing.notes["partly"] == {}
    assert site.poll() == []


def test_what_is_left_out_for_good_is_told_and_no_article_is_named_in_what_is_remembered(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sitemaps_source, "MOST_ENTRIES", 2)
    monkeypatch.setattr(sitemaps_source, "BOUNDS", Bounds(known=2))
    site.urlset("/a.xml", "1", "2", "3", "4")
    site.index("/s.xml", ("/a.xml", "2026-11-01"), ("/b.xml", "2026-11-01"), ("/c.xml", "2026-11-01"))
    assert len(site.poll()) == 2
    assert (
        "2 sitemaps are left out for good: more than 2 of a source are not remembered"
        in capfd.readouterr().err
    )
    assert site.standing is not None
    assert list(site.standing.notes["partly"]) == [site.web.url("/a.xml")]
    kept = site.standing.to_json().decode()
    assert not [number for number in "1234" if site.web.url(f"/{number}") + '"' in kept]


def test_news_do_not_starve_an_archive(site: Site, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps_source, "MOST_ENTRIES", 4)
    site.urlset("/old.xml", *(str(n) for n in range(100, 104)))
    site.index("/s.xml", ("/old.xml", "2020-01-01"), ("/news.xml", "2026-11-01"))
    came = []
    for poll in range(6):
        site.urlset("/news.xml", *(str(n) for n in range(poll, poll + 3)))
        site.index("/s.xml", ("/old.xml", "2020-01-01"), ("/news.xml", f"2026-11-{poll + 1:02}"))
        came += site.poll()
    assert sorted(set(came), key=int) == [str(n) for n in [*range(8), *range(100, 104)]]
    assert len(came) == len(set(came))


@pytest.mark.parametrize("most", [0, 1, 3])
def test_a_run_that_breaks_off_loses_and_repeats_nothing(site: Site, most: int) -> None:
    site.urlset("/a.xml", "1", "2", "3")
    site.urlset("/b.xml", "4", "5")
    site.index("/s.xml", ("/a.xml", "2026-11-01"), ("/b.xml", "2026-11-01"))
    first = site.poll(most=most)
    assert len(first) == most
    assert sorted(first + site.poll()) == ["1", "2", "3", "4", "5"]
    assert site.poll() == []


def test_a_consent_page_is_a_failure_that_passes(site: Site, web: Web) -> None:
    web.pages["/s.xml"] = page(200, b"<html><title>Before you go on</title></html>", Content_Type="text/html")
    assert site.poll() == []
    assert site.standing is not None
    assert site.standing.problem is not None
    assert site.standing.problem["reason"] == "not-a-sitemap"
    site.urlset("/s.xml", "1")
    assert site.poll() == ["1"]


def test_a_server_that_hangs_up_in_the_middle_of_a_sitemap_costs_nothing(site: Site, web: Web) -> None:
    site.urlset("/whole.xml", "1", "2")
    body = b"<urlset><url><loc>" + web.url("/1").encode()

    def breaks_off(handler: Handler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.raw(body)

    web.pages["/s.xml"] = breaks_off
    assert site.poll() == []
    web.pages["/s.xml"] = web.pages["/whole.xml"]
    assert sorted(site.poll()) == ["1", "2"]


def failures(reason: str) -> float:
    series = {"source": "site", "what": "part", "reason": reason}
    return sum(
        REGISTRY.get_sample_value("newswire_source_failures_total", series | {"class": kind}) or 0.0
        for kind in ("soft", "hard", "gone", "deferred")
    )


def test_what_fails_below_an_index_is_counted_and_named_and_the_rest_is_taken(site: Site, web: Web) -> None:
    site.urlset("/good.xml", "1", "2")
    web.pages["/consent.xml"] = page(200, b"<!doctype html><title>Before you continue</title>")
    missing = [f"/missing-{n}.xml" for n in range(12)]
    site.index("/s.xml", *((to, "2026-11-01") for to in ("/good.xml", "/consent.xml", *missing)))
    counted = failures("http-404"), failures("not-a-sitemap")
    with capture_logs() as logs:
        assert sorted(site.poll()) == ["1", "2"]
    assert (failures("http-404") - counted[0], failures("not-a-sitemap") - counted[1]) == (12, 1)
    assert (site.progress.counts["failed"], site.progress.failure, site.progress.lacking) == (13, None, 13)
    assert site.progress.remark == "parts of it failed: 12 http-404, 1 not-a-sitemap"
    said = [each for each in logs if each["log_level"] == "warning"]
    named = {each["url"]: each["reason"] for each in said if "url" in each}
    assert len(named) == 10
    assert set(named) <= {web.url(to) for to in ("/consent.xml", *missing)}
    assert [each["parts"] for each in said if "parts" in each] == [3]
    # What is there again is taken, and nothing is lacking any more.
    for to in ("/consent.xml", *missing):
        site.urlset(to, f"of{to.replace('/', '-')}")
    assert len(site.poll()) == 13
    assert (site.progress.lacking, site.progress.remark) == (0, None)


def test_versions_in_other_languages_are_on_the_raw_event(site: Site) -> None:
    site.urlset("/s.xml", "1")
    address = site.web.url("/1")
    link = '<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="{}" href="{}"/>'
    links = link.format("de", "/de/1") + link.format("en", address) + link.format("fr", "/fr/" + "a" * 3_000)
    site.web.pages["/s.xml"] = page(200, f"<urlset><url><loc>{address}</loc>{links}</url></urlset>".encode())
    assert site.poll() == ["1"]
    assert site.raws()[0]["item"]["alternates"] == [
        {"language": "de", "url": site.web.url("/de/1")},
        {"language": "en", "url": address},
    ]
