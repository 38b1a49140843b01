"""The bytes of a response into a sitemap, whatever format they are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from newswire.topology import MIB
from producers.feeds import NotAFeedError, read_feed
from producers.reading.addresses import absolute
from producers.reading.decoding import document_text
from producers.reading.document import UnknownFormatError, from_root
from producers.reading.unpacking import unpacked
from producers.sitemaps.model import Entry, News, NotASitemapError, Sitemap
from producers.sitemaps.textsitemap import read_text_sitemap
from producers.sitemaps.xmlsitemap import MAX_URLS, read_xml_sitemap

MAX_SITEMAP_BYTES: Final = 64 * MIB
"""Unpacked bytes of a sitemap that are read; the protocol allows 50 MiB."""
_JUNK: Final = "\ufeff \t\r\n\x00"
_XML_ROOTS: Final = frozenset(("urlset", "sitemapindex"))


def read_sitemap(data: bytes, headers: Mapping[str, str], url: str | None = None) -> Sitemap:
    """Return the sitemap that a response's body holds: `urlset`, `sitemapindex`, one address a line, or a feed; packed with gzip or not.

    `headers` are the response's, names in any case; `url` is where it came from after all redirects, to which relative addresses relate.
    What a body is shows in its first bytes, not in its name or content type. NotASitemapError when it is none.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    body, packing = unpacked(data, MAX_SITEMAP_BYTES)
    cut = bool(packing)
    base = absolute(url, None)
    try:
        text = document_text(body, lower.get("content-type")).lstrip(_JUNK)
    except ValueError as error:
        raise NotASitemapError("text", str(error)) from error
    if not text:
        raise NotASitemapError("empty", "nothing in it" if not cut else f"nothing in it: {packing[0]}")
    if text[0] == "<":
        found = _of_xml(text, body, lower, base)
    elif text[0] in "{[":
        found = _of_feed(body, lower, base)
    else:
        # Half an address at the end of what was cut off is another address.
        found = read_text_sitemap(text[: text.rfind("\n") + 1] if cut else text, base)
    return replace(found, problems=(*packing, *found.problems)) if packing else found


def _of_xml(text: str, body: bytes, headers: Mapping[str, str], base: str | None) -> Sitemap:
    try:
        document, root = from_root(text)
    except UnknownFormatError as error:
        raise NotASitemapError(error.reason, str(error)) from error
    if root in _XML_ROOTS:
        return read_xml_sitemap(document, root, base)
    if root == "opml":
        raise NotASitemapError("opml", "not a sitemap but a list of feeds: import it")
    return _of_feed(body, headers, base)


def _of_feed(body: bytes, headers: Mapping[str, str], base: str | None) -> Sitemap:
    try:
        feed = read_feed(body, headers, base)
    except NotAFeedError as error:
        raise NotASitemapError(error.reason, str(error)) from error
    entries: dict[str, Entry] = {}
    for item in feed.items:
        if item.link and len(entries) < MAX_URLS:
            moment, written = (
                (item.updated, item.updated_text)
                if item.updated_text
                else (item.published, item.published_text)
            )
            news = News(
                publication=feed.title,
                language=item.language,
                title=None if item.title_from_body else item.title,
                published=item.published,
                published_text=item.published_text,
                keywords=item.categories,
            )
            entries.setdefault(item.link, Entry(item.link, moment, written, news))
    problems = feed.problems
    without = len(feed.items) - sum(1 for item in feed.items if item.link)
    if without:
        problems += (f"left out, having no address: {without:,} of {len(feed.items):,} items",)
    return Sitemap("feed", tuple(entries.values()), problems=problems)
