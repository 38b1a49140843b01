"""What a page says about itself in its head and its visible text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml.html import HtmlElement

from consumers.normalize.extraction import Extraction, Field
from consumers.normalize.listed import first_section, keywords, tags
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


def metas(elements: Iterable[HtmlElement]) -> dict[str, list[str]]:
    """Return the contents of a page's `meta` elements by name or property, in lower case."""
    found: dict[str, list[str]] = {}
    for element in elements:
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
        given = named.get(name, [])
        if field == "keywords":
            values = (
                tags(given) if name == "article:tag" else [each for one in given for each in keywords([one])]
            )
        elif field == "article_section":
            values = [section for one in given if (section := first_section(one))]
        else:
            values = given
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
