"""The bytes of a response into a feed, whatever format they are in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from producers.feeds.jsonfeed import read_json_feed
from producers.feeds.model import Feed, NotAFeedError
from producers.feeds.websub import with_links_of_headers
from producers.feeds.xmlfeed import read_xml_feed
from producers.reading.addresses import absolute
from producers.reading.decoding import document_text
from producers.reading.document import UnknownFormatError, from_root
from producers.reading.unpacking import unpacked

MAX_FEED_BYTES: Final = 64 * 1024 * 1024
"""Unpacked bytes of a feed that are read: the items within them are kept, what follows is cut off."""
_JUNK: Final = "\ufeff \t\r\n\x00"
_JSON: Final = re.compile(r"\s*[{\[]")
_NOT_FEEDS: Final = {
    "opml": "a list of feeds: import it",
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
}


def read_feed(data: bytes, headers: Mapping[str, str], url: str | None = None) -> Feed:
    """Return the feed that a response's body holds.

    `headers` are the response's, names in any case; `url` is where it came from after all redirects, to which relative addresses relate.
    The content type is asked for the charset only: what a body is shows in its first characters; gzip that no header tells of is
    unpacked. NotAFeedError when it is none.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    base = absolute(lower.get("content-location"), url) or absolute(url, None)
    body, packing = unpacked(data, MAX_FEED_BYTES)
    try:
        text = document_text(body, lower.get("content-type")).lstrip(_JUNK)
    except ValueError as error:
        raise NotAFeedError("text", str(error)) from error
    if not text:
        raise NotAFeedError("empty", f"nothing in it{f': {packing[0]}' if packing else ''}")
    if _JSON.match(text):
        feed = read_json_feed(text, base)
    else:
        try:
            document, root = from_root(text)
        except UnknownFormatError as error:
            raise NotAFeedError(error.reason, str(error)) from error
        del text
        if root in _NOT_FEEDS:
            raise NotAFeedError("opml" if root == "opml" else "sitemap", f"not a feed but {_NOT_FEEDS[root]}")
        feed = read_xml_feed(document, root, base)
    feed = with_links_of_headers(feed, lower.get("link"), base)
    return replace(feed, problems=(*feed.problems, *packing)) if packing else feed
