"""Plain text to paragraphs: blank lines, one line a paragraph, or lines wrapped at a width."""

from __future__ import annotations

import itertools
import re
import statistics
from typing import Final

from newswire.text.hygiene import clean, paragraph

_BLANK: Final = re.compile(r"\n[ \t]*\n\s*")
_WRAP_MIN: Final = 40
_WRAP_MAX: Final = 100
_ENDS: Final = re.compile(r"[.!?…:。！？।؟۔][\"'”’»)\]」』]*$")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of plain text, each as one line.

    Blocks are parted by blank lines. Within a block every line is a paragraph, unless the block is wrapped at a width: no line is
    longer than 100 characters, most have at least 40, and more than two in five break off within a sentence, so that the next does
    not begin with a capital. Wrapped lines are joined again; a wrapped paragraph ends at a short line that ends a sentence.
    """
    found: list[str] = []
    for block in _BLANK.split(clean(text).strip()):
        lines = [tidy for each in block.split("\n") if (tidy := paragraph(each))]
        found.extend(_rejoined(lines) if _is_wrapped(lines) else lines)
    return found


def _is_wrapped(lines: list[str]) -> bool:
    if len(lines) < 2 or max(map(len, lines)) > _WRAP_MAX:
        return False
    inner = lines[:-1]
    broken = sum(_goes_on(one, following) for one, following in itertools.pairwise(lines))
    return broken > 0.4 * len(inner) and statistics.median(map(len, inner)) >= _WRAP_MIN


def _goes_on(one: str, following: str) -> bool:
    return len(one) >= _WRAP_MIN and not _ENDS.search(one) and not following[0].isupper()


def _rejoined(lines: list[str]) -> list[str]:
    width = max(map(len, lines))
    joined: list[str] = [lines[0]]
    for before, text in itertools.pairwise(lines):
        first_word = len(text.split(" ", 1)[0])
        if _ENDS.search(before) and len(before) + 1 + first_word < width - 5:
            # the next word would have fitted: the line ended on purpose
            joined.append(text)
        else:
            joined[-1] += text if re.search(r"\w-$", before) else f" {text}"
    return joined
