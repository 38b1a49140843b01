"""What a page says of itself in other languages: links with `hreflang`, and works that it is a translation of in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, Literal

from lxml.html import HtmlElement

from consumers.normalize.extraction import Version
from consumers.normalize.jsonld_graph import strings
from schemas.core.provenance import Origin

MOST: Final = 200
"""Links and works that are looked at: pages of agencies in all their languages have up to 60."""
_LINKS: Final = ("link", "a", "area")
_PAGES: Final = ("", "text/html", "application/xhtml+xml")
_WORKS: Final[tuple[tuple[str, Literal["original", "version"]], ...]] = (
    ("translationOfWork", "original"),
    ("workTranslation", "version"),
    ("isBasedOn", "original"),
)
"""Properties of schema.org, and what the other work is then. What a work is based on is only told when it names another language."""


def page_versions(
    labelled: Iterable[HtmlElement], nodes: Iterable[tuple[dict[str, Any], Origin]], base: str | None
) -> tuple[Version, ...]:
    """Return the versions that a page names, those of its JSON-LD and microdata first, unweighed and as they are written.

    `labelled` are its elements with `hreflang`, among others; `nodes` are what the page says of itself, `base` is what its relative
    addresses relate to.
    """
    works = (version for node, origin in nodes for version in _works(node, origin, base))
    return tuple(islice((*islice(works, MOST), *islice(_links(labelled, base), MOST)), MOST))


def _links(labelled: Iterable[HtmlElement], base: str | None) -> Iterator[Version]:
    for link in labelled:
        if link.tag not in _LINKS or link.get("hreflang") is None or link.get("href") is None:
            continue
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        # A feed in another language is none of this article.
        if (link.get("type") or "").partition(";")[0].strip().lower() in _PAGES:
            yield Version(link.get("hreflang"), link.get("href"), "hreflang", "html", base=base)


def _works(node: dict[str, Any], origin: Origin, base: str | None) -> Iterator[Version]:
    for name, role in _WORKS:
        value = node.get(name)
        works: Sequence[Any] = value if isinstance(value, list) else [value] if value else []
        for work in works[:MOST]:
            language = (
                next(iter(strings(work.get("inLanguage"), "alternateName", "name")), None)
                if isinstance(work, dict)
                else None
            )
            if name == "isBasedOn" and language is None:
                continue
            address = next(iter(strings(work, "url", "@id", "mainEntityOfPage")), None)
            if address or language:
                yield Version(language, address, origin, origin, role, base=base)
