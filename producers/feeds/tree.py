"""Items of an XML feed as small trees, one at a time: a feed of any size needs the memory of what is read out of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Final

from producers.feeds.names import Names
from producers.reading.addresses import absolute
from producers.reading.loose import XML

_MAX_DEPTH: Final = 100
"""Elements within each other. What is deeper loses its tags."""
_MAX_CHILDREN: Final = 5_000
_BASE: Final = f"{XML} base"
_LANG: Final = f"{XML} lang"
_CONTAINERS: Final = frozenset((
    "rss", "rdf:rdf", "rdf", "feed", "channel", "item", "entry", "items", "image", "textinput", "skiphours", "skipdays",
    "author", "contributor", "source", "enclosure", "atom:author", "atom:contributor", "atom:source", "media:group",
    "media:content", "itunes:owner", "itunes:image", "itunes:category", "georss:where", "gml:point", "rdf:seq", "rdf:bag",
    "opml", "head", "body", "outline", "dc:creator", "foaf:person", "geo:point",
))  # fmt: skip
"""Elements that hold elements. In any other, elements are markup of its text."""
ITEMS: Final = frozenset(("item", "entry"))
_AROUND_ITEMS: Final = frozenset(("rss", "rdf:rdf", "rdf", "feed", "channel", "items"))
_VOID: Final = frozenset(
    ("br", "img", "hr", "input", "link", "meta", "source", "embed", "wbr", "col", "area")
)


class Node:
    """An element: its name, what it says, and the elements in it."""

    __slots__ = ("attributes", "base", "base_given", "children", "language", "marked", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str], base: str | None, language: str | None) -> None:
        self.name = name
        self.attributes = attributes
        self.base = base
        """What relative addresses in it are relative to."""
        self.base_given = False
        """By `xml:base`, here or around it."""
        self.language = language
        self.children: list[Node] = []
        self.pieces: list[str] = []
        self.marked = False
        """Its text is markup made of elements; otherwise it is as written between the tags, entities resolved once."""

    @property
    def text(self) -> str:
        """Its text."""
        return "".join(self.pieces)

    def whole_text(self) -> str:
        """Return its text and that of the elements in it."""
        return " ".join([self.text, *(child.whole_text() for child in self.children)]).strip()

    def attribute(self, name: str) -> str | None:
        """Return an attribute by its local name, whatever its case and namespace."""
        found = self.attributes.get(name)
        if found is None and self.attributes:
            wanted = name.lower()
            return next(
                (v for k, v in self.attributes.items() if k.rpartition(" ")[2].lower() == wanted), None
            )
        return found

    def inherit(self, base: str | None, language: str | None) -> None:
        """Take over the base of relative addresses, and the language, where neither it nor what is around it says them."""
        if base and not self.base_given:
            self.base = base
        self.language = self.language or language
        for child in self.children:
            child.inherit(base, language)

    def child(self, *names: str) -> Node | None:
        """Return the first child of the first of these names that there is."""
        for name in names:
            for each in self.children:
                if each.name == name:
                    return each
        return None


class Builder:
    """Takes elements as a parser finds them; gives items as they are whole, and keeps what stands beside them in `root`."""

    def __init__(self, base: str | None, on_item: Callable[[Node, Node], None]) -> None:
        self.names: Names | None = None
        self.root: Node | None = None
        self._base = base
        self._on_item = on_item
        self._stack: list[Node] = []
        self._markup: list[str] = []
        """Open elements of markup; empty strings for those that were left out."""
        self._item_at = 0
        """How many elements stand around the outermost item that is open: its own depth is counted from there."""

    def start(self, expanded: str, attributes: dict[str, str]) -> None:
        """Begin an element; names as `namespace local`."""
        if self.names is None:
            self.names = Names(expanded)
        parent = self._stack[-1] if self._stack else None
        name = self.names.of(expanded)
        if parent is not None and len(self._stack) - self._item_at > _MAX_DEPTH and not self._markup:
            if parent.name in _AROUND_ITEMS and name in _AROUND_ITEMS:
                self._stack.append(parent)  # channels in channels for ever: one is as good as the next
                return
            deep = parent.name not in _AROUND_ITEMS or name not in ITEMS
        else:
            deep = False
        if self._markup or (parent is not None and (deep or not self._holds_elements(parent))):
            self._start_markup(expanded, attributes)
            return
        base, language, given = (
            (parent.base, parent.language, parent.base_given) if parent else (self._base, None, False)
        )
        if attributes:
            if _BASE in attributes:
                base = absolute(attributes[_BASE], base) or base
                given = True
            language = attributes.get(_LANG) or language
        node = Node(name, attributes, base, language)
        node.base_given = given
        if parent is None:
            self.root = self.root or node
        elif len(parent.children) < _MAX_CHILDREN and node.name not in ITEMS:
            parent.children.append(node)
        if name in ITEMS and not self._item_at:
            self._item_at = len(self._stack)
        self._stack.append(node)

    def _holds_elements(self, parent: Node) -> bool:
        """Whether elements in it are elements of the document: those in the `body` of an item are markup of its text."""
        return parent.name in _CONTAINERS and not (
            parent.name == "body" and len(self._stack) > 1 and self._stack[-2].name in ITEMS
        )

    def end(self, _expanded: str) -> None:
        """End the innermost open element, whatever it is called."""
        if self._markup:
            tag = self._markup.pop()
            if tag and tag not in _VOID:
                self._stack[-1].pieces.append(f"</{tag}>")
            return
        node = self._stack.pop()
        if node.name in ITEMS:
            if self._item_at >= len(self._stack):
                self._item_at = 0
            around = self._stack[-1] if self._stack else node
            if around is node or around.name in _AROUND_ITEMS:
                self._on_item(node, around)

    def text(self, data: str) -> None:
        """Take text of the innermost open element."""
        if self._stack:
            node = self._stack[-1]
            node.pieces.append(html.escape(data, quote=False) if node.marked else data)

    def _start_markup(self, expanded: str, attributes: dict[str, str]) -> None:
        if len(self._markup) > _MAX_DEPTH:
            self._markup.append("")
            return
        node = self._stack[-1]
        if not node.marked:
            node.marked = True
            node.pieces = [html.escape(piece, quote=False) for piece in node.pieces]
        tag = expanded.rpartition(" ")[2]
        written = "".join(
            f' {name.rpartition(" ")[2]}="{html.escape(value)}"' for name, value in attributes.items()
        )
        base = attributes.get(_BASE)
        if base is not None and len(self._markup) < 2:
            node.base = absolute(base, node.base) or node.base
            node.base_given = True
        node.pieces.append(f"<{tag}{written}>")
        self._markup.append(tag)
