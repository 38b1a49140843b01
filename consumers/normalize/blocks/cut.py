"""Cutting a page's tree into leaf blocks: the runs of text between two edges of block-level elements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from lxml.html import HtmlElement

from consumers.normalize.blocks.comment_threads import called_comments, holds_article

Key = tuple[str, str, str, str]
"""What an element is recognised by: tag, class, id, and the values of the attributes in `_NAMING`, separated by spaces."""

SKIPPED: Final = frozenset(
    (
        "script", "style", "template", "svg", "math", "iframe", "object", "embed", "canvas", "noscript", "select", "dialog",
        "button", "textarea", "input", "head", "title", "link", "meta", "video", "audio", "map", "datalist", "img", "hr", "option",
    )
)  # fmt: skip
"""What is never read as text."""
INLINE: Final = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
        "tt", "u", "var", "wbr",
    )
)  # fmt: skip
LINE_BREAK: Final = "\u2028\n"
"""What stands for a `br`. A line feed alone is only white: where a page's source is wrapped."""
_BOLD: Final = frozenset(("b", "strong"))
_NAMING: Final = frozenset(
    ("role", "itemprop", "data-testid", "data-component", "data-type", "data-qa", "data-test", "data-name", "name", "rel")
)  # fmt: skip
_READ: Final = _NAMING | {"class", "id", "hidden", "style"}
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHOWN_LATER: Final = re.compile(r"paywall|subscriber|premium| S:[0-9a-f]+$", re.IGNORECASE)
"""What a page hides until a script has run: text behind a wall, and what React streams (elements with an id such as `S:1a`)."""
_LONG: Final = 80
_MOST_JUDGED: Final = 10
_MOST_BLOCKS: Final = 20_000


@dataclass(slots=True)
class Block:
    """A leaf block."""

    text: str
    """As it stands; a single line break of the page (`br`) is `LINE_BREAK`, everything else white is not yet collapsed."""
    node: int
    """Its innermost block-level element, as an index into `Page.keys`."""
    linked: int
    """Characters inside links."""
    links: int
    """Links that begin in it."""
    bold: int
    """Characters that are bold by an element."""
    inline: Key | None
    """The first inline element in it that has a class, if nothing stands before it."""


@dataclass(slots=True)
class Page:
    """A page as leaf blocks and the block-level elements around them, both in document order."""

    blocks: list[Block] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    """For each element the index of the one around it; the body's own is 0."""
    depths: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    """For each element the index of the first block in it."""
    last: list[int] = field(default_factory=list)
    """For each element the index after the last block in it."""


class _Cutter:
    """Walks a tree once."""

    def __init__(self) -> None:
        self.page = Page()
        self.text: list[str] = []
        self.linked = self.links = self.bold = 0
        self.inline: Key | None = None
        self.breaks = 0
        self.judged = self.long = 0
        """Characters in long blocks without links so far: before there is running text, nothing is about it."""

    def flush(self, node: int) -> None:
        """End the block that is being collected."""
        if self.text:
            text = "".join(self.text)
            if not text.isspace() and len(self.page.blocks) < _MOST_BLOCKS:
                self.page.blocks.append(Block(text, node, self.linked, self.links, self.bold, self.inline))
                self.long += len(text) if len(text) > _LONG and not self.linked else 0
            self.text = []
        self.linked = self.links = self.bold = 0
        self.inline = None
        self.breaks = 0

    def judge(self, element: HtmlElement, key: Key) -> bool:
        """Return whether an element is a thread of comments. What has the word and is none is looked through only a few times."""
        if self.judged >= _MOST_JUDGED or not called_comments(key):
            return False
        self.judged += 1
        found = not holds_article(element)
        self.judged -= found  # that one is not walked any more
        return found

    def block(self, element: HtmlElement, key: Key, parent: int) -> None:
        """Walk a block-level element."""
        page = self.page
        node = len(page.keys)
        page.keys.append(key)
        page.parents.append(parent)
        page.depths.append(page.depths[parent] + 1 if node else 0)
        page.first.append(len(page.blocks))
        page.last.append(0)
        if text := element.text:
            self.text.append(text)
        self.children(element, node, in_link=False, in_bold=False)
        self.flush(node)
        page.last[node] = len(page.blocks)

    def children(self, element: HtmlElement, node: int, *, in_link: bool, in_bold: bool) -> None:
        """Walk what is inside an element; `node` is the innermost block-level one."""
        for child in element:
            tag: Any = child.tag
            if tag in INLINE:
                self.inside_line(child, tag, node, in_link=in_link, in_bold=in_bold)
            elif tag == "br":
                self.breaks += 1
                if self.breaks > 1:
                    self.flush(node)
                else:
                    self.text.append(LINE_BREAK)
            elif tag not in SKIPPED and isinstance(tag, str) and (key := _key(child, tag)) is not None:
                if self.long and self.judge(child, key):
                    self.flush(node)
                    if tail := child.tail:
                        self.add(tail, in_link=in_link, in_bold=in_bold)
                    continue
                if tag in {"td", "th"}:
                    if self.text:
                        self.text.append(" | ")
                    self.cell(child, key, node)
                else:
                    self.flush(node)
                    self.block(child, key, node)
            if tail := child.tail:
                self.add(tail, in_link=in_link, in_bold=in_bold)

    def cell(self, element: HtmlElement, key: Key, node: int) -> None:
        """Walk a cell of a table: part of its row's block, unless there are block-level elements in it."""
        if any(
            child.tag not in INLINE and child.tag not in SKIPPED and child.tag != "br" for child in element
        ):
            self.flush(node)
            self.block(element, key, node)
            return
        if text := element.text:
            self.add(text, in_link=False, in_bold=False)
        self.children(element, node, in_link=False, in_bold=False)

    def inside_line(self, element: HtmlElement, tag: str, node: int, *, in_link: bool, in_bold: bool) -> None:
        """Walk an inline element."""
        key = _key(element, tag)
        if key is None:
            return
        if tag == "a":
            in_link = True
            self.links += 1
        elif tag in _BOLD:
            in_bold = True
        if self.inline is None and (key[1] or key[3]) and all(map(str.isspace, self.text)):
            self.inline = key
        if text := element.text:
            self.add(text, in_link=in_link, in_bold=in_bold)
        if len(element):
            self.children(element, node, in_link=in_link, in_bold=in_bold)

    def add(self, text: str, *, in_link: bool, in_bold: bool) -> None:
        """Add text to the block that is being collected."""
        self.text.append(text)
        if (in_link or in_bold or self.breaks) and not text.isspace():
            self.breaks = 0
            length = len(text.strip())
            if in_link:
                self.linked += length
            if in_bold:
                self.bold += length


def _key(element: HtmlElement, tag: str) -> Key | None:
    """Return what an element is recognised by; None when it is hidden."""
    attributes = element.items()
    if not attributes:
        return (tag, "", "", "")
    css = name = other = ""
    hidden = False
    for attribute, value in attributes:
        if attribute not in _READ:
            continue
        if attribute == "class":
            css = value[:200]
        elif attribute == "id":
            name = value[:60]
        elif attribute == "style":
            hidden = hidden or _HIDDEN.search(value) is not None
        elif attribute == "hidden":
            hidden = True
        else:
            other += f" {attribute}={value[:40]}"
    if hidden and not _SHOWN_LATER.search(f"{css} {name}"):
        return None
    return (tag, css, name, other)


def cut(tree: HtmlElement) -> Page:
    """Return the leaf blocks of a page's body. What attribute or style hides is not read, nor scripts and controls."""
    cutter = _Cutter()
    body = tree.find("body")
    if body is not None:
        cutter.block(body, _key(body, "body") or ("body", "", "", ""), 0)
    return cutter.page
