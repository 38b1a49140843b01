"""What a page says about itself in its head and its visible text."""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from consumers.normalize.extraction import Extraction, Field
from newswire.text.canonicalize import canonicalize
from schemas.core.provenance import Origin

_META: Final[tuple[tuple[str, Field, Origin], ...]] = (
    ("og:title", "headline", "opengraph"),
    ("twitter:title", "headline", "meta"),
    ("dc.title", "headline", "meta"),
    ("og:description", "summary", "opengraph"),
    ("description", "summary", "meta"),
    ("twitter:description", "summary", "meta"),
    ("article:section", "article_section", "opengraph"),
    ("parsely-section", "article_section", "meta"),
    ("article:tag", "keywords", "opengraph"),
    ("news_keywords", "keywords", "meta"),
    ("keywords", "keywords", "meta"),
)
"""Names of meta elements in the order in which they are believed, the field they are for, and the origin that provenance names."""
_CONFIDENCE: Final[dict[Origin, float]] = {"opengraph": 0.9, "meta": 0.8}


def metas(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of the page's meta elements by name or property, in lower case."""
    found: dict[str, list[str]] = {}
    for element in tree.iterfind(".//meta[@content]"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("http-equiv")
            or element.get("itemprop")
            or ""
        )
        if (content := (element.get("content") or "").strip()) and len(
            found.setdefault(name.strip().lower(), [])
        ) < 100:
            found[name.strip().lower()].append(content)
    return found


def add_metas(found: Extraction, named: dict[str, list[str]]) -> None:
    """Add what the meta elements say as candidates."""
    for name, field, origin in _META:
        for content in named.get(name, ()):
            values = content.split(",") if field == "keywords" and name != "article:tag" else [content]
            for value in values:
                found.add(field, value.strip(), origin, _CONFIDENCE[origin])


def add_languages(found: Extraction, tree: HtmlElement, named: dict[str, list[str]]) -> None:
    """Add the languages that the page declares."""
    found.add(
        "language", tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "html", 0.9
    )
    for name, origin in (("content-language", "meta"), ("og:locale", "opengraph")):
        for content in named.get(name, ())[:1]:
            found.add("language", content, "meta" if origin == "meta" else "opengraph", 0.8)


def addresses(tree: HtmlElement, named: dict[str, list[str]], url: str | None) -> list[tuple[str, Origin]]:
    """Return the page's addresses in canonical form, the most believed first.

    What the page calls canonical is believed before the address of its capture when it is on the same host (`www.`, `m.`, `amp.` and
    `mobile.` not counted); on another host only after it. A home page is no article's address.
    """
    links = [
        (link.get("href"), "html")
        for link in tree.iterfind(".//link[@href]")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    graph = [(content, "opengraph") for content in named.get("og:url", ())]
    own = _canonical(url, None)
    said: list[tuple[str, Origin]] = []
    for href, origin in (*links[:1], *graph[:1]):
        address = _canonical(href, own)
        if address and not re.fullmatch(r"https?://[^/]+/", address):
            said.append((address, "html" if origin == "html" else "opengraph"))
    if own is None:
        return said
    near = [each for each in said if _host(each[0]) == _host(own)]
    far = [each for each in said if each not in near]
    return [*near, (own, "declared"), *far]


def _canonical(url: str | None, base: str | None) -> str | None:
    try:
        return canonicalize(url, base) if url else None
    except ValueError:
        return None


def _host(address: str) -> str:
    return re.sub(r"^https?://(?:(?:www|m|amp|mobile)\.)?([^/]*)/.*$", r"\1", address)
