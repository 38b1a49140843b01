"""Sitemaps: lists of addresses that sites keep for search engines, in all their formats, and the walk over an index of them."""

from producers.sitemaps.model import Child, Entry, News, NotASitemapError, Sitemap, Video
from producers.sitemaps.read import MAX_SITEMAP_BYTES, read_sitemap
from producers.sitemaps.source import SitemapReader, SitemapsSource

__all__ = [
    "MAX_SITEMAP_BYTES",
    "Child",
    "Entry",
    "News",
    "NotASitemapError",
    "Sitemap",
    "SitemapReader",
    "SitemapsSource",
    "Video",
    "read_sitemap",
]
