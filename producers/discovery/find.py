"""What there is to read at an address: itself, what its page names, what robots.txt names, what stands in the usual places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from producers.discovery.page import feeds_of_page
from producers.feeds import NotAFeedError, read_feed
from producers.fetch import FEED_TYPES, Client, Fetched
from producers.fetch.errors import FetchError
from producers.reading.addresses import absolute
from producers.sitemaps import NotASitemapError, read_sitemap
from producers.sitemaps.discovery import named_in_robots, usual_places

_USUAL_FEEDS: Final = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss", "/index.xml", "/feed.json")
_MOST_ASKED: Final = 25
"""Addresses that are asked for one discovery."""
_PAGES: Final = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed or sitemap that was found and read."""

    url: str
    """Where it is, after permanent redirects."""
    kind: str
    """`feed` or `sitemap`."""
    why: str
    """How it was found, for people."""
    title: str | None = None
    language: str | None = None
    items: int = 0
    """Items, addresses, or sitemaps of an index."""
    newest: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """What is better sorts first: not a feed of comments, a feed before a sitemap, one with something in it."""
        said = f"{self.title or ''} {self.url}".lower()
        return ("comment" in said, self.kind != "feed", self.items == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What came of a discovery."""

    candidates: tuple[Candidate, ...] = ()
    """In the order in which they were found."""
    failure: str | None = None
    """Why the address itself could not be asked."""
    tried: tuple[str, ...] = ()
    """Addresses that were asked and hold nothing of use."""


def best(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate to add where only one is wanted."""
    return min(candidates, key=lambda each: each.rank, default=None)


def find(client: Client, url: str) -> Found:
    """Return the feeds and sitemaps that an address leads to; all of them were fetched and read."""
    search = _Search(client)
    first = client.fetch(url, accept=FEED_TYPES)
    if first.failure is not None or first.body is None:
        return Found(failure=first.failure.detail if first.failure else "there is nothing in the answer")
    if search.take(first, "the address itself"):
        return search.found()
    if first.media_type not in _PAGES and first.body.lstrip()[:1] != b"<":
        return search.found()
    for link in feeds_of_page(first.body, first.headers.get("content-type"), first.url):
        search.ask(link.url, "named by the page", link.title)
    if not search.candidates:
        search.ask_first(_usual_feeds(first.url), "in a usual place")
    robots, named = _of_robots(client, first.url)
    for sitemap in named:
        search.ask(sitemap, "named by robots.txt")
    if robots and not any(each.kind == "sitemap" for each in search.candidates.values()):
        search.ask_first(usual_places(first.url), "in a usual place")
    return search.found()


def _usual_feeds(site: str) -> tuple[str, ...]:
    return tuple(url for path in _USUAL_FEEDS if (url := absolute(path, site)) is not None)


def _of_robots(client: Client, url: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether the site may be asked at all, and the sitemaps that its robots.txt names."""
    try:
        rules = client.allowed(url)
    except FetchError:
        return False, ()
    where = absolute("/robots.txt", url)
    return rules.state != "unreachable", named_in_robots(rules.sitemaps, where) if where else ()


class _Search:
    """Asks for addresses, each once, and keeps what can be read."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked: set[str] = set()
        self._tried: list[str] = []
        self.candidates: dict[str, Candidate] = {}

    def ask(self, url: str, why: str, title: str | None = None) -> bool:
        """Fetch an address and take what it holds; return whether that is of use."""
        if url in self._asked or len(self._asked) >= _MOST_ASKED:
            return False
        self._asked.add(url)
        fetched = self._client.fetch(url, accept=FEED_TYPES)
        return fetched.body is not None and self.take(fetched, why, title)

    def ask_first(self, urls: Iterable[str], why: str) -> None:
        """Ask for addresses until one of them is of use."""
        for url in urls:
            if self.ask(url, why):
                return

    def take(self, fetched: Fetched, why: str, title: str | None = None) -> bool:
        """Take what an answer holds; return whether it is a feed or a sitemap."""
        self._asked |= {fetched.requested_url, fetched.url}
        found = _read(fetched, why, title)
        if found is None:
            self._tried.append(fetched.requested_url)
            return False
        self.candidates.setdefault(found.url, found)
        return True

    def found(self) -> Found:
        """Return what was found."""
        return Found(candidates=tuple(self.candidates.values()), tried=tuple(self._tried))


def _read(fetched: Fetched, why: str, title: str | None) -> Candidate | None:
    assert fetched.body is not None
    where = fetched.moved_to or fetched.requested_url
    try:
        feed = read_feed(fetched.body, fetched.headers, fetched.url)
    except NotAFeedError:
        pass
    else:
        dates = [moment.value for item in feed.items if (moment := item.published or item.updated)]
        return Candidate(
            url=where,
            kind="feed",
            why=why,
            title=feed.title or title,
            language=feed.language,
            items=len(feed.items),
            newest=max(dates, default=None),
            problems=feed.problems,
        )
    try:
        sitemap = read_sitemap(fetched.body, fetched.headers, fetched.url)
    except NotASitemapError:
        return None
    moments = [entry.news.published if entry.news else entry.modified for entry in sitemap.entries]
    moments += [child.modified for child in sitemap.children]
    outlet = next((entry.news.publication for entry in sitemap.entries if entry.news), None)
    return Candidate(
        url=where,
        kind="sitemap",
        why=why,
        title=outlet or title,
        language=next((entry.news.language for entry in sitemap.entries if entry.news), None),
        items=len(sitemap.entries) + len(sitemap.children),
        newest=max((moment.value for moment in moments if moment), default=None),
        problems=sitemap.problems,
    )
