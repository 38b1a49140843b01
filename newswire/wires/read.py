"""Which format some bytes are in, told by content; the items in them; one item read."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from lxml import etree
from pydantic_core import to_json

from newswire.text.json_document import read_json
from newswire.wires.anpa1312 import is_anpa1312, read_anpa1312
from newswire.wires.iptc7901 import is_iptc7901, messages, read_iptc7901
from newswire.wires.item import MEDIA_TYPES, Part, WireError, WireItem
from newswire.wires.mail import is_mail, messages_in
from newswire.wires.mail_parts import mail_parts
from newswire.wires.newsml import read_newsml
from newswire.wires.newsml_g2 import ITEMS, NAMESPACE, read_newsml_g2
from newswire.wires.ninjs import is_ninjs, read_ninjs
from newswire.wires.nitf import read_nitf
from newswire.wires.values import tidy
from newswire.wires.xml import Element, child, children, local, parse

_BOM: Final = b"\xef\xbb\xbf"
_AROUND: Final = ("NewsEnvelope", "Catalog")
"""What the items of one NewsML 1.x document share."""
_BEGINNING: Final = 200
_OPENS: Final = re.compile(rb"[\x00-\x20\xef\xbb\xbf\xfe\xff]*<")
"""In any encoding that keeps ASCII, or pads it."""
MOST_ITEMS: Final = 10_000
"""Items of one document."""
_TEXT_FORMATS: Final = {"iptc7901": is_iptc7901, "anpa1312": is_anpa1312, "mail": is_mail}
"""Those that are neither JSON nor XML, in the order in which they are asked for."""
_READERS: Final = {"iptc7901": read_iptc7901, "anpa1312": read_anpa1312}


def read_item(data: bytes) -> WireItem:
    """Return the one item of a document, as `Part.data` holds it. WireError with what is wrong."""
    parts = iter(parts_of(data))
    first = next(parts, None)
    if first is None or next(parts, None) is not None:
        raise WireError("not-one-item", "the document does not hold exactly one item")
    if isinstance(first.item, WireError):
        raise first.item
    return first.item


def parts_of(data: bytes) -> Iterator[Part]:
    """Yield the items of a document. WireError: when it is none of the formats, broken as a whole, or holds no item.

    A broken item among several is a part with its error; those after it are read.
    """
    start = data.removeprefix(_BOM).lstrip()[:1]
    if not start:
        raise WireError("empty-file", "there is nothing in it")
    if start in (b"{", b"["):
        yield from _of_json(data)
        return
    name = text_format(data)
    if name is None:
        yield from _of_xml(data)
    elif name == "mail":
        yield from _of_mails(data)
    else:
        yield from _of_messages(data, _READERS[name], MEDIA_TYPES[name])


def text_format(data: bytes) -> str | None:
    """Return the name of the format that is neither JSON nor XML and that a document begins as; None for no such."""
    return next((name for name, begins in _TEXT_FORMATS.items() if begins(data)), None)


def _of_json(data: bytes) -> Iterator[Part]:
    try:
        whole = read_json(data.removeprefix(_BOM))
    except ValueError as error:
        raise WireError("invalid-json", f"not valid JSON: {error}") from error
    if isinstance(whole, dict):
        yield Part(0, data, _ninjs(whole), MEDIA_TYPES["ninjs"])
        return
    if not whole:
        raise WireError("empty-file", "there is no item in it")
    for number, record in enumerate(whole[:MOST_ITEMS], start=1):
        yield Part(number, to_json(record), _ninjs(record), MEDIA_TYPES["ninjs"])
    _refuse_more(len(whole))


def _of_messages(data: bytes, reader: Callable[[bytes], WireItem], media_type: str) -> Iterator[Part]:
    every = list(islice(messages(data), MOST_ITEMS + 1))
    for number, message in enumerate(every[:MOST_ITEMS], start=1):
        found: WireItem | WireError
        try:
            found = tidy(reader(message))
        except WireError as error:
            found = error
        alone = len(every) == 1
        yield Part(0 if alone else number, data if alone else message, found, media_type)
    _refuse_more(len(every))


def _of_mails(data: bytes) -> Iterator[Part]:
    every = list(islice(messages_in(data), MOST_ITEMS + 1))
    parts = [part for message in every[:MOST_ITEMS] for part in mail_parts(message, parts_of)]
    for number, part in enumerate(parts[:MOST_ITEMS], start=1):
        yield replace(part, number=0 if part.data == data else number)
    _refuse_more(max(len(every), len(parts)))


def _ninjs(record: Any) -> WireItem | WireError:
    if not is_ninjs(record):
        return WireError(
            "not-a-wire",
            "JSON, but no ninjs object: it needs a `uri` and what ninjs describes, such as `versioncreated`, `headline` or `body_html`. "
            "Other records of news are read by `newswire produce files`",
        )
    try:
        return tidy(read_ninjs(record))
    except WireError as error:
        return error


def _of_xml(data: bytes) -> Iterator[Part]:
    try:
        root = parse(data)
    except WireError as error:
        if error.reason == "invalid-xml" and not _OPENS.match(data[:_BEGINNING]):
            raise WireError(
                "not-a-wire",
                "neither JSON nor XML, and it does not begin as IPTC 7901 (`ABC0123 4 pol 120`), ANPA 1312 or an e-mail (`From: …`) does",
            ) from error
        raise
    name = local(root)
    if name == "nitf":
        yield Part(0, data, _read(read_nitf, root), MEDIA_TYPES["nitf"])
    elif name == "NewsML":
        yield from _of_newsml(root, data)
    elif name in ITEMS and _is_g2(root):
        yield Part(0, data, _read(read_newsml_g2, root), MEDIA_TYPES["newsml-g2"])
    elif name == "newsMessage" and _is_g2(root):
        yield from _of_message(root, data)
    else:
        raise WireError(
            "not-a-wire",
            f"XML of a kind that is no wire: its root is `{name[:60]}`; read are NewsML-G2, NewsML 1.x and NITF",
        )


def _is_g2(root: Element) -> bool:
    return bool(root.tag.startswith(f"{{{NAMESPACE}}}"))


def _of_message(root: Element, data: bytes) -> Iterator[Part]:
    items = [item for around in children(root, "itemSet") for item in children(around, *ITEMS)]
    if not items:
        raise WireError("empty-file", "the message holds no item", "/newsMessage/itemSet")
    kind = MEDIA_TYPES["newsml-g2-message"]
    header = child(root, "header")
    for number, item in enumerate(items[:MOST_ITEMS], start=1):
        found = _read(lambda element: read_newsml_g2(element, header), item)
        if len(items) == 1:
            yield Part(0, data, found, kind)
            return
        document = etree.Element(root.tag, nsmap=root.nsmap)
        if header is not None:
            document.append(copy.deepcopy(header))
        etree.SubElement(document, f"{{{NAMESPACE}}}itemSet").append(copy.deepcopy(item))
        yield Part(number, _alone(document), found, kind)
    _refuse_more(len(items))


def _of_newsml(root: Element, data: bytes) -> Iterator[Part]:
    items = children(root, "NewsItem")
    if not items:
        raise WireError("empty-file", "the document holds no NewsItem", "/NewsML")
    kind = MEDIA_TYPES["newsml"]
    if len(items) == 1:
        yield Part(0, data, _read(read_newsml, root), kind)
        return
    shared = children(root, *_AROUND)
    for number, item in enumerate(items[:MOST_ITEMS], start=1):
        document = etree.Element(root.tag, nsmap=root.nsmap)
        document.extend([copy.deepcopy(each) for each in (*shared, item)])
        yield Part(number, _alone(document), _read(read_newsml, document), kind)
    _refuse_more(len(items))


def _read(reader: Callable[[Element], WireItem], element: Element) -> WireItem | WireError:
    try:
        return tidy(reader(element))
    except WireError as error:
        return error


def _alone(element: Element) -> bytes:
    """Return an element as a document of its own: namespaces that were declared around it are declared in it."""
    written: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    return written


def _refuse_more(count: int) -> None:
    if count > MOST_ITEMS:
        raise WireError(
            "too-large",
            f"{count} items, where {MOST_ITEMS} are the most: the first were taken, send the others again",
        )
