"""RSS 0.9x to 2.0 and RSS by RDF: what an item and a channel say."""

from __future__ import annotations

import functools
from typing import Final

from newswire.written_dates.read import read_written_date
from producers.feeds.fields import (
    Fields,
    Plan,
    alternate,
    categories,
    enclosures,
    fields_of,
    first_line,
    first_node,
    first_text,
    location,
    media,
    other_languages,
    people,
    person,
    planned,
)  # fmt: skip
from producers.feeds.markup import Markup, as_given, first_words, line
from producers.feeds.model import Item
from producers.feeds.tree import Node
from producers.reading.addresses import absolute

_FEED_AUTHORS: Final = (
    "managingeditor",
    "author",
    "dc:creator",
    "dc:author",
    "atom:author",
    "itunes:author",
    "dc:publisher",
)
_NAMES: Final = {
    "title": ("title", "media:title", "dc:title", "itunes:title", "atom:title", "dcterms:title"),
    "summary": ("description", "itunes:summary", "dc:description", "summary", "atom:summary", "media:description", "itunes:subtitle"),
    "content": ("content:encoded", "xhtml:body", "body", "content", "fulltext", "fullitem", "atom:content", "xhtml:div"),
    "authors": ("author", "dc:creator", "atom:author", "itunes:author", "dcterms:creator", "media:credit", "dc:author"),
    "published": (
        "pubdate", "dc:date", "dcterms:issued", "dcterms:created", "published", "atom:published", "atom:issued", "dcterms:date",
        "atom:created", "date",
    ),
    "updated": ("atom:updated", "dcterms:modified", "updated", "atom:modified", "lastbuilddate", "modified", "dc:date"),
    "guid": ("guid", "id", "atom:id", "dc:identifier"),
    "categories": ("category", "dc:subject", "atom:category", "media:keywords", "itunes:keywords"),
    "language": ("dc:language", "language"),
    "rights": ("dc:rights", "copyright", "media:copyright", "dcterms:rights", "rights", "atom:rights", "atom:copyright", "cc:license"),
    "media": ("enclosure", "media:content", "media:group", "media:thumbnail", "itunes:image"),
    "links": ("atom:link",),
    "location": ("georss:point", "georss:where", "geo:point", "geo:lat"),
    "comments": ("comments",),
    "source": ("source", "atom:source"),
}  # fmt: skip
"""What is said by which elements: the first that says something counts. `dc:date` is a date of neither kind: it stands for both."""


@functools.lru_cache(maxsize=1024)
def _plan(shape: tuple[str, ...]) -> Plan:
    return planned(_NAMES, shape)


_MAX_LINKS: Final = 50


def rss_item(node: Node, markup: Markup) -> Item:
    """Return what an item says, each field from the first element that says it; the order is that of the names above.

    The address: `feedburner:origLink`, then `link`, then an Atom link to the page, then the guid if it is a permalink, then `rdf:about`.
    """
    fields = fields_of(node)
    asked = _plan(tuple(fields)).get
    nothing: tuple[str, ...] = ()
    summary = _html(first_node(fields, *asked("summary", nothing)), markup)
    content = _html(first_node(fields, *names), markup) if (names := asked("content")) else None
    title = first_line(fields, *asked("title", nothing))
    published = first_text(fields, *asked("published", nothing))
    updated = first_text(fields, *names) if (names := asked("updated")) else None
    attachments, image = media(fields) if asked("media") else ((), None)
    links = fields["atom:link"] if asked("links") else []
    source_title, source_link = _source(fields[names[0]][0]) if (names := asked("source")) else (None, None)
    heading = title or first_words(summary or content or "")
    return Item(
        guid=_guid(node, fields, asked("guid", nothing)),
        link=link_of(node, fields),
        title=heading,
        title_from_body=title is None and heading is not None,
        summary=summary,
        content=content,
        authors=people(fields, *names) if (names := asked("authors")) else (),
        published=read_written_date(published) if published else None,
        published_text=as_given(published) if published else None,
        updated=read_written_date(updated) if updated else None,
        updated_text=as_given(updated) if updated else None,
        categories=categories(fields) if asked("categories") else (),
        language=(first_line(fields, *names) if (names := asked("language")) else None) or node.language,
        rights=first_line(fields, *names) if (names := asked("rights")) else None,
        attachments=(*attachments, *enclosures(links, attachments)) if links else attachments,
        image=image,
        comments=_address(fields, "comments") if asked("comments") else None,
        source_title=source_title,
        source_link=source_link,
        location=location(fields) if asked("location") else None,
        alternates=other_languages(links) if links else (),
    )


def link_of(node: Node, fields: Fields) -> str | None:
    """Return the address of an item's page."""
    for name in ("feedburner:origlink", "pheedo:origlink", "link", "url"):
        for each in fields.get(name, ())[:_MAX_LINKS]:
            if each.attributes and (each.attribute("rel") or "alternate") != "alternate":
                continue
            url = absolute("".join(each.pieces) or each.attribute("href"), each.base)
            if url:
                return url
    found = alternate(fields.get("atom:link", []))
    if found:
        return found
    for each in fields.get("guid", ())[:1]:
        text = each.text.strip()
        if (each.attribute("isPermaLink") or "true").strip().lower() != "false" and text.startswith(
            ("http:", "https:")
        ):
            return absolute(text, each.base)
    about = node.attribute("about")
    return absolute(about, node.base) if about and about.startswith(("http:", "https:")) else None


def feed_people(fields: Fields) -> tuple[str, ...]:
    """Return the authors of a channel. Its webmaster is none."""
    found = people(fields, *_FEED_AUTHORS)
    owner = next(iter(fields.get("itunes:owner", ())), None)
    name = owner.child("itunes:name") if owner is not None and not found else None
    named = person(name) if name is not None else None
    return (named,) if named else found


def _guid(node: Node, fields: Fields, names: tuple[str, ...]) -> str | None:
    return as_given(first_text(fields, *names) or node.attribute("about") or "")


def _source(node: Node) -> tuple[str | None, str | None]:
    """Return title and address of the feed that an item was taken from, in the words of RSS or of Atom."""
    if node.children:
        inner = fields_of(node)
        return first_line(inner, "title", "atom:title"), alternate(
            [*inner.get("link", ()), *inner.get("atom:link", ())]
        )
    return line(node.whole_text()), absolute(node.attribute("url"), node.base)


def _address(fields: Fields, name: str) -> str | None:
    found = next(iter(fields.get(name, ())), None)
    return absolute(found.text, found.base) if found is not None else None


def _html(node: Node | None, markup: Markup) -> str | None:
    return markup.html("".join(node.pieces), node.base) if node is not None else None
