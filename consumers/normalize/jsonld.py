"""What a page says about itself in JSON-LD."""

from __future__ import annotations

from typing import Any, Final

from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import strings

LIVE_TYPE: Final = "LiveBlogPosting"


def add_jsonld(found: Extraction, node: dict[str, Any]) -> None:
    """Add the node's fields as candidates."""
    for key in ("headline", "name"):
        for text in strings(node.get(key))[:1]:
            found.add("headline", text, "jsonld", 0.95)
    for text in strings(node.get("description"))[:1]:
        found.add("summary", text, "jsonld", 0.9)
    for text in strings(node.get("articleSection"))[:1]:
        found.add("article_section", text, "jsonld", 0.95)
    for text in strings(node.get("keywords"), "name"):
        for part in text.split(","):
            found.add("keywords", part.strip(), "jsonld", 0.95)
    for text in strings(node.get("inLanguage"), "alternateName", "name")[:1]:
        found.add("language", text, "jsonld", 0.9)
