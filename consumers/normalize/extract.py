"""Reading a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from consumers.normalize.blocks.cut import cut
from consumers.normalize.captions import without_captions
from consumers.normalize.elements import elements_by_tag, elements_with
from consumers.normalize.extraction import Candidate, Extraction
from consumers.normalize.jsonld import add_jsonld
from consumers.normalize.jsonld_graph import LIVE_TYPE, own_nodes, read_graph, types
from consumers.normalize.live_microdata import live_microdata
from consumers.normalize.live_posts import blog, live_posts, tells
from consumers.normalize.microdata import read_microdata
from consumers.normalize.page_access import add_access
from consumers.normalize.page_address import base_of, page_addresses
from consumers.normalize.page_authors import add_authors, add_visible_authors
from consumers.normalize.page_body import add_sections
from consumers.normalize.page_dates import add_dates
from consumers.normalize.page_fields import add_languages, add_metas, metas
from consumers.normalize.page_images import add_images
from consumers.normalize.page_kind import refuse_other_kinds
from consumers.normalize.page_links import links_of_notice
from consumers.normalize.page_reading import PageReading
from consumers.normalize.page_shortage import refuse_too_little, without_walls
from consumers.normalize.page_standfirst import add_standfirst
from consumers.normalize.page_title import add_headlines
from consumers.normalize.page_tree import parse_page, show_page, without_hidden
from consumers.normalize.page_versions import page_versions
from consumers.normalize.site_names import site_names
from consumers.normalize.stated_body import add_stated_body, add_stated_dates
from newswire.errors import Reject
from newswire.text.charset import decode
from schemas.core.provenance import Origin
from schemas.normalized.model import Section

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_LABELS: Final = frozenset(("hreflang", "itemprop", "itemtype", "property", "typeof"))
"""Attributes of microdata and RDFa, and the language of what is linked: elements that have one are looked for once, for all readers."""


def extract(
    html: bytes | str, url: str | None = None, headers: Mapping[str, str] | None = None
) -> Extraction:
    """Return what a page holds: its text, and candidates for each field.

    `url` is the address it was captured from, `headers` those of its response, of which `content-type` is read, by its lower-case name.
    Fields are believed in this order: JSON-LD of the node that is this page, OpenGraph and other meta elements, visible text, address.
    Of a page that shows too little for an article, or does not say when it was published, what it states to machines or to its own
    scripts is read (`stated_body`).
    Raises `Reject`: `undecodable`, what `page_kind` refuses before the text is looked for, and `page_shortage` after it.
    """
    reading = read_fields(html, url, headers)
    try:
        is_long = _add_shown(reading, url)
    except Reject as why:
        if why.reason == "paywall-stub" or not add_stated_body(reading):
            raise
    else:
        if not is_long:
            add_stated_body(reading)
    if not reading.found.of("published_at"):
        add_stated_dates(reading)
    return reading.found


def _add_shown(reading: PageReading, url: str | None) -> bool:
    """Add the text that a page shows; return whether it is much."""
    found = reading.found
    if not (reading.blocks.blocks or reading.posts):
        raise Reject(
            "empty-body",
            "the page shows no text: it may be drawn by scripts, capture it after they ran",
            "/body",
        )
    add_sections(reading)
    found.sections = without_captions(found.sections, (image for image, _ in found.images))
    if reading.posts:
        if tells(reading.posts):
            by = found.kind_from
            found.sections_from, found.sections_confidence = by.origin if by else "jsonld", 1.0
        found.sections = blog(found.sections, reading.posts)
    found.links = links_of_notice(found, reading.tree, url)
    is_long = refuse_too_little(found, reading)
    found.sections = without_walls(found.sections)
    return is_long


def read_fields(
    html: bytes | str, url: str | None = None, headers: Mapping[str, str] | None = None
) -> PageReading:
    """Return a page with all its fields, and its text in blocks of which none is chosen yet; otherwise as `extract`."""
    text = _text(html, headers or {})
    tree = parse_page(text)
    head = elements_by_tag(tree, "meta", "link", "base", "title", "script", "h1")
    labelled = elements_with(tree, _LABELS)
    named = metas(head["meta"])
    base = base_of(head["base"], url)
    own = page_addresses(head["link"], named, url, base)
    found = Extraction()
    found.fields["url"] = own
    graph = read_graph(head["script"])
    sites = site_names(named, (each for each, _ in graph.nodes), url)
    said = own_nodes(
        graph,
        [each.value for each in own if not each.refused],
        [*named.get("og:title", ()), *(each.text or "" for each in head["title"])],
    )
    node = said.article
    nodes = (*([node] if node else ()), *said.more)
    marked = read_microdata(labelled)
    refuse_other_kinds(
        tree,
        named,
        graph,
        sites,
        url,
        called=(*head["title"][:1], *head["h1"][:3]),
        says_article=bool(node or marked),
    )
    if node is not None:
        add_jsonld(found, node)
    if marked is not None:
        add_jsonld(found, marked, "microdata")
    sources: list[tuple[dict[str, Any], Origin]] = [(each, "jsonld") for each in nodes]
    sources += [(marked, "microdata")] if marked else []
    # Publishers say both: that it is an article, and that it is a live blog.
    live = next((each for each in nodes if LIVE_TYPE in types(each)), None)
    marked_up = live_microdata(tree) if live is None and marked and LIVE_TYPE in types(marked) else None
    live = live or marked_up
    posts: tuple[Section, ...] = ()
    if live is not None:
        found.kind = "live_blog"
        found.kind_from = Candidate(LIVE_TYPE, "microdata" if marked_up else "jsonld")
        posts = live_posts(live, graph, url)
    found.versions = page_versions(labelled, sources, base)
    add_metas(found, named)
    add_access(found, sources, named)
    add_authors(found, ((node, "jsonld"), (marked, "microdata")), named, sites)
    add_dates(found, tree, named, said, url, labelled=labelled)
    show_page(tree)
    blocks = cut(tree)
    without_hidden(tree)
    add_images(found, tree, sources, named, url)
    add_headlines(found, tree, sites)
    add_visible_authors(found, tree, sites)
    add_standfirst(found, tree)
    add_languages(found, tree, named)
    says_article = (
        bool(node or marked or live) or "article" in (next(iter(named.get("og:type", ())), "")).lower()
    )
    return PageReading(
        found,
        tree,
        blocks,
        says_article,
        frozenset((*(kind for each in nodes for kind in types(each)), *named.get("og:type", ()))),
        posts,
        nodes,
        tuple(head["script"]),
    )


def _text(html: bytes | str, headers: Mapping[str, str]) -> str:
    if isinstance(html, str):
        return html
    declared = _CHARSET.search(headers.get("content-type", ""))
    try:
        return decode(html, declared[1] if declared else None, markup=True).text
    except ValueError as error:
        raise Reject("undecodable", f"{error}: capture the page again", "/body") from error
