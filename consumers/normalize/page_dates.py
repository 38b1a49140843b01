"""Dates of a page: what it says to machines, then what it shows, then its address."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from lxml.html import HtmlElement

from consumers.normalize.extraction import Extraction
from consumers.normalize.jsonld_graph import Own, strings
from consumers.normalize.visible_dates import CHANGED, ELSEWHERE, shown_dates
from schemas.core.provenance import Origin

DateField = Literal["published_at", "modified_at"]
_META: Final[tuple[tuple[str, DateField], ...]] = (
    ("article:published_time", "published_at"),
    ("og:article:published_time", "published_at"),
    ("og:published_time", "published_at"),
    ("article:published", "published_at"),
    ("article.published", "published_at"),
    ("parsely-pub-date", "published_at"),
    ("sailthru.date", "published_at"),
    ("cxenseparse:recs:publishtime", "published_at"),
    ("cxenseparse:publishtime", "published_at"),
    ("mediator_published_time", "published_at"),
    ("rnews:datepublished", "published_at"),
    ("dcterms.issued", "published_at"),
    ("dc.date.issued", "published_at"),
    ("dcterms.created", "published_at"),
    ("dc.date.created", "published_at"),
    ("dcterms.date", "published_at"),
    ("dc.date", "published_at"),
    ("citation_publication_date", "published_at"),
    ("citation_online_date", "published_at"),
    ("datepublished", "published_at"),
    ("date_published", "published_at"),
    ("published_date", "published_at"),
    ("published-date", "published_at"),
    ("published_time", "published_at"),
    ("published_at", "published_at"),
    ("publish_date", "published_at"),
    ("publish-date", "published_at"),
    ("publishdate", "published_at"),
    ("publication_date", "published_at"),
    ("publicationdate", "published_at"),
    ("originalpublicationdate", "published_at"),
    ("article_date_original", "published_at"),
    ("article:post_date", "published_at"),
    ("video:release_date", "published_at"),
    ("og:pubdate", "published_at"),
    ("pubdate", "published_at"),
    ("ptime", "published_at"),
    ("date", "published_at"),
    ("article:modified_time", "modified_at"),
    ("og:article:modified_time", "modified_at"),
    ("og:updated_time", "modified_at"),
    ("article:modified", "modified_at"),
    ("dcterms.modified", "modified_at"),
    ("dc.date.modified", "modified_at"),
    ("datemodified", "modified_at"),
    ("last-modified", "modified_at"),
    ("lastmod", "modified_at"),
)
"""Names of meta elements in the order in which they are believed, and the field they are for."""
_SAID: Final[dict[str, DateField]] = {"datepublished": "published_at", "datemodified": "modified_at"}
_NAMES: Final = re.compile(r"(?:^|[:/])(date(?:published|modified))$", re.IGNORECASE)
_PUBLISHED: Final = re.compile(r"publi|pubdate|posted|entry-date|created|date-?time", re.IGNORECASE)
_URL_DAY: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})([/-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|[/_-]((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
_MOST_PROPERTIES: Final = 2_000
_MOST_TIMES: Final = 200


def add_dates(
    found: Extraction,
    tree: HtmlElement,
    named: dict[str, list[str]],
    said: Own,
    url: str | None,
    *,
    labelled: Sequence[HtmlElement],
) -> None:
    """Add the dates of publication and change as candidates, the most believed first.

    In this order: JSON-LD of the article, meta elements, JSON-LD of other nodes that are this page, microdata and RDFa, `time` elements
    outside of lists of other articles, dates shown (`visible_dates`), and the day in the address. What is shown is only looked for when
    nothing before it says when the article was published. `labelled` are the elements with `itemprop` or `property`, among others.
    """
    if said.article is not None:
        _add_node(found, said.article, 0.95)
    for name, field in _META:
        origin: Origin = "opengraph" if name.startswith(("article:", "og:")) else "meta"
        for content in named.get(name, ())[:3]:
            found.add(field, content, origin, 0.9 if origin == "opengraph" else 0.8)
    for node in said.more:
        _add_node(found, node, 0.8)
    _add_properties(found, labelled)
    _add_times(found, tree)
    day = _URL_DAY.search((url or "").partition("?")[0])
    if not found.of("published_at"):
        for field, raw, confidence in shown_dates(tree):
            found.add(field, raw, "text", confidence)
    if day:
        # `/2024/02/01/` is the day of publication; digits in a name may be that of anything
        written = "-".join(part for part in day.groups() if part and part not in "/-")
        found.add("published_at", written, "url", 0.5 if day[2] == "/" else 0.4)


def _add_node(found: Extraction, node: dict[str, Any], confidence: float) -> None:
    for key, field in (
        ("datePublished", "published_at"),
        ("uploadDate", "published_at"),
        ("dateModified", "modified_at"),
    ):
        for text in strings(node.get(key))[:1]:
            found.add(field, text, "jsonld", confidence)  # type: ignore[arg-type]
    if not node.get("datePublished"):
        for text in strings(node.get("dateCreated"))[:1]:
            found.add("published_at", text, "jsonld", confidence - 0.2)


def _add_properties(found: Extraction, labelled: Sequence[HtmlElement]) -> None:
    """Add what microdata and RDFa say, but not of other articles, comments and the like."""
    having = (each for name in ("itemprop", "property") for each in labelled if each.get(name) is not None)
    for element in itertools.islice(having, _MOST_PROPERTIES):
        for each in (element.get("itemprop") or element.get("property") or "").split():
            name = _NAMES.search(each)
            if name and not _is_elsewhere(element):
                raw = element.get("content") or element.get("datetime") or element.text_content()[:100]
                found.add(_SAID[name[1].lower()], raw, "microdata", 0.8)


def _add_times(found: Extraction, tree: HtmlElement) -> None:
    ranked: list[tuple[int, int, DateField, str]] = []
    after_heading = False
    for order, element in enumerate(itertools.islice(tree.iter("h1", "time"), _MOST_TIMES)):
        if element.tag == "h1":
            after_heading = True
        elif read := _ranked(element):
            rank, field, raw = read
            ranked.append((-rank - after_heading, order, field, raw))
    ranked.sort()
    for field in ("published_at", "modified_at"):
        best = next((each for each in ranked if each[2] == field), None)
        if best:
            found.add(best[2], best[3], "html", 0.6 if best[0] < 0 else 0.5)


def _ranked(element: HtmlElement) -> tuple[int, DateField, str] | None:
    shown = element.text_content()[:100]
    raw = element.get("datetime") or shown
    if not raw.strip() or _is_elsewhere(element):
        return None
    marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    parent, before = element.getparent(), element.getprevious()
    lead = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    if CHANGED.search(f"{marks} {shown[:60]} {lead[-40:]}"):
        return 1, "modified_at", raw
    around = f"{marks} {parent.get('class') or '' if parent is not None else ''}"
    rank = 2 * bool(element.get("pubdate") is not None or _PUBLISHED.search(around))
    return rank + any(True for _ in element.iterancestors("article", "header", "main")), "published_at", raw


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(
        each.get("itemprop") == "liveBlogUpdate"
        or each.tag in ("aside", "nav", "footer", "blockquote")
        or ELSEWHERE.search(f"{each.get('class') or ''} {each.get('id') or ''}")
        for each in itertools.islice(element.iterancestors(), 8)
        if each.tag not in ("body", "html")
    )
