"""What is polled, and what one look at it gives: the terms in which the poller and the readers of feeds and sitemaps speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from producers.fetch import Client, Failure, Fetched, Validators
from schemas.raw.model import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledSource:
    """One source of the list, as the poller needs it."""

    name: str
    """Short stable name: what is remembered is kept under it."""
    url: str
    """Address that is asked, as configured."""
    publisher: str | None = None
    language: str | None = None
    """Language where an item declares none (BCP 47)."""
    timezone: str | None = None
    """Zone of its dates without an offset (IANA)."""
    articles: Literal["page", "feed"] = "page"
    """`page`: each article's page is fetched. `feed`: what the source itself holds is the article."""
    least: float = 300.0
    """Seconds: it is not asked more often."""
    most: float = 86400.0
    """Seconds: it is asked at least so often while it works."""
    license: str | None = None
    usage_terms: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item that a source lists."""

    keys: tuple[str, ...]
    """What identifies it in this source, `guid …` where that is its guid: the first is believed, the others are remembered with it."""
    heading: str
    """What a change of title or date shows in: a text of any length."""
    text: str
    """What a change of summary or content shows in."""
    url: str | None
    """Address of the article."""
    guid: str | None
    item: Item
    """What the source says beside the body."""
    body: str | None
    """The source's own HTML of the article, or its summary."""
    published: datetime | None = None
    """For measuring how late it is captured."""
    copyright_notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader is to look at, and what it said last time."""

    source: PolledSource
    url: str
    """Where it is now: a permanent redirect has been followed."""
    validators: Validators | None
    notes: Mapping[str, Any]
    """What the reader itself wanted to be remembered, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one look gave."""

    fetched: Fetched
    """The answer."""
    entries: tuple[Entry, ...] = ()
    problem: Failure | None = None
    """Why an answer that came is of no use: not a feed. The answer's own failure stands in it."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    """To be remembered once all entries are published."""
    asks_for: float | None = None
    """Seconds that the publisher wants to be left in peace (`ttl`, `sy:updatePeriod`)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC, 0 to 23, in which the publisher asks not to be asked (`skipHours`)."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week in UTC, 0 is Monday, in which it does (`skipDays`)."""
    expired: bool = False
    """The source says that nothing will follow."""
    remarks: tuple[str, ...] = ()
    """What had to be mended, for people."""
    parts_failed: tuple[tuple[str, Failure], ...] = ()
    """Of a source in several parts those that cannot be had this time, by address: the rest is of use."""

    @property
    def failure(self) -> Failure | None:
        """Why nothing can be had from it this time."""
        return self.fetched.failure or self.problem


class Hints(Protocol):
    """Tells when a source is worth asking before it is due: a hub of WebSub does. Called by the poller's thread only."""

    def saw(self, name: str, url: str, notes: Mapping[str, Any], now: float) -> None:
        """Look at what a source has just said (`Reading.notes`); `url` is where it was asked."""
        ...

    def step(self, now: float) -> Sequence[str]:
        """Do what is due; return the names of the sources that have something new."""
        ...


class Reader(Protocol):
    """Looks at a source of one kind. Called in several threads at once; it may use the network and keeps nothing itself."""

    def read(self, client: Client, asked: Asked) -> Reading:
        """Return what is there. What a server does wrong is in the reading, never an exception."""
        ...
