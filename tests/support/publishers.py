"""Publishers with habits, good and bad, in simulated time: sixteen feeds on each host, their articles' pages, and what was asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Final

from newsroom import article, item, rss
from polite import BEGIN
from web_server import Handler, Web

from producers.fetch.schedule import DAY, HOUR, MINUTE

KINDS: Final = (
    "busy",
    "section",
    "quiet",
    "tag-changes",
    "tag-stuck",
    "gone",
    "revives",
    "moved",
    "merged",
    "broken-route",
    "retry-date",
    "skips",
    "challenge",
    "flaky-pages",
    "edits",
    "guids-churn",
)
MIDNIGHT: Final = (BEGIN // DAY + 1) * DAY
"""When the day begins."""
PRESS_CLOSES: Final = MIDNIGHT + 20 * HOUR
"""Nothing is published after that: what is left of the day is for what was late."""
LISTED: Final = 40
GONE_AT: Final = MIDNIGHT + 3 * HOUR
REVIVES_AT: Final = MIDNIGHT + 15 * HOUR
RETRY_AT: Final = MIDNIGHT + 12 * HOUR
CHALLENGE: Final = (MIDNIGHT + 10 * HOUR, MIDNIGHT + 12 * HOUR)
BROKEN_SECONDS: Final = 5400
CRAWL_DELAY: Final = 20.0
PAUSED_FROM: Final = MIDNIGHT + 6 * HOUR
PAUSE: Final = 1800.0
"""The last host says 429 once from then on, and wants to be left alone for so long."""
EVERY: Final = {
    "busy": 8 * MINUTE,
    "tag-stuck": 3 * HOUR,
    "moved-to": 2 * HOUR,
    "skips": 50 * MINUTE,
    "challenge": 2 * HOUR,
    "flaky-pages": 90 * MINUTE,
    "edits": 3 * HOUR,
    "guids-churn": 2 * HOUR,
}
"""How often a kind publishes; others have one item, from the beginning."""


class Publishers:
    """Answers for all hosts of a server."""

    def __init__(self, web: Web, hosts: int) -> None:
        self.web = web
        self.hosts = [f"h{n}.example.org" for n in range(hosts)]
        self.asked: dict[str, list[float]] = defaultdict(list)
        """Times of requests by host."""
        self.polled: dict[str, list[float]] = defaultdict(list)
        """Times of requests by host and feed."""
        self.statuses: Counter[int] = Counter()
        self.paused_at: float | None = None
        web.pages = _Everything(self.answer)  # type: ignore[assignment]

    @property
    def now(self) -> float:
        return float(self.web.now())  # type: ignore[attr-defined]

    def url(self, host: str, kind: str) -> str:
        return self.web.url(f"/feed/{kind}", host=host)

    def published(self, kind: str, now: float) -> list[int]:
        """Return the numbers of what a kind has published, the oldest first."""
        every, until = EVERY.get(kind), min(now, PRESS_CLOSES)
        return list(range(1 + int(max(0.0, until - MIDNIGHT) // every))) if every else [0]

    def answer(self, handler: Handler) -> None:
        now, path = self.now, handler.path.partition("?")[0]
        host = handler.headers["Host"].partition(":")[0]
        self.asked[host].append(now)
        if host == self.hosts[-1] and now >= PAUSED_FROM and self.paused_at is None:
            self.paused_at = now
            self.respond(handler, 429, Retry_After=str(int(PAUSE)))
        elif path == "/robots.txt" and host == self.hosts[0]:
            self.respond(handler, 200, b"User-agent: *\nCrawl-delay: %d\n" % CRAWL_DELAY)
        elif path.startswith("/feed/"):
            kind = path.rpartition("/")[2]
            self.polled[f"{host} {kind}"].append(now)
            getattr(self, kind.replace("-", "_"), self.feed)(handler, host, kind, now)
        elif path.startswith("/news/"):
            self.page(handler, *path.split("/")[2:], now)
        else:
            self.respond(handler, 404)

    def respond(self, handler: Handler, status: int, body: bytes = b"", **headers: Any) -> None:
        self.statuses[status] += 1
        handler.answer(status, body, Date=formatdate(self.now, usegmt=True), **headers)

    def page(self, handler: Handler, kind: str, number: str, now: float) -> None:
        if kind == "flaky-pages" and now < MIDNIGHT + int(number) * EVERY[kind] + 20 * MINUTE:
            self.respond(handler, 503)
        else:
            self.respond(handler, 200, article(int(number)), Content_Type="text/html; charset=utf-8")

    # feeds

    def items(self, host: str, kind: str, now: float, **fields: Any) -> list[str]:
        """Return what a feed lists, the latest first. `fields` are functions of an item's number."""
        given: dict[str, Callable[[int], str]] = {"guid": lambda n: f"{host}-{kind}-{n}", **fields}
        link = given.pop("link", lambda n: self.web.url(f"/news/{kind}/{n}", host=host))
        return [
            item(n, link(n), **{name: value(n) for name, value in given.items()})
            for n in reversed(self.published(kind, now)[-LISTED:])
        ]

    def list_of(self, handler: Handler, items: list[str], tag: str, extra: str = "") -> None:
        same = handler.headers.get("If-None-Match") == f'"{tag}"'
        body = b"" if same else rss(*items, extra=extra)
        kind = "application/rss+xml"
        self.respond(handler, 304 if same else 200, body, ETag=f'"{tag}"', Content_Type=kind)

    def feed(self, handler: Handler, host: str, kind: str, now: float) -> None:
        self.list_of(handler, self.items(host, kind, now), str(len(self.published(kind, now))))

    def section(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """Every article of the busy feed, under addresses and guids of its own."""
        link = self.web.url("/news/busy/", host=host)
        listed = self.items(
            host, "busy", now, link=lambda n: f"{link}{n}?utm_source=section", guid=lambda n: f"section-{n}"
        )
        self.list_of(handler, listed, str(len(self.published("busy", now))))

    def tag_changes(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """Another tag each time, for the same bytes."""
        self.list_of(handler, self.items(host, kind, now), str(now))

    def tag_stuck(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """The same tag for ever, also when there is something new."""
        self.list_of(handler, self.items(host, kind, now), "for ever")

    def gone(self, handler: Handler, host: str, kind: str, now: float) -> None:
        if now >= GONE_AT:
            self.respond(handler, 410)
        else:
            self.feed(handler, host, kind, now)

    def revives(self, handler: Handler, host: str, kind: str, now: float) -> None:
        if now < REVIVES_AT:
            self.respond(handler, 404)
        else:
            self.feed(handler, host, kind, now)

    def moved(self, handler: Handler, host: str, kind: str, now: float) -> None:
        self.respond(handler, 301, Location="/feed/moved-to")

    def merged(self, handler: Handler, host: str, kind: str, now: float) -> None:
        self.respond(handler, 301, Location="/feed/busy")

    def broken_route(self, handler: Handler, host: str, kind: str, now: float) -> None:
        self.respond(handler, 503, Retry_After=str(BROKEN_SECONDS))

    def retry_date(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """For the first half of the day: come back at noon."""
        if now < RETRY_AT:
            self.respond(handler, 503, Retry_After=formatdate(RETRY_AT, usegmt=True))
        else:
            self.feed(handler, host, kind, now)

    def skips(self, handler: Handler, host: str, kind: str, now: float) -> None:
        hours = "".join(f"<hour>{hour}</hour>" for hour in range(2, 6))
        listed = self.items(host, kind, now)
        self.list_of(handler, listed, str(len(listed)), f"<skipHours>{hours}</skipHours>")

    def challenge(self, handler: Handler, host: str, kind: str, now: float) -> None:
        if CHALLENGE[0] <= now < CHALLENGE[1]:
            self.respond(handler, 200, b"<!doctype html><title>Just a moment...</title>", ETag='"c"')
        else:
            self.feed(handler, host, kind, now)

    def edits(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """A title is corrected an hour after it came."""

        def title(n: int) -> str:
            return f"{'Corrected r' if now >= MIDNIGHT + n * EVERY[kind] + HOUR else 'R'}eport {n}"

        self.list_of(handler, self.items(host, kind, now, title=title), str(int(now // HOUR)))

    def guids_churn(self, handler: Handler, host: str, kind: str, now: float) -> None:
        """Other guids in every hour."""
        hour = int(now // HOUR)
        self.list_of(handler, self.items(host, kind, now, guid=lambda n: f"{hour}-{n}"), f"{hour}")


class _Everything(dict[str, Any]):
    """Every path is answered by one function."""

    def __init__(self, answer: Callable[[Handler], None]) -> None:
        super().__init__()
        self._answer = answer

    def get(self, key: str, default: Any = None) -> Any:
        return self._answer
