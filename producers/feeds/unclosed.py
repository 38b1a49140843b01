"""HTML elements that are dropped with all that is in them, and were left open: what follows them is no part of them."""

from __future__ import annotations

import re
from typing import Final

_OPENS: Final = re.compile(
    r"<(/)?(iframe|object|applet|noscript|template|form|select|textarea|script|style|svg|math)(?=[\s/>])[^<>]{0,4000}>",
    re.IGNORECASE,
)
_RAW: Final = frozenset(("iframe", "textarea", "script", "style", "noscript"))
"""What is in them is text to a browser, whatever it looks like."""
_CODE: Final = frozenset(("script", "style"))
_FOREIGN: Final = frozenset(("svg", "math"))
"""They may end themselves in HTML too."""


def without_unclosed(markup: str) -> str:
    """Return HTML without the start tags of dropped elements that have no end.

    A browser takes all that follows such a tag for its content, and with it would go the rest of an article: XHTML writers end
    `<iframe … />` in itself, which HTML does not know, and forms and objects of pages are cut in two by those who make feeds of them.
    A script or style sheet without an end stays: what follows it is code. Takes time in proportion to the text.
    """
    removed: list[tuple[int, int]] = []
    still_open: dict[str, list[tuple[int, int]]] = {}
    never_closed: set[str] = set()
    at = 0
    while tag := _OPENS.search(markup, at):
        at = tag.end()
        name = tag[2].lower()
        if tag[1]:
            if still_open.get(name):
                still_open[name].pop()
        elif tag[0].endswith("/>"):
            if name not in _FOREIGN:
                removed.append(tag.span())
        elif name in _RAW:
            end = -1 if name in never_closed else _end_of(markup, name, at)
            if end >= 0:
                at = end
            elif name in _CODE:
                break
            else:
                never_closed.add(name)
                removed.append(tag.span())
        else:
            still_open.setdefault(name, []).append(tag.span())
    removed += [span for spans in still_open.values() for span in spans]
    if not removed:
        return markup
    pieces: list[str] = []
    after = 0
    for start, end in sorted(removed):
        pieces.append(markup[after:start])
        after = end
    return "".join((*pieces, markup[after:]))


def _end_of(markup: str, name: str, after: int) -> int:
    """Return where the end tag of an element of raw text ends, or -1."""
    found = re.compile(rf"</{name}(?=[\s/>])[^<>]{{0,4000}}>", re.IGNORECASE).search(markup, after)
    return found.end() if found is not None else -1
