"""Atom 0.3 and 1.0: what an entry says."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Final

from newswire.written_dates.read import read_written_date
from producers.feeds.fields import (
    Fields,
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
    related,
)  # fmt: skip
from producers.feeds.markup import Markup, as_given, first_words, line, looks_like_html
from producers.feeds.model import Item
from producers.feeds.tree import Node
from producers.reading.addresses import absolute
from producers.reading.decoding import document_text

_BINARY: Final = ("application/octet-stream", "base64")
_PUBLISHED: Final = (
    "published",
    "issued",
    "created",
    "dc:date",
    "dcterms:issued",
    "dcterms:created",
    "pubdate",
)
_UPDATED: Final = ("updated", "modified", "dcterms:modified")


def atom_entry(node: Node, markup: Markup) -> Item:
    """Return what an entry says. The address: `feedburner:origLink`, then the alternate link (HTML first), then the content's `src`."""
    fields = fields_of(node)
    summary = _html(
        first_node(fields, "summary", "tagline", "media:description", "dc:description", "itunes:summary"),
        markup,
    )
    body = first_node(fields, "content", "content:encoded", "xhtml:body", "xhtml:div")
    content = _html(body, markup)
    if summary is None and (group := next(iter(fields.get("media:group", ())), None)) is not None:
        described = group.child("media:description")
        summary = _html(described, markup) if described is not None else None
    heading = first_node(fields, "title", "dc:title", "media:title")
    title = line(plain_or_markup(heading)) if heading is not None else None
    own_title = title is not None
    if title is None:
        title = first_words(summary or content or "")
    published, updated = first_text(fields, *_PUBLISHED), first_text(fields, *_UPDATED)
    attachments, image = media(fields)
    source = next(iter(fields.get("source", ())), None)
    source_fields = fields_of(source) if source is not None else {}
    return Item(
        guid=_guid(fields),
        link=_link(node, fields),
        title=title,
        title_from_body=title is not None and not own_title,
        summary=summary,
        content=content,
        authors=people(fields, "author", "dc:creator", "itunes:author") or people(source_fields, "author"),
        published=read_written_date(published) if published else None,
        published_text=as_given(published) if published else None,
        updated=read_written_date(updated) if updated else None,
        updated_text=as_given(updated) if updated else None,
        categories=categories(fields),
        language=first_line(fields, "dc:language")
        or (heading.language if heading is not None else None)
        or node.language,
        rights=rights(fields),
        attachments=(*enclosures(fields.get("link", []), ()), *attachments),
        image=image,
        comments=next(iter(related(fields.get("link", []), "replies")), None),
        source_title=first_line(source_fields, "title"),
        source_link=alternate(source_fields.get("link", [])),
        location=location(fields),
        alternates=other_languages(fields.get("link", [])),
    )


def rights(fields: Fields) -> str | None:
    """Return the rights of an entry or feed, a text construct as well."""
    node = first_node(fields, "rights", "copyright", "dc:rights", "media:copyright")
    return line(plain_or_markup(node)) if node is not None else None


def plain_or_markup(node: Node) -> str:
    """Return a text construct as HTML: what is said to be plain text is escaped, unless it has tags in it after all."""
    text = "".join(node.pieces)
    if not node.attributes and not node.marked:
        return (
            text
            if looks_like_html(text)
            else html.escape(text, quote=False)
            if "<" in text or "&" in text
            else text
        )
    kind = (node.attribute("type") or "text").strip().lower()
    mode = (node.attribute("mode") or "").strip().lower()
    if mode == "base64" or kind in _BINARY or (node.name == "content" and _is_binary(kind)):
        text = _from_base64(text, said=mode == "base64")
        return text if looks_like_html(text) or "&" in text else html.escape(text, quote=False)
    if node.marked or "html" in kind or mode == "escaped" or looks_like_html(text):
        return text
    return html.escape(text, quote=False)


def _is_binary(kind: str) -> bool:
    """Whether content of a media type is in base64 (RFC 4287, section 4.1.3.3)."""
    return (
        kind not in ("text", "html", "xhtml")
        and not kind.startswith("text/")
        and not kind.endswith(("xml", "html", "json"))
    )


def _from_base64(text: str, *, said: bool) -> str:
    """Return the text of base64, or the text itself when it is none and does not say so."""
    packed = "".join(text.split())
    try:
        return document_text(base64.b64decode(packed, validate=True), None)
    except (binascii.Error, ValueError):
        return "" if said else text


def _html(node: Node | None, markup: Markup) -> str | None:
    return markup.html(plain_or_markup(node), node.base) if node is not None else None


def _guid(fields: Fields) -> str | None:
    """Return the id as given; with `xml:base` around it a relative one is made absolute."""
    node = first_node(fields, "id", "guid", "dc:identifier")
    if node is None:
        return None
    written = as_given(node.text)
    is_relative = node.base_given and written and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", written)
    return (absolute(written, node.base) if is_relative else None) or written


def _link(node: Node, fields: Fields) -> str | None:
    for name in ("feedburner:origlink", "pheedo:origlink"):
        for each in fields.get(name, ())[:1]:
            url = absolute(each.text, each.base)
            if url:
                return url
    found = alternate(fields.get("link", [])) or alternate(fields.get("rss:link", []))
    if found:
        return found
    content = node.child("content")
    return absolute(content.attribute("src"), content.base) if content is not None else None
