"""Sitemaps as a source: what `newswire produce sitemaps` polls."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from newswire.text.canonicalize import canonical_or_none
from producers.fetch import Client, Failure, FailureClass, Fetched, Validators
from producers.polling.alternates import alternates_of
from producers.polling.dating import known_time
from producers.polling.memory import digest
from producers.polling.polled import Asked, PolledSource, Reading
from producers.polling.polled import Entry as PolledEntry
from producers.polling.poller import Poller
from producers.sitemaps.model import Entry
from producers.sitemaps.walk import Bounds, Known, Visit, Walk
from schemas.raw import model as raw

MOST_ENTRIES: Final = 2_000
"""Addresses that one poll hands on. The rest stays for the next ones: nothing is marked as read before it was handed on."""
BOUNDS: Final = Bounds(fetches=20, depth=4, known=2_000)
_CUT: Final = 2_000
_MOST_VALUES: Final = 100
_MOST_REMARKS: Final = 20


class SitemapReader:
    """Asks for a source's sitemaps and reads their addresses. Safe for threads: it keeps nothing."""

    def read(self, client: Client, asked: Asked) -> Reading:
        """Return what the sitemaps of a source say now, as far as one poll goes."""
        known = _known_of(asked.notes)
        walk = Walk(client, [asked.url], known, now=time.time(), bounds=BOUNDS)
        taking = _Taking(known, dict(asked.notes.get("partly", {})))
        root: Fetched | None = None
        for visit in walk.visits():
            if root is None:
                root = visit.fetched
                if visit.sitemap is None and visit.fetched.unchanged is None:
                    return _failed(visit)
            if not taking.take(visit):
                break
        taking.remarks[:0] = _left_out(walk)
        assert root is not None  # the source's own sitemap is always asked for
        if not taking.changed:
            return Reading(fetched=root)
        return Reading(
            # What an unchanged index leads to may be new: the poll has found something to remember.
            fetched=replace(root, body=None, unchanged=None),
            entries=tuple(_entry(entry, asked.source.timezone) for entry in taking.entries),
            notes={
                "maps": {url: _as_data(each) for url, each in taking.known.items()},
                "partly": taking.partly,
            },
            remarks=tuple(taking.remarks[:_MOST_REMARKS]),
            parts_failed=tuple(taking.failed),
        )


class SitemapsSource(Poller):
    """Polls sitemaps, and captures the articles that they list."""

    def __init__(self, sources: list[PolledSource], *args: Any, **more: Any) -> None:
        super().__init__("sitemaps", sources, SitemapReader(), *args, **more)


@dataclass(slots=True)
class _Taking:
    """What one poll takes of what a walk visits, and what is remembered of it."""

    known: dict[str, Known]
    partly: dict[str, list[Any]]
    """Of sitemaps that are larger than one poll: how far they were handed on (time, hash of an address), and the hash of what was."""
    entries: list[Entry] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    failed: list[tuple[str, Failure]] = field(default_factory=list)
    changed: bool = False

    def take(self, visit: Visit) -> bool:
        """Take a visit; return whether there is room for more."""
        failure = _failure_of(visit)
        if failure is not None:
            self.failed.append((visit.url, failure))
        elif visit.problem:
            self.remarks.append(f"{visit.url}: {visit.problem}")
        if visit.sitemap is not None:
            self.remarks += [f"{visit.url}: {problem}" for problem in visit.sitemap.problems]
        there = visit.sitemap.entries if visit.sitemap is not None else ()
        room = MOST_ENTRIES - len(self.entries)
        self.changed = self.changed or visit.sitemap is not None or visit.problem is not None
        if len(there) > room or visit.url in self.partly:
            self._take_part(visit, there, room)
        else:
            self.entries += there
            self.known[visit.url] = visit.known
        for url, known in (visit.names or {}).items():
            self.changed = True
            if known is None:
                self.known.pop(url, None)
                self.partly.pop(url, None)
            else:
                self.known[url] = known
        return len(self.entries) < MOST_ENTRIES

    def _take_part(self, visit: Visit, there: tuple[Entry, ...], room: int) -> None:
        """Take the newest that were not handed on yet. One that has changed meanwhile is gone through once more from the beginning."""
        if visit.sitemap is None:
            self.known[visit.url] = visit.known
            if visit.fetched.unchanged is not None:
                self.partly.pop(visit.url, None)
            return
        sha = visit.fetched.validators.sha256 if visit.fetched.validators else ""
        after, begun_with = _cursor(self.partly.get(visit.url), sha)
        rest = sorted((entry for entry in there if _order(entry) > after), key=_order)
        self.entries += rest[:room]
        if len(rest) > room:
            self.partly[visit.url] = [*_order(rest[room - 1]), begun_with]
        elif begun_with == sha:
            self.partly.pop(visit.url, None)
            self.known[visit.url] = visit.known
            return
        else:
            self.partly[visit.url] = [None, "", sha]
        # Not read yet: it is asked for again, in full.
        self.known[visit.url] = replace(visit.known, validators=None, read=None)


def _cursor(kept: list[Any] | None, sha: str) -> tuple[tuple[float, str], str]:
    if kept is None or kept[0] is None:
        return (float("-inf"), ""), sha
    return (float(kept[0]), str(kept[1])), str(kept[2])


def _order(entry: Entry) -> tuple[float, str]:
    """Return what sorts the newest first, and those without a date last. It is remembered, so that it must not hold an address."""
    moment = (entry.news.published if entry.news else None) or entry.modified
    return (-moment.value.timestamp() if moment else 0.0, digest(entry.url))


def _left_out(walk: Walk) -> list[str]:
    return [
        f"{count:,} sitemaps are left out for good: {why}"
        for count, why in (
            (walk.skipped["depth"], f"their index is within more than {BOUNDS.depth} others"),
            (
                walk.skipped["known"],
                f"more than {BOUNDS.known:,} of a source are not remembered; name them as sources of their own",
            ),
        )
        if count
    ]


def _failed(visit: Visit) -> Reading:
    return Reading(
        fetched=visit.fetched, problem=_failure_of(visit) if visit.fetched.failure is None else None
    )


def _failure_of(visit: Visit) -> Failure | None:
    """Return why a sitemap could not be read: that it was not to be had, or is none. None where it was read, or need not be."""
    if visit.fetched.failure is not None or not visit.known.failed:
        return visit.fetched.failure
    # A challenge or consent page passes by itself; what stays wrong is asked less and less often.
    return Failure(FailureClass.SOFT, "not-a-sitemap", f"the answer is no sitemap: {visit.problem}")


def _known_of(notes: Mapping[str, Any]) -> dict[str, Known]:
    found = {}
    for url, data in notes.get("maps", {}).items():
        validators = data.get("validators")
        found[url] = Known(**{**data, "validators": Validators(**validators) if validators else None})
    return found


def _as_data(known: Known) -> dict[str, Any]:
    return {
        name: value for name, value in asdict(known).items() if value not in (None, False, 0, float("-inf"))
    }


def _entry(entry: Entry, zone: str | None) -> PolledEntry:
    """Return an address as an item: another `lastmod` is another text, so that a site where all change at every poll is found out."""
    news = entry.news
    key = canonical_or_none(entry.url) or entry.url
    return PolledEntry(
        keys=(f"link {key}",),
        heading="\x1f".join((news.title or "", news.published_text or "")) if news is not None else "",
        text=entry.modified_text or "",
        url=entry.url,
        guid=None,
        item=raw.Item(
            headline=news.title[:_CUT] if news and news.title else None,
            published=news.published_text[:200] if news and news.published_text else None,
            modified=entry.modified_text[:200] if entry.modified_text else None,
            language=news.language[:100] if news and news.language else None,
            section=news.genres[0][:_CUT] if news and news.genres else None,
            keywords=tuple(word[:_CUT] for word in news.keywords[:_MOST_VALUES]) if news else (),
            alternates=alternates_of(entry.alternates),
        ),
        body=None,
        published=known_time(news.published, zone) if news is not None else None,
    )
