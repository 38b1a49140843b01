"""Lines of wires that are plain text, and the paragraphs that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from newswire.wires.item import Block

_ENDS: Final = re.compile(r"\r+\n?")
"""Lines end with CR, CR, LF on teleprinters."""
_INDENTED: Final = re.compile(r"(?:\s{2,}|\t)\S")


def lines_of(text: str) -> str:
    """Return a text with its lines ended by LF alone."""
    return _ENDS.sub("\n", text)


def is_indented(line: str) -> bool:
    """Return whether a line begins a paragraph by where it begins."""
    return _INDENTED.match(line) is not None


def paragraphs(lines: Iterable[str]) -> Iterator[Block]:
    """Yield paragraphs: a blank line or an indentation opens one."""
    held: list[str] = []
    for line in [*lines, ""]:
        if held and (not line.strip() or is_indented(line)):
            yield Block(" ".join(held))
            held = []
        if line.strip():
            held.append(" ".join(line.split()))
