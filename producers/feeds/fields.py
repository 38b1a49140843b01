"""What all XML formats share: the elements that come from other namespaces, and those that mean the same in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from producers.feeds.markup import as_given, line
from producers.feeds.model import Attachment
from producers.feeds.tree import Node
from producers.reading.addresses import absolute

Fields = dict[str, list[Node]]

_NUMBER: Final = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,15})?")
_MAIL_FIRST: Final = re.compile(r"[\w.+%-]{1,64}@[\w.-]{1,255}\s*[(\[]\s*([^()\[\]]{1,200})\s*[)\]]$")
_MAIL_LAST: Final = re.compile(r"(.{1,200}?)\s*[<(\[]\s*(?:mailto:)?[\w.+%-]{1,64}@[\w.-]{1,255}\s*[>)\]]$")
_MAX: Final = 200


def fields_of(node: Node) -> Fields:
    """Return the elements of an item by name, in their order."""
    found: Fields = {}
    for child in node.children:
        found.setdefault(child.name, []).append(child)
    return found


Plan = dict[str, tuple[str, ...]]


def planned(table: Mapping[str, tuple[str, ...]], shape: tuple[str, ...]) -> Plan:
    """Return what of a table of names an item with these elements has to be asked for. Items of a feed have few shapes: keep it."""
    there = frozenset(shape)
    return {what: found for what, names in table.items() if (found := tuple(n for n in names if n in there))}


def first_text(fields: Fields, *names: str) -> str | None:
    """Return the text of the first of these elements that says something."""
    for name in names:
        for node in fields.get(name, ()):
            text = "".join(node.pieces).strip() or (node.whole_text() if node.children else "")
            if text:
                return text
    return None


def first_line(fields: Fields, *names: str) -> str | None:
    """Return the text of the first of these elements that says something, as one line without markup."""
    text = first_text(fields, *names)
    return line(text) if text else None


def first_node(fields: Fields, *names: str) -> Node | None:
    """Return the first of these elements that says something."""
    for name in names:
        for node in fields.get(name, ()):
            if any(piece and not piece.isspace() for piece in node.pieces):
                return node
    return None


def person(node: Node) -> str | None:
    """Return the name of a person, or else the address: `name`, `a@b.c (Name)`, `Name <a@b.c>`, or plain text."""
    name = node.child("name", "foaf:name", "atom:name", "email", "foaf:mbox", "uri")
    written = (name.text if name is not None else "").strip() or node.whole_text()
    bare = written.strip()
    found = _MAIL_FIRST.match(bare[:600]) or _MAIL_LAST.match(bare[:600])
    return as_given(found[1] if found else bare)


def people(fields: Fields, *names: str) -> tuple[str, ...]:
    """Return the people named by the first of these elements that names any."""
    for name in names:
        found = [each for node in fields.get(name, ())[:_MAX] if (each := person(node))]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def categories(fields: Fields) -> tuple[str, ...]:
    """Return what it is about: text, `term` or `label` of each category, once, and keywords between commas."""
    found: list[str | None] = []
    for name in ("category", "dc:subject", "atom:category"):
        for node in fields.get(name, ())[:_MAX]:
            said = node.attribute("label") or node.attribute("term") or node.whole_text()
            found.append(line(said or ""))
    for name in ("media:keywords", "itunes:keywords"):
        for node in fields.get(name, ())[:1]:
            found.extend(line(word) for word in node.text[:4_000].split(","))
    return tuple(dict.fromkeys(each for each in found if each))


def media(fields: Fields) -> tuple[tuple[Attachment, ...], str | None]:
    """Return the files that go with an item, each address once, and its picture."""
    nodes = [*fields.get("enclosure", ())[:_MAX], *fields.get("media:content", ())[:_MAX]]
    pictures = [*fields.get("media:thumbnail", ())[:_MAX], *fields.get("itunes:image", ())[:_MAX]]
    for group in [*fields.get("media:group", ())[:_MAX], *fields.get("media:content", ())[:_MAX]]:
        nodes += [child for child in group.children[:_MAX] if child.name == "media:content"]
        pictures += [child for child in group.children[:_MAX] if child.name == "media:thumbnail"]
    found: dict[str, Attachment] = {}
    picture: str | None = None
    for node in nodes:
        url = absolute(
            node.attribute("url") or node.attribute("href") or node.attribute("resource"), node.base
        )
        if url is None:
            continue
        kind = node.attribute("type") or ("image/*" if node.attribute("medium") == "image" else None)
        found.setdefault(
            url,
            Attachment(
                url, line(kind or ""), length_of(node.attribute("length") or node.attribute("fileSize"))
            ),
        )
        if picture is None and kind and kind.lower().startswith("image/"):
            picture = url
    for node in pictures:
        url = absolute(node.attribute("url") or node.attribute("href") or node.text, node.base)
        if url:
            picture = picture or url
            break
    return tuple(found.values()), picture


def length_of(written: str | None) -> int | None:
    """Return a length in bytes, where it is one."""
    text = (written or "").strip().replace(",", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 16 and int(text) else None


def location(fields: Fields) -> tuple[float, float] | None:
    """Return latitude and longitude from GeoRSS (simple or GML) or the W3C's geo vocabulary."""
    text = first_text(fields, "georss:point", "georss:where", "geo:point")
    numbers = _NUMBER.findall((text or "")[:200])
    if len(numbers) != 2:
        lat, long = first_text(fields, "geo:lat"), first_text(fields, "geo:long", "geo:lon")
        numbers = [lat, long] if lat and long and _NUMBER.fullmatch(lat) and _NUMBER.fullmatch(long) else []
    if len(numbers) != 2:
        return None
    north, east = float(numbers[0]), float(numbers[1])
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def alternate(nodes: list[Node]) -> str | None:
    """Return the address of the page among Atom links: `rel` alternate or none, HTML before no type before other types.

    Of several the first in the language of what links to them (`hreflang`), where one is.
    """
    best: tuple[tuple[int, bool], str] | None = None
    for node in nodes[:_MAX]:
        rel = (node.attribute("rel") or "alternate").strip().lower().rpartition("/")[2]
        if rel != "alternate":
            continue
        url = absolute(node.attribute("href") or node.text, node.base)
        kind = (node.attribute("type") or "").lower()
        rank = (0 if "html" in kind else 1 if not kind else 2, _is_in_another_language(node))
        if url and (best is None or rank < best[0]):
            best = (rank, url)
    return best[1] if best else None


def _is_in_another_language(link: Node) -> bool:
    there, here = (link.attribute("hreflang") or "").strip().lower(), (link.language or "").strip().lower()
    return bool(there and here) and there.split("-")[0] != here.split("-")[0]


def other_languages(nodes: list[Node]) -> tuple[tuple[str, str], ...]:
    """Return language and address of the Atom links to the same page in others (`hreflang`); what is said to be no page is none."""
    found: dict[tuple[str, str], None] = {}
    for node in nodes[:_MAX]:
        language = (node.attribute("hreflang") or "").strip()[:100]
        kind = (node.attribute("type") or "html").lower()
        if not language or "html" not in kind or (node.attribute("rel") or "").strip().lower() != "alternate":
            continue
        if url := absolute(node.attribute("href"), node.base):
            found[language, url] = None
    return tuple(found)


def enclosures(nodes: list[Node], known: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Return the files that Atom links of the relation `enclosure` name, each address once, without those that are known."""
    found: dict[str, Attachment] = {}
    for node in nodes[:_MAX]:
        if "enclosure" in (node.attribute("rel") or "").lower().split():
            url = absolute(node.attribute("href"), node.base)
            if url and all(each.url != url for each in known):
                found[url] = Attachment(
                    url, line(node.attribute("type") or ""), length_of(node.attribute("length"))
                )
    return tuple(found.values())


def related(nodes: list[Node], rel: str) -> list[str]:
    """Return the addresses of Atom links of one relation."""
    return [
        url
        for node in nodes[:_MAX]
        if rel in (node.attribute("rel") or "").lower().split()
        and (url := absolute(node.attribute("href") or node.text, node.base))
    ]
