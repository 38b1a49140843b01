"""WebSub: the hub and the topic that a feed names, in its headers or in itself."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from producers.feeds.model import Feed
from producers.reading.addresses import absolute

_LINK: Final = re.compile(
    r"<([^<>]{1,2000})>\s*((?:;\s*[a-zA-Z*]+\s*=\s*(?:\"[^\"]{0,200}\"|[^\s\",;]{1,200})\s*)*)"
)
_RELATION: Final = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]{0,200})\"|([^\s\",;]{1,200}))", re.IGNORECASE)


def with_links_of_headers(feed: Feed, header: str | None, base: str | None) -> Feed:
    """Return the feed with the hubs and the topic of its `Link` header (RFC 8288), which go before its own (WebSub, section 4)."""
    hubs: list[str] = []
    topic: str | None = None
    for found in _LINK.finditer((header or "")[:20_000]):
        relation = _RELATION.search(found[2])
        relations = (relation[1] or relation[2] or "").lower().split() if relation else []
        url = absolute(found[1], base)
        if url and "hub" in relations:
            hubs.append(url)
        if url and "self" in relations:
            topic = topic or url
    if not hubs and topic is None:
        return feed
    return replace(feed, hubs=tuple(dict.fromkeys((*hubs, *feed.hubs))), self_link=topic or feed.self_link)
