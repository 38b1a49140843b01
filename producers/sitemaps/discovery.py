"""Where a site's sitemaps are: what its robots.txt names, and the places where they usually stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from producers.reading.addresses import absolute

USUAL_PLACES: Final = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-index.xml",
    "/sitemap.xml.gz",
    "/sitemap.txt",
)
"""Paths that are asked where robots.txt names none, those of news first."""
_MOST: Final = 100


def named_in_robots(sitemaps: Iterable[str], robots_url: str) -> tuple[str, ...]:
    """Return the addresses of `Sitemap:` lines, each once, in their order; relative ones are relative to the robots.txt."""
    found: dict[str, None] = {}
    for given in sitemaps:
        url = absolute(given, robots_url)
        if url is not None:
            found.setdefault(url)
        if len(found) >= _MOST:
            break
    return tuple(found)


def usual_places(site: str) -> tuple[str, ...]:
    """Return the addresses at which a site's sitemaps usually stand."""
    return tuple(url for path in USUAL_PLACES if (url := absolute(path, site)) is not None)
