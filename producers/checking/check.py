"""One look at a source, as its producer would look: request, robots, rights, what would be published, and when it is asked next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from newswire.dates import Moment, in_zone, without_time
from newswire.errors import UsageError
from newswire.source_list import ListedSource
from newswire.sources import room
from newswire.text.canonicalize import canonical_or_none
from newswire.written_dates.read import read_written_date
from producers.fetch import PAGE_TYPES, Client, Failure, Fetched, Validators
from producers.fetch.errors import FetchError
from producers.polling.listed import polled_source
from producers.polling.planning import begun, failed, polled
from producers.polling.polled import Asked, Entry, Reader, Reading

_MOST_ROBOTS: Final = 5
"""Hosts of articles whose robots.txt is read; with the source's own."""
_PERHAPS_A_SITEMAP: Final = ("not-a-feed-sitemap", "not-a-feed-text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An item of the source, and what would come of it."""

    title: str | None
    published: Moment | None
    """None when there is no date, or it cannot be known."""
    published_text: str | None
    url: str | None
    """As the source gives it."""
    canonical: str | None
    """The form by which copies under other addresses are told to be the same."""
    published_as: str
    """`page`, `feed` (with what the source itself gives), or `nothing`."""
    why: str | None = None
    """Why not, or why not with its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a look has shown."""

    source: ListedSource
    fetched: Fetched
    robots: str
    """The decision of the host's robots.txt, for people."""
    crawl_delay: float | None
    failure: Failure | None
    """Why nothing can be had from it."""
    articles: tuple[Article, ...]
    remarks: tuple[str, ...]
    """What had to be mended in it."""
    asks_for: float | None
    """Seconds that the publisher wants to be left in peace."""
    skip_hours: tuple[int, ...]
    """Hours of the day in UTC in which it asks not to be asked."""
    skip_days: tuple[int, ...]
    """Days of the week in UTC, 0 is Monday, in which it does."""
    next_at: float | None
    """When it would be asked next, Unix time, without the chance that is added; None: never."""


def reader_of(kind: str) -> Reader:
    """Return what reads a kind of source: by convention `producers.<kind>s` has a class for it, `FeedReader` for `feed`."""
    try:
        reader: Reader = getattr(room(f"{kind}s"), f"{kind.capitalize()}Reader")()
    except (ImportError, AttributeError):
        raise UsageError(
            f"no producer here reads sources of kind {kind!r}: `feed` and `sitemap` are known"
        ) from None
    return reader


def check(client: Client, source: ListedSource, now: float) -> Checked:
    """Return what the source would give at this moment to a producer that knows nothing of it. Nothing is published or remembered."""
    asked_of = polled_source(source)
    reader = reader_of(source.kind)
    robots, crawl_delay = _robots(client, source.url)
    reading = reader.read(client, Asked(source=asked_of, url=source.url, validators=None, notes={}))
    return Checked(
        source=source,
        fetched=reading.fetched,
        robots=robots,
        crawl_delay=crawl_delay,
        failure=reading.failure,
        articles=_articles(client, source, reading.entries),
        remarks=(*(f"{url}: {failure.detail}" for url, failure in reading.parts_failed), *reading.remarks),
        asks_for=reading.asks_for,
        skip_hours=tuple(sorted(reading.skip_hours)),
        skip_days=tuple(sorted(reading.skip_days)),
        next_at=_next(source, reading, now),
    )


def check_address(client: Client, url: str, now: float) -> Checked:
    """Return what an address that is in no list would give: as a feed, or as a sitemap where it is one."""
    found = check(client, ListedSource(name="unlisted", url=url, kind="feed"), now)
    if found.failure is not None and found.failure.reason in _PERHAPS_A_SITEMAP:
        as_sitemap = check(
            _Answered(client, found.fetched), ListedSource(name="unlisted", url=url, kind="sitemap"), now
        )
        return as_sitemap if as_sitemap.failure is None else found
    return found


class _Answered(Client):
    """A client that has one answer already: its address is not asked twice for it."""

    def __init__(self, client: Client, answer: Fetched) -> None:
        vars(self).update(vars(client))
        self._answer: Fetched | None = answer

    def fetch(self, url: str, *, accept: str = PAGE_TYPES, last: Validators | None = None) -> Fetched:
        """Return what is at an address."""
        answer, self._answer = self._answer, None
        if answer is not None and answer.requested_url == url:
            return answer
        return super().fetch(url, accept=accept, last=last)


def _robots(client: Client, url: str) -> tuple[str, float | None]:
    try:
        rules = client.allowed(url)
    except FetchError as error:
        return f"not asked: {error.detail}", None
    said = {
        "none": "there is none: all is allowed",
        "unreachable": f"cannot be read ({rules.why}): nothing is allowed",
    }.get(rules.state) or ("allows it" if rules.allows(url) else "does not allow it")
    return said, rules.crawl_delay


def _next(source: ListedSource, reading: Reading, now: float) -> float | None:
    asked_of = polled_source(source)
    standing = begun(asked_of, None, now, _no_chance, within=0.0)
    if reading.failure is not None:
        failed(standing, reading.failure, asked_of, now, _no_chance)
    else:
        polled(standing, reading, asked_of, found=len(reading.entries), now=now, chance=_no_chance)
    return None if standing.plan.retired else standing.plan.due


def _no_chance() -> float:
    return 0.0


def _articles(client: Client, source: ListedSource, entries: Sequence[Entry]) -> tuple[Article, ...]:
    allows = _page_rules(client, source.url)
    seen: dict[str, str] = {}
    found = []
    for entry in entries:
        canonical = canonical_or_none(entry.url)
        same = next(
            (seen[key] for key in (canonical, *entry.keys[:1]) if key is not None and key in seen), None
        )
        how, why = _fate(source, entry, same, allows)
        for key in (canonical, *entry.keys[:1]):
            if key is not None:
                seen.setdefault(key, entry.item.headline or entry.url or "an item before it")
        written = entry.item.published or entry.item.modified
        found.append(
            Article(
                title=entry.item.headline,
                published=_moment(written, source.timezone),
                published_text=written,
                url=entry.url,
                canonical=canonical,
                published_as=how,
                why=why,
            )
        )
    return tuple(found)


def _moment(written: str | None, zone: str | None) -> Moment | None:
    """Return a date as the pipeline takes it from the source alone: a time in a zone that nobody knows is its day."""
    found = read_written_date(written) if written else None
    return without_time(in_zone(found, zone)) if found is not None else None


def _fate(
    source: ListedSource, entry: Entry, same: str | None, allows: Callable[[str], str | None]
) -> tuple[str, str | None]:
    if same is not None:
        return "nothing", f"the same as {same!r:.80} in this list"
    own = bool(entry.body or entry.item.summary or entry.item.headline)
    why: str | None = None
    if source.articles == "feed":
        why = None if own else 'the feed holds nothing of it, and its page is not wanted (articles = "feed")'
    elif entry.url is None:
        why = "it has no address of http or https"
    else:
        why = allows(entry.url)
        if why is None:
            return "page", None
    return ("feed" if own else "nothing"), why


def _page_rules(client: Client, url: str) -> Callable[[str], str | None]:
    """Return what says why a page cannot be asked for; the robots.txt of the first few hosts are read."""
    hosts: dict[str, bool] = {urlsplit(url).netloc.lower(): True}

    def why_not(page: str) -> str | None:
        host = urlsplit(page).netloc.lower()
        if host not in hosts:
            hosts[host] = len(hosts) < _MOST_ROBOTS
        if not hosts[host]:
            return None
        try:
            rules = client.allowed(page)
        except FetchError as error:
            return error.detail
        if rules.state == "unreachable":
            return f"the robots.txt of {host} cannot be read ({rules.why})"
        return None if rules.allows(page) else f"the robots.txt of {host} does not allow its page"

    return why_not
