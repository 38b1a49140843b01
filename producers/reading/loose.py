"""Broken XML read as what it was meant to be. Every step takes time in proportion to the text."""

from __future__ import annotations

import html
import re
from typing import Final, Protocol

XML: Final = "http://www.w3.org/XML/1998/namespace"
_TOKEN: Final = re.compile(
    r"<!\[CDATA\[|<!--|<[?!][^<>]*+>"
    r"|<(?P<close>/)?(?P<name>[A-Za-z_][^\s/<>\"'=]{0,200})(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
    r"|<(?P<close2>/)?(?P<name2>[A-Za-z_][^\s/<>\"'=]{0,200})(?P<attributes2>[^<>]*+)>",
)
_ATTRIBUTE: Final = re.compile(r"([^\s=/\"'<>]+)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'<>]+)))?")
_END_OF_ITEM: Final = re.compile(r"</(?:item|entry)\s*>", re.IGNORECASE)
_END_OF_ENTRY: Final = re.compile(r"</(?:\w+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_VOID: Final = frozenset(("br", "img", "hr", "input", "meta", "embed", "wbr", "col", "area"))
_MAX_ATTRIBUTES: Final = 1_000
_MAX_OPEN: Final = 5_000
_AROUND: Final = frozenset(("rss", "rdf", "feed", "channel", "items", "urlset", "sitemapindex"))
_ITEMS: Final = frozenset(("item", "entry"))
_ENTRY_OF: Final = {"urlset": "url", "sitemapindex": "sitemap"}
"""What stands in place of items within roots that are no feed's."""
_FIELDS: Final = frozenset((
    "title", "pubdate", "guid", "description", "comments", "enclosure", "author", "category", "content:encoded",
    "dc:creator", "dc:date", "dc:subject", "published", "updated", "summary", "content", "id", "modified", "issued",
))  # fmt: skip
"""Elements that never stand in the text of another: where one begins, the one before it was left open."""
_PLAIN_FIELDS: Final = frozenset(
    ("title", "pubdate", "guid", "dc:creator", "dc:date", "published", "updated", "id", "link")
)
_LANGUAGE_OF_TEXT: Final = frozenset(("description", "content:encoded", "summary", "content", "body"))


class Sink(Protocol):
    """Where elements go to."""

    def start(self, expanded: str, attributes: dict[str, str]) -> None: ...  # noqa: D102
    def end(self, expanded: str) -> None: ...  # noqa: D102
    def text(self, data: str) -> None: ...  # noqa: D102


class Loose:
    """Reads one text into a sink.

    Left out: end tags of what is not open, a second attribute of one name, what stands before and after the root. Closed where
    it must have ended: an element left open when an outer one ends, when the next item begins, or at the end of the text. Kept as
    text: `&` and `<` that begin nothing, references that name nothing.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open: list[tuple[str, dict[str, str]]] = []
        """Names as written, in lower case, with the prefixes in force."""
        self._items = _ITEMS
        self._end_of_item = _END_OF_ITEM
        self._never: dict[str, bool] = {}
        """Closing marks that do not come any more: they are not looked for again."""

    def read(self, text: str) -> None:
        """Read from the root element on."""
        at = 0
        started = False
        while token := _TOKEN.search(text, at):
            if token.start() > at and self._open:
                self._sink.text(resolve(text[at : token.start()]))
            at = token.end()
            name = token["name"] or token["name2"]
            if name is None:
                at = self._past(text, token[0], at)
            elif token["close"] or token["close2"]:
                self._end(name.lower())
            elif self._open or not started:
                started = True
                self._start(name, token["attributes"] or token["attributes2"] or "")
        if self._open and "<" not in text[at:]:
            self._sink.text(resolve(text[at:]))
        self._close_to(0)

    def _past(self, text: str, opening: str, at: int) -> int:
        """Return where a comment or a CDATA section ends; one that does not end before its item does is only its opening."""
        closing = {"<!--": "-->", "<![CDATA[": "]]>"}.get(opening)
        if closing is None or self._never.get(closing):
            return at
        end = text.find(closing, at)
        if end < 0:
            self._never[closing] = True
            return at
        if opening == "<!--":
            return end + 3
        if self._end_of_item.search(text, at, end):
            return at
        if self._open:
            self._sink.text(text[at:end])
        return end + 3

    def _start(self, name: str, written: str) -> None:
        lower = name.lower()
        if not self._open:
            self._begin(lower)
        self._close_what_was_left_open(lower)
        if len(self._open) >= _MAX_OPEN:
            return
        attributes: dict[str, str] = {}
        spaces = self._open[-1][1] if self._open else {"xml": XML}
        if written and not written.isspace():
            spaces = self._attributes(written, attributes, spaces)
        self._sink.start(_expanded(name, spaces, element=True), attributes)
        self._open.append((lower, spaces))
        if written.endswith("/") or (lower in _VOID and len(self._open) > 3):
            self._close_to(len(self._open) - 1)

    def _begin(self, root: str) -> None:
        prefix, colon, local = root.rpartition(":")
        if local in _ENTRY_OF:
            self._items = frozenset((_ENTRY_OF[local], f"{prefix}{colon}{_ENTRY_OF[local]}"))
            self._end_of_item = _END_OF_ENTRY

    def _attributes(self, written: str, into: dict[str, str], spaces: dict[str, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        declared: dict[str, str] = {}
        for number, each in enumerate(_ATTRIBUTE.finditer(written)):
            if number >= _MAX_ATTRIBUTES:
                break
            value = resolve(each[2] or each[3] or (each[4] or "").removesuffix("/"))
            if each[1] == "xmlns" or each[1].startswith("xmlns:"):
                declared[each[1][6:]] = value
            else:
                found.setdefault(each[1], value)
        if declared:
            spaces = {**spaces, **declared} if len(spaces) < _MAX_ATTRIBUTES else spaces
        for name, value in found.items():
            into[_expanded(name, spaces, element=False)] = value
        return spaces

    def _close_what_was_left_open(self, name: str) -> None:
        """End elements that cannot hold the one that begins now."""
        if not self._open:
            return
        if name in self._items:
            depth = self._innermost(self._items)
            if depth is not None:
                self._close_to(depth)
            while (
                self._open
                and self._open[-1][0] not in _AROUND
                and self._open[-1][0].rpartition(":")[2] not in _AROUND
            ):
                if len(self._open) == 1:
                    return
                self._close_to(len(self._open) - 1)
        elif name in _FIELDS or name == "link":
            depth = self._innermost(self._items)
            inside = len(self._open) - 1 - depth if depth is not None else 0
            if depth is None or inside < 1:
                return
            field = self._open[depth + 1][0]
            if field in _PLAIN_FIELDS or (
                field in _LANGUAGE_OF_TEXT and name in _FIELDS - {"title", "summary", "content", "id"}
            ):
                self._close_to(depth + 1)

    def _innermost(self, names: frozenset[str]) -> int | None:
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 200), -1):
            if self._open[depth][0] in names:
                return depth
        return None

    def _end(self, name: str) -> None:
        for depth in range(len(self._open) - 1, max(-1, len(self._open) - 200), -1):
            if self._open[depth][0] == name:
                self._close_to(depth)
                return

    def _close_to(self, depth: int) -> None:
        while len(self._open) > depth:
            self._sink.end(self._open.pop()[0])


def resolve(text: str) -> str:
    """Return text with its references resolved once. What names nothing stays as it is."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _expanded(name: str, spaces: dict[str, str], *, element: bool) -> str:
    prefix, colon, local = name.partition(":")
    if not colon:
        return f"{spaces.get('', '')} {name}" if element and spaces.get("") else name
    return f"{spaces.get(prefix) or '?' + prefix} {local}"
