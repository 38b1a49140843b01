"""A publisher for tests: feeds and pages on a real server, polled through the real client into a log, in simulated time."""

from __future__ import annotations

import random
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from polite import SimulatedClock, polite_client
from web_server import Web, page, web_server
from wire import make_topics, payloads

from newswire.keeping import SourceState
from newswire.log.contract import Log
from newswire.log.memory import MemoryLog
from newswire.source import SourceLoop
from newswire.state.contract import State
from producers.feeds import FeedsSource
from producers.fetch import Courtesy
from producers.polling import PolledSource, Standing, standings


def item(number: int, link: str | None = None, **fields: str) -> str:
    """Return an RSS item; `fields` are further elements."""
    given = {
        "title": f"Report number {number}",
        "guid": f"report-{number}",
        "pubDate": "Tue, 24 Nov 2026 09:00:00 GMT",
        "description": f"What happened in case {number}.",
        **({"link": link} if link else {}),
        **fields,
    }
    return "<item>" + "".join(f"<{name}>{escape(text)}</{name}>" for name, text in given.items()) + "</item>"


def rss(*items: str, extra: str = "") -> bytes:
    return (
        f'<rss version="2.0"><channel><title>Herald</title>{extra}{"".join(items)}</channel></rss>'.encode()
    )


def article(number: int) -> bytes:
    return f"<!doctype html><title>Report {number}</title><article><p>The whole of report {number}.</p></article>".encode()


class Newsroom:
    """One server, one clock, one log; `poll` is one run of `produce feeds --once`."""

    def __init__(self, web: Web, folder: Path, log: Log | None = None) -> None:
        self.web = web
        self.clock = SimulatedClock()
        self.folder = folder
        self.log = log or MemoryLog()
        make_topics(self.log, partitions=1)  # so that what comes later stands later
        self.dice = random.Random(7)
        self.last: FeedsSource

    def feed(self, path: str, *items: str, **headers: Any) -> None:
        self.web.pages[path] = page(200, rss(*items), Content_Type="application/rss+xml", **headers)

    def page(self, number: int, path: str | None = None) -> str:
        """Put a page there and return its address."""
        path = path or f"/news/{number}"
        self.web.pages[path] = page(200, article(number), Content_Type="text/html; charset=utf-8")
        return self.web.url(path)

    def source(self, name: str, path: str | None = None, **more: Any) -> PolledSource:
        return PolledSource(name=name, url=self.web.url(path or f"/{name}.xml"), **more)

    def poll(
        self, *sources: PolledSource, at_once: bool = False, paused: Collection[str] = ()
    ) -> list[dict[str, Any]]:
        """Ask what is due, and return the raw events that came of it."""
        before = len(payloads(self.log, "raw"))
        kept = SourceState(self.log, "feeds", self.folder)
        try:
            self.last = FeedsSource(
                list(sources),
                polite_client(self.web, clock=self.clock, courtesy=Courtesy(interval=1.0)),
                kept.state,
                stop=threading.Event(),
                once=True,
                at_once=at_once,
                clock=self.clock,
                chance=self.dice.random,
                paused=paused,
            )
            SourceLoop(self.last, self.log, kept.writer, kept=kept).run()
        finally:
            kept.close()
        return self.raws()[before:]

    def raws(self) -> list[dict[str, Any]]:
        return payloads(self.log, "raw")

    def counts(self, name: str) -> dict[str, int]:
        return dict(self.last.progress[name].counts)

    def later(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    @contextmanager
    def state(self) -> Iterator[State]:
        kept = SourceState(self.log, "feeds", self.folder)
        try:
            yield kept.state
        finally:
            kept.close()

    def standings(self) -> Mapping[str, Standing]:
        with self.state() as state:
            return standings(state)

    def asked(self, path: str) -> int:
        """Return how often a path was asked."""
        return self.web.paths().count(path)


@contextmanager
def newsroom(folder: Path) -> Iterator[Newsroom]:
    with web_server() as web:
        yield Newsroom(web, folder)
