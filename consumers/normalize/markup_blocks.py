"""Paragraphs and headings of a piece of markup that is all text: nothing of a site stands around it."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from consumers.normalize.page_tree import parse_page, without_hidden
from newswire.text.hygiene import paragraph

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS: Final = _HEADINGS | frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
))  # fmt: skip
_SPACE: Final = re.compile(r"\s+")


def markup_blocks(markup: str, *left_out: str) -> list[tuple[bool, str]]:
    """Return (is a heading, text) for what stands between one block's edge and the next; a line break is one too.

    Elements with one of the tags `left_out` are not read. Raises `Reject` as `parse_page`.
    """
    tree = parse_page(markup)
    without_hidden(tree)
    blocks: list[tuple[bool, str]] = []
    run: list[str] = []
    heading = False

    def flush() -> None:
        text = paragraph("".join(run))
        if text:
            blocks.append((heading, text))
        run.clear()

    body = tree.find("body")
    walk = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in walk:
        name = str(element.tag)
        if event == "start" and name in left_out:
            flush()
            walk.skip_subtree()
            continue
        if name in _BLOCKS or name == "br":
            flush()
            if name in _HEADINGS:
                heading = event == "start"
        text = element.text if event == "start" else element.tail
        if text:
            run.append(_SPACE.sub(" ", text))
    flush()
    return blocks
