"""The walk over a source's sitemaps: an index and what it names, politely, and only into what has changed."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from producers.fetch import Client, Fetched, Validators
from producers.sitemaps.model import Child, NotASitemapError, Sitemap
from producers.sitemaps.read import read_sitemap

SITEMAP_TYPES: Final = "application/xml, text/xml;q=0.9, text/plain;q=0.5, application/gzip;q=0.5, */*;q=0.1"
"""What to accept for sitemaps (RFC 9110, 12.5.1)."""
_NEVER: Final = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far one walk goes."""

    fetches: int = 50
    """Sitemaps that are asked for in one walk; those left over come first in the next."""
    depth: int = 4
    """Indexes within each other. The protocol has one level; some sites have two or three."""
    known: int = 5_000
    """Sitemaps of a source that are remembered, and so ever asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is remembered of one sitemap between walks."""

    validators: Validators | None = None
    """For the next conditional request."""
    parent: str | None = None
    """The index that names it; None for those that the source itself names."""
    depth: int = 0
    listed: str | None = None
    """`lastmod` as the index writes it now."""
    read: str | None = None
    """What `listed` was when the sitemap was last read: while they are equal, it need not be asked."""
    asked_at: float = _NEVER
    """When it was last asked for, Unix time."""
    failed: bool = False
    """It could not be read the last time: others are asked before it."""
    news: bool = False
    """It was a news sitemap when it was last read: it is asked before others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One sitemap that was asked for."""

    url: str
    known: Known
    """What is to be remembered of it from now on, once its addresses are safe with the caller."""
    fetched: Fetched
    sitemap: Sitemap | None = None
    """What was read; None when it was unchanged, could not be fetched, or is none."""
    problem: str | None = None
    """Why there is no sitemap, or why it was not followed, for people."""
    names: Mapping[str, Known | None] | None = None
    """Of an index: what is to be remembered anew of the sitemaps that it names; None of those that it names no more."""


Skipped = Literal["depth", "known"]


class Walk:
    """One walk over the sitemaps of a source.

    Asked for are the source's own sitemaps, always, and of those that an index names only what may have changed: where `lastmod` is not
    what it was at the last reading, or where there is none. News sitemaps come first, then those changed last, then those that were not
    asked for the longest. Each address is asked for once in a walk, so that cycles end; what the bounds leave over stays to be asked.
    """

    def __init__(
        self,
        client: Client,
        roots: Sequence[str],
        known: Mapping[str, Known],
        *,
        now: float,
        bounds: Bounds | None = None,
    ) -> None:
        """Take the client, the source's own sitemaps, and what was remembered of all (see `Visit.known` and `Visit.names`)."""
        self._client = client
        self._roots = tuple(dict.fromkeys(roots))
        self._known = dict(known)
        self._now = now
        self._bounds = bounds or Bounds()
        self._asked: set[str] = set()
        self._queue: list[tuple[tuple[float, ...], str, int]] = []
        self._fetches = 0
        self.skipped: dict[Skipped, int] = {"depth": 0, "known": 0}
        """Sitemaps that were left out for good, by the bound that they are over."""

    @property
    def left_over(self) -> int:
        """Sitemaps that may have changed and were not asked for: they come first next time."""
        return len({url for _, url, _ in self._queue if url in self._known and url not in self._asked})

    def visits(self) -> Iterator[Visit]:
        """Yield each sitemap that is asked for."""
        for url in self._roots:
            self._known.setdefault(url, Known())
            self._put(url, depth=0)
        for url, known in self._known.items():
            if known.parent is not None and _may_have_changed(known):
                self._put(url, depth=known.depth)
        while self._queue and self._fetches < self._bounds.fetches:
            _, url, depth = heapq.heappop(self._queue)
            if url in self._known and url not in self._asked:
                yield self._visit(url, depth)

    def _visit(self, url: str, depth: int) -> Visit:
        self._asked.add(url)
        self._fetches += 1
        before = self._known[url]
        fetched = self._client.fetch(url, accept=SITEMAP_TYPES, last=before.validators)
        after = replace(before, asked_at=self._now, failed=False)
        if fetched.failure is not None:
            visit = Visit(
                url=url, known=replace(after, failed=True), fetched=fetched, problem=fetched.failure.detail
            )
        elif fetched.unchanged is not None or fetched.body is None:
            visit = Visit(
                url=url,
                known=replace(after, validators=fetched.validators, read=before.listed),
                fetched=fetched,
            )
        elif fetched.url != url and fetched.url in self._asked:
            visit = Visit(
                url=url,
                known=replace(after, read=before.listed),
                fetched=fetched,
                problem=f"leads to {fetched.url}, which was read already",
            )
        else:
            visit = self._read(url, fetched, after, depth)
        self._asked.add(fetched.url)
        self._known[url] = visit.known
        return visit

    def _read(self, url: str, fetched: Fetched, after: Known, depth: int) -> Visit:
        assert fetched.body is not None
        try:
            sitemap = read_sitemap(fetched.body, fetched.headers, fetched.url)
        except NotASitemapError as error:
            # Its validators are not kept: what comes in its place for an hour must not hide it afterwards.
            return Visit(url=url, known=replace(after, failed=True), fetched=fetched, problem=str(error))
        after = replace(after, validators=fetched.validators, read=after.listed, news=sitemap.is_news)
        named = self._named(url, sitemap.children, depth + 1) if sitemap.kind == "index" else None
        return Visit(url=url, known=after, fetched=fetched, sitemap=sitemap, names=named)

    def _named(self, parent: str, children: Sequence[Child], depth: int) -> dict[str, Known | None]:
        """Note the sitemaps of an index, and ask for those that may have changed."""
        found: dict[str, Known | None] = {}
        named = {child.url for child in children}
        for url in [url for url, known in self._known.items() if known.parent == parent and url not in named]:
            found[url] = None
            del self._known[url]
        for child in children:
            if child.url in self._roots or child.url == parent:
                continue
            if depth > self._bounds.depth:
                self.skipped["depth"] += 1
                continue
            before = self._known.get(child.url)
            if before is None and len(self._known) >= self._bounds.known:
                self.skipped["known"] += 1
                continue
            after = replace(before or Known(parent=parent, depth=depth), listed=child.modified_text)
            if after != before:
                found[child.url] = after
            self._known[child.url] = after
            if _may_have_changed(after):
                self._put(
                    child.url,
                    depth=depth,
                    modified=child.modified.value.timestamp() if child.modified else None,
                )
        return found

    def _put(self, url: str, *, depth: int, modified: float | None = None) -> None:
        known = self._known[url]
        is_news = known.news or "news" in url.rpartition("/")[2].lower()
        rank = (
            float(depth > 0),
            float(known.failed),
            float(not is_news),
            known.asked_at if modified is None else -modified,
        )
        heapq.heappush(self._queue, (rank, url, depth))


def _may_have_changed(known: Known) -> bool:
    return known.listed is None or known.listed != known.read
