"""XML of agencies to trees, in bounded time and memory, and paragraphs out of them."""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from newswire.text.charset import decode
from newswire.text.hygiene import paragraph
from newswire.wires.item import Block, WireError

Element = Any
"""An element of lxml: its stubs tell less than the library does."""
MAX_ELEMENTS: Final = 300_000
MAX_BLOCKS: Final = 50_000

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_BAD_REFERENCE: Final = re.compile(
    r"&#(?:0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]);|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]);)"
)
_PROLOG: Final = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"))
_BLOCKS: Final = _HEADINGS | {
    "p", "div", "li", "dd", "dt", "pre", "blockquote", "bq", "tr", "block", "section", "article", "ul", "ol", "dl", "table",
    "nitf-table", "body", "body.content", "body.end", "br", "hr", "fn", "note", "credit",
}  # fmt: skip
_CELLS: Final = frozenset(("td", "th"))
_NO_TEXT: Final = frozenset((
    "script", "style", "head", "body.head", "media", "figure", "img", "picture", "video", "audio", "iframe", "object", "embed",
    "media-reference", "media-caption", "media-producer", "col", "colgroup", "nitf-table-metadata", "noscript", "template", "tagline",
))  # fmt: skip


def parse(data: bytes) -> Element:
    """Return the root of an XML document. WireError: `undecodable`, `invalid-xml`, `declares-entities`, `too-large`.

    The encoding is found out as for every other text (what the prolog says may be wrong). Named entities of HTML are resolved, since
    agencies write them without a DTD. A document that declares entities of its own is refused: no wire needs them, and they are how a
    small document grows without bound.
    """
    try:
        text = decode(data, markup=True).text
    except ValueError as error:
        raise WireError("undecodable", f"{error}: send it as UTF-8") from error
    text = _PROLOG.sub("", _NOT_XML.sub("", text).lstrip("\ufeff"), count=1).strip()
    if "<!ENTITY" in text:
        raise WireError(
            "declares-entities", "the document declares entities: write what they stand for instead"
        )
    text = _NAMED.sub(_character, _BAD_REFERENCE.sub("", text))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise WireError("invalid-xml", f"{error.msg}: send the whole document again") from error
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        raise WireError(
            "too-large", f"{count} elements, where {MAX_ELEMENTS} are the most: send it in several files"
        )
    return root


def _character(reference: re.Match[str]) -> str:
    name = reference[1]
    if name in _OF_XML:
        return reference[0]
    meant = html.entities.html5.get(f"{name};", reference[0])
    return reference[0] if "<" in meant or ("&" in meant and meant != reference[0]) else meant


def local(element: Element) -> str:
    """Return an element's name without namespace; nothing for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """Return the children with one of these names, whatever their namespace; none of nothing."""
    return [] if element is None else [child for child in element if local(child) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """Return what a path of names leads to, the first of each; None where it leads nowhere."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def within(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the elements with one of these names at any depth, in order."""
    if element is not None:
        yield from (each for each in element.iter() if local(each) in names)


def text_of(element: Element | None) -> str | None:
    """Return all text in an element on one line; None where there is none."""
    return None if element is None else paragraph("".join(element.itertext())) or None


def attribute(element: Element | None, *names: str) -> str | None:
    """Return the first of some attributes that says something, whatever its namespace."""
    if element is not None:
        for name in names:
            for key, value in element.attrib.items():
                if str(key).rpartition("}")[2] == name and str(value).strip():
                    return str(value).strip()
    return None


def blocks(root: Element) -> tuple[Block, ...]:
    """Return the paragraphs and headings of markup, XHTML or NITF, in reading order. Media and what belongs to them is left out.

    A line break ends a paragraph; the cells of a table's row are parted by bars.
    """
    found: list[Block] = []
    pending: list[str] = []

    def flush(*, is_heading: bool = False) -> None:
        text = paragraph("".join(pending))
        pending.clear()
        if text and len(found) < MAX_BLOCKS:
            found.append(Block(text, is_heading))

    def walk(element: Element) -> None:
        name = local(element).lower()
        if not name or name in _NO_TEXT:
            return
        if name in _BLOCKS:
            flush()
        elif name in _CELLS and "".join(pending).strip():
            pending.append(" | ")
        if element.text:
            pending.append(element.text)
        for each in element:
            walk(each)
            if each.tail:
                pending.append(each.tail)
        if name in _BLOCKS:
            flush(is_heading=name in _HEADINGS)

    walk(root)
    flush()
    return tuple(found)
