"""Feeds as a source: what `newswire produce feeds` polls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from producers.feeds.identity import Keys, Trust, judge, keys_of, remembered
from producers.feeds.model import Feed, Item, NotAFeedError
from producers.feeds.read import read_feed
from producers.fetch import FEED_TYPES, Client, Failure, FailureClass
from producers.polling.alternates import alternates_of
from producers.polling.dating import known_time
from producers.polling.memory import digest
from producers.polling.polled import Asked, Entry, PolledSource, Reading
from producers.polling.poller import Poller
from schemas.raw import model as raw

_MOST_GUIDS: Final = 500
"""Addresses of which the guid is remembered to see churn: more would not show it better."""
_CUT: Final = 20_000
_SHORT: Final = 2_000
_LONGEST_GUID: Final = 500
_MOST_VALUES: Final = 100


class FeedReader:
    """Asks for a feed and reads its items. Safe for threads: it keeps nothing."""

    def read(self, client: Client, asked: Asked) -> Reading:
        """Return what a feed says now."""
        fetched = client.fetch(asked.url, accept=FEED_TYPES, last=asked.validators)
        if fetched.body is None or fetched.unchanged is not None:
            return Reading(fetched=fetched)
        try:
            feed = read_feed(fetched.body, fetched.headers, fetched.url)
        except NotAFeedError as error:
            # A challenge or consent page passes by itself; what stays wrong is asked less and less often.
            problem = Failure(
                FailureClass.SOFT, f"not-a-feed-{error.reason}", f"the answer is no feed: {error}"
            )
            return Reading(fetched=fetched, problem=problem)
        return _reading(asked, fetched, feed)


class FeedsSource(Poller):
    """Polls feeds, and captures their articles."""

    def __init__(self, sources: list[PolledSource], *args: Any, **more: Any) -> None:
        super().__init__("feeds", sources, FeedReader(), *args, **more)


def _reading(asked: Asked, fetched: Any, feed: Feed) -> Reading:
    keys = [keys_of(item) for item in feed.items]
    hashed = [_hashed(each) for each in keys]
    trust = judge(_trust(asked.notes), hashed, dict(asked.notes.get("guids", {})))
    return Reading(
        fetched=fetched,
        entries=tuple(
            _entry(feed, item, each, trust, asked.source.timezone)
            for item, each in zip(feed.items, keys, strict=True)
        ),
        notes={
            "trust": {"level": trust.level, "why": trust.why, "churned": trust.churned},
            "guids": remembered(hashed[:_MOST_GUIDS]),
            "title": (feed.title or "")[:_SHORT],
            "hubs": list(feed.hubs[:5]),
            "topic": feed.self_link,
        },
        asks_for=feed.schedule.interval_seconds,
        skip_hours=feed.schedule.skip_hours,
        skip_days=feed.schedule.skip_days,
        expired=feed.expired,
        remarks=feed.problems,
    )


def _trust(notes: Mapping[str, Any]) -> Trust:
    return Trust(**notes["trust"]) if "trust" in notes else Trust()


def _hashed(keys: Keys) -> Keys:
    """Return the keys as hashes: whether they are the same is all that is asked of them, and nothing else of an item is remembered."""
    return Keys(
        guid=digest(keys.guid, 12) if keys.guid is not None else None,
        link=digest(keys.link, 12) if keys.link is not None else None,
        text=keys.text[:12],
    )


def _entry(feed: Feed, item: Item, keys: Keys, trust: Trust, zone: str | None) -> Entry:
    title = None if item.title_from_body else item.title
    return Entry(
        keys=tuple(dict.fromkeys((keys.at(trust.level), *keys.all()))),
        heading="\x1f".join((title or "", item.published_text or "", item.updated_text or "")),
        text="\x1f".join((item.summary or "", item.content or "")),
        url=item.link,
        guid=_whole(item.guid) if item.guid else None,
        item=raw.Item(
            headline=item.title[:_SHORT] if item.title else None,
            summary=item.summary[:_CUT] if item.summary else None,
            authors=_values(item.authors),
            published=item.published_text[:200] if item.published_text else None,
            modified=item.updated_text[:200] if item.updated_text else None,
            language=(item.language or feed.language or "")[:100] or None,
            section=item.categories[0][:_SHORT] if item.categories else None,
            keywords=_values(item.categories),
            alternates=alternates_of(item.alternates),
        ),
        body=item.content or item.summary,
        published=known_time(item.published or item.updated, zone),
        copyright_notice=(item.rights or feed.rights or "")[:_SHORT] or None,
    )


def _whole(guid: str) -> str:
    """Return a guid as it is, or one that is too long with a hash of the whole at its end: two that begin alike stay two."""
    return guid if len(guid) <= _LONGEST_GUID else f"{guid[:_LONGEST_GUID]} {digest(guid)}"


def _values(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value[:_SHORT] for value in given[:_MOST_VALUES])
