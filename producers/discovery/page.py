"""The feeds that a page names in its head (`<link rel="alternate" type="application/rss+xml" …>`)."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from newswire.text import hygiene
from producers.reading.addresses import absolute
from producers.reading.decoding import document_text

_HEAD_BYTES: Final = 512 * 1024
_MOST: Final = 20
_TYPES: Final = ("rss+xml", "atom+xml", "rdf+xml", "feed+json")
_PLAIN_TYPES: Final = ("application/json", "application/xml", "text/xml")
"""Types that say little: their links are taken where a title or address speaks of a feed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page names."""

    url: str
    """Absolute, http or https."""
    title: str | None = None


def feeds_of_page(body: bytes, content_type: str | None, url: str) -> tuple[Link, ...]:
    """Return the feeds that a page names, each once, in its order. `url` is the page's own, after redirects."""
    try:
        text = document_text(body[:_HEAD_BYTES], content_type)
    except ValueError:
        return ()
    reader = _Head(url)
    reader.feed(text)
    return tuple(reader.links.values())[:_MOST]


class _Head(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = url
        self.links: dict[str, Link] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        if tag == "base" and "href" in values:
            self._base = absolute(values["href"], self._base) or self._base
        if tag != "link" or not self._is_feed(values) or len(self.links) >= _MOST:
            return
        found = absolute(values.get("href"), self._base)
        if found is not None:
            self.links.setdefault(found, Link(found, hygiene.title(values.get("title", "")[:500]) or None))

    @staticmethod
    def _is_feed(values: dict[str, str]) -> bool:
        relations = values.get("rel", "").lower().split()
        kind = values.get("type", "").partition(";")[0].strip().lower()
        if "feed" in relations:
            return True
        if "alternate" not in relations:
            return False
        said = f"{values.get('title', '')} {values.get('href', '')}".lower()
        return kind.endswith(_TYPES) or (
            kind in _PLAIN_TYPES and any(word in said for word in ("rss", "feed", "atom"))
        )
