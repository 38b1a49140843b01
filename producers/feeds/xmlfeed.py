"""RSS, RDF and Atom documents into a feed."""

from __future__ import annotations

from typing import Final

from newswire.written_dates.read import read_written_date
from producers.feeds.atom import atom_entry, plain_or_markup, rights
from producers.feeds.fields import (
    Fields,
    alternate,
    fields_of,
    first_line,
    first_node,
    first_text,
    people,
    related,
)
from producers.feeds.markup import Markup, line
from producers.feeds.model import Feed, Format, Item, NotAFeedError
from producers.feeds.rss import feed_people, rss_item
from producers.feeds.schedule import schedule_of
from producers.feeds.tree import Builder, Node
from producers.reading.addresses import absolute
from producers.reading.document import read_elements

MAX_ITEMS: Final = 250_000
_DESCRIBED: Final = (
    "subtitle", "tagline", "description", "itunes:summary", "dc:description", "atom:subtitle", "atom:tagline", "itunes:subtitle",
)  # fmt: skip
_UPDATED: Final = (
    "updated", "modified", "lastbuilddate", "pubdate", "dc:date", "atom:updated", "dcterms:modified", "dcterms:issued",
)  # fmt: skip
_IMAGES: Final = ("image", "logo", "atom:logo", "itunes:image", "icon", "atom:icon")
_MENDED: Final = "the XML is broken: it was read as what it was meant to be"


def read_xml_feed(text: str, root_name: str, base: str | None) -> Feed:
    """Return the feed of a document that starts at its root element (see `document.from_root`)."""
    is_atom = root_name in ("feed", "entry")
    markup = Markup()
    items: list[Item] = []
    left_out = 0

    def take(node: Node, around: Node) -> None:
        nonlocal left_out
        if not items:
            _hand_down(node, around, builder.root, is_atom=is_atom)
        if len(items) >= MAX_ITEMS:
            left_out += 1
        elif is_atom:
            items.append(atom_entry(node, markup))
        else:
            items.append(rss_item(node, markup))

    builder = Builder(base, take)
    well_formed = read_elements(text, builder)
    if builder.root is None:
        raise NotAFeedError("xml", "no element in it can be read")
    top = builder.root
    fields = fields_of(top) if is_atom else _channel_fields(top)
    problems: tuple[str, ...] = () if well_formed else (_MENDED,)
    if left_out:
        problems += (f"only the first {MAX_ITEMS:,} items were read, {left_out:,} were left out",)
    return _feed(
        top,
        fields,
        _inherited(items, fields, top, is_atom=is_atom),
        is_atom=is_atom,
        markup=markup,
        problems=problems,
    )


def _feed(
    top: Node, fields: Fields, items: list[Item], *, is_atom: bool, markup: Markup, problems: tuple[str, ...]
) -> Feed:
    links = [
        *fields.get("link" if is_atom else "atom:link", []),
        *(fields.get("atom:link", []) if is_atom else fields.get("link", [])),
    ]
    described = first_node(fields, *_DESCRIBED)
    updated = first_text(fields, *_UPDATED)
    title = first_node(fields, "title", "dc:title", "atom:title")
    linked = [node for node in links if node.attributes]
    return Feed(
        format=_format(top, is_atom=is_atom),
        version=_version(top, is_atom=is_atom),
        items=tuple(items),
        title=line(plain_or_markup(title) if is_atom else "".join(title.pieces))
        if title is not None
        else None,
        link=alternate(fields.get("link", [])) if is_atom else _link(fields),
        self_link=next(iter(related(linked, "self")), None),
        hubs=tuple(dict.fromkeys(related(linked, "hub"))),
        next_link=next(iter(related(linked, "next")), None),
        description=markup.html(
            plain_or_markup(described) if is_atom else "".join(described.pieces), described.base
        )
        if described is not None
        else None,
        language=_language(fields, top),
        authors=_authors(fields, is_atom=is_atom),
        updated=read_written_date(updated) if updated else None,
        rights=rights(fields)
        if is_atom
        else first_line(
            fields, "copyright", "rights", "dc:rights", "media:copyright", "atom:rights", "atom:copyright"
        ),
        image=_image(fields),
        schedule=schedule_of(fields),
        problems=problems,
    )


def _inherited(items: list[Item], fields: Fields, top: Node, *, is_atom: bool) -> list[Item]:
    """Return the items, with the feed's authors and language where they have none of their own."""
    authors, language = _authors(fields, is_atom=is_atom), _language(fields, top)
    if not authors and not language:
        return items
    return [
        item._replace(
            authors=item.authors or authors,
            authors_of_feed=not item.authors and bool(authors),
            language=item.language or language,
        )
        if (authors and not item.authors) or not item.language
        else item
        for item in items
    ]


def _authors(fields: Fields, *, is_atom: bool) -> tuple[str, ...]:
    return people(fields, "author", "dc:creator", "itunes:author") if is_atom else feed_people(fields)


def _language(fields: Fields, top: Node) -> str | None:
    return first_line(fields, "language", "dc:language") or top.language


def _channel_fields(top: Node) -> Fields:
    """Return the elements of the channel, and those beside it, where RDF and bare documents have them."""
    channel = top if top.name == "channel" else top.child("channel")
    found = fields_of(channel) if channel is not None else {}
    for name, nodes in fields_of(top).items():
        found.setdefault(name, []).extend(nodes if channel is not top else ())
    return found


def _hand_down(node: Node, around: Node, root: Node | None, *, is_atom: bool) -> None:
    """Give the items what their channel has said when the first comes: its language, and in RSS its site as the base of addresses."""
    channels = [
        around,
        *([channel] if root is not None and (channel := root.child("channel")) is not None else []),
    ]
    for channel in channels:
        fields = fields_of(channel)
        base, language = None if is_atom else _link(fields), first_line(fields, "language", "dc:language")
        for each in (node, around):
            each.inherit(base, language)


def _link(fields: Fields) -> str | None:
    for node in fields.get("link", ()):
        if not node.attributes or (node.attribute("rel") or "alternate") == "alternate":
            url = absolute("".join(node.pieces) or node.attribute("href"), node.base)
            if url:
                return url
    return alternate(fields.get("atom:link", []))


def _image(fields: Fields) -> str | None:
    for node in (node for name in _IMAGES for node in fields.get(name, ())):
        address = node.child("url")
        url = absolute(
            address.text
            if address is not None
            else node.attribute("href") or node.attribute("url") or node.text,
            node.base,
        )
        if url:
            return url
    return None


def _format(top: Node, *, is_atom: bool) -> Format:
    return "atom" if is_atom else "rdf" if top.name.endswith("rdf") else "rss"


def _version(top: Node, *, is_atom: bool) -> str | None:
    written = line(top.attribute("version") or "")
    return written or ("1.0" if is_atom or top.name.endswith("rdf") else None)
