"""What a page says about itself in JSON-LD."""

from __future__ import annotations

from typing import Any

from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import strings
from consumers.normalize.listed import first_section, keywords
from schemas.core.provenance import Origin


def add_jsonld(found: Extraction, node: dict[str, Any], origin: Origin = "jsonld") -> None:
    """Add the node's fields as candidates; of microdata, which has the same form, with less confidence."""
    confidence = 0.95 if origin == "jsonld" else 0.85
    for key in ("headline", "name"):
        for text in strings(node.get(key))[:1]:
            found.add("headline", text, origin, confidence)
    for text in strings(node.get("description"))[:1]:
        found.add("summary", text, origin, round(confidence - 0.05, 2))
    for text in strings(node.get("articleSection"))[:1]:
        found.add("article_section", first_section(text), origin, confidence)
    for text in keywords(strings(node.get("keywords"), "name")):
        found.add("keywords", text, origin, confidence)
    for text in strings(node.get("inLanguage"), "alternateName", "name")[:1]:
        found.add("language", text, origin, round(confidence - 0.05, 2))
