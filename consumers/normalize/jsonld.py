"""What a page says about itself in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml.html import HtmlElement
from pydantic_core import from_json

from consumers.normalize.extraction import Extraction

ARTICLE_TYPES: Final = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle",
        "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "BlogPosting", "LiveBlogPosting", "SatiricalArticle",
        "SocialMediaPosting",
    }
)  # fmt: skip
LIVE_TYPE: Final = "LiveBlogPosting"
_MAX_BLOCKS: Final = 50
_MAX_NODES: Final = 5_000
_WRAPPING: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_CONTROLS: Final = re.compile(r"[\x00-\x1f]+")
_TRAILING_COMMA: Final = re.compile(r",\s*([}\]])")


def article_node(tree: HtmlElement, addresses: frozenset[str]) -> dict[str, Any] | None:
    """Return the JSON-LD node that is this page's article, or None.

    All blocks of the page are read, with `@graph` and nested nodes; broken JSON is mended where that is certain (wrapping comments, line
    breaks in strings, trailing commas). Of several articles, the one that names one of `addresses` (of this page) as its own is taken,
    otherwise the first outside of lists.
    """
    first: dict[str, Any] | None = None
    for node in _nodes(tree):
        if not types(node) & ARTICLE_TYPES:
            continue
        if addresses & {
            text for key in ("url", "@id", "mainEntityOfPage") for text in strings(node.get(key), "@id")
        }:
            return node
        first = first or node
    return first


def add_jsonld(found: Extraction, node: dict[str, Any]) -> None:
    """Add the node's fields as candidates."""
    for key in ("headline", "name"):
        for text in strings(node.get(key))[:1]:
            found.add("headline", text, "jsonld", 0.95)
    for text in strings(node.get("description"))[:1]:
        found.add("summary", text, "jsonld", 0.9)
    for text in strings(node.get("author"), "name"):
        if not text.startswith(("http://", "https://")):
            found.add("authors", text, "jsonld", 0.95)
    for text in strings(node.get("datePublished"))[:1]:
        found.add("published_at", text, "jsonld", 0.95)
    for text in strings(node.get("dateModified"))[:1]:
        found.add("modified_at", text, "jsonld", 0.95)
    for text in strings(node.get("articleSection"))[:1]:
        found.add("article_section", text, "jsonld", 0.95)
    for text in strings(node.get("keywords"), "name"):
        for part in text.split(","):
            found.add("keywords", part.strip(), "jsonld", 0.95)
    for text in strings(node.get("inLanguage"), "alternateName", "name")[:1]:
        found.add("language", text, "jsonld", 0.9)


def types(node: dict[str, Any]) -> frozenset[str]:
    """Return the node's types, without the vocabulary's address."""
    return frozenset(text.rsplit("/", 1)[-1] for text in strings(node.get("@type")))


def strings(value: Any, *keys: str) -> list[str]:
    """Return the strings in a value: itself, or of a list's members, or under the first of `keys` that an object has."""
    found: list[str] = []
    pending = [value]
    while pending and len(found) < 200:
        each = pending.pop(0)
        if isinstance(each, str) and each.strip():
            found.append(each.strip())
        elif isinstance(each, list):
            pending[:0] = each[:200]
        elif isinstance(each, dict):
            pending[:0] = next(([each[key]] for key in keys if each.get(key)), [])
    return found


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield objects breadth first, so that a page's own article comes before those it lists or links to."""
    pending: list[Any] = []
    for script in tree.iterfind(".//script[@type]"):
        if (script.get("type") or "").strip().lower() == "application/ld+json" and len(pending) < _MAX_BLOCKS:
            pending.append(_decoded(script.text or ""))
    for _ in range(_MAX_NODES):
        if not pending:
            return
        value = pending.pop(0)
        if isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, dict):
            yield value
            pending.extend(each for each in value.values() if isinstance(each, (dict, list)))


def _decoded(text: str) -> Any:
    bare = _WRAPPING.sub("", text)
    for attempt in (bare, _TRAILING_COMMA.sub(r"\1", _CONTROLS.sub(" ", bare))):
        try:
            return from_json(attempt, allow_inf_nan=False)
        except ValueError:
            continue
    return None
