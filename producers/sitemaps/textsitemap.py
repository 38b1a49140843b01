"""Sitemaps as plain text: one address a line (sitemaps.org, "other formats")."""

from __future__ import annotations

from typing import Final

from producers.reading.addresses import absolute
from producers.sitemaps.model import Entry, NotASitemapError, Sitemap
from producers.sitemaps.xmlsitemap import MAX_URLS

_SCHEMES: Final = ("http://", "https://")


def read_text_sitemap(text: str, base: str | None) -> Sitemap:
    """Return the addresses of a text. NotASitemapError when most of its lines are none: it is some other text then."""
    lines = [stripped for line in text.splitlines() if (stripped := line.strip())]
    addresses = [line for line in lines if line.lower().startswith(_SCHEMES)]
    if len(addresses) * 2 <= len(lines):
        raise NotASitemapError("text", "text, but not one address a line")
    problems: list[str] = []
    if len(lines) > len(addresses):
        problems.append(
            f"left out, being no addresses: {len(lines) - len(addresses):,} of {len(lines):,} lines"
        )
    found = dict.fromkeys(url for line in addresses[:MAX_URLS] if (url := absolute(line, base)))
    if len(addresses) > MAX_URLS:
        problems.append(
            f"only the first {MAX_URLS:,} addresses were read, {len(addresses) - MAX_URLS:,} were left out"
        )
    return Sitemap("text", tuple(Entry(url) for url in found), problems=tuple(problems))
