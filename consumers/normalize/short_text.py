"""The beginning of an element's text."""

from __future__ import annotations

from lxml.html import HtmlElement


def short_text(element: HtmlElement, most: int) -> str:
    """Return an element's text, cut at `most` characters; no more of it is read, however much a hostile page nests into it."""
    pieces: list[str] = []
    left = most
    for piece in element.itertext():
        pieces.append(piece[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    return "".join(pieces)
