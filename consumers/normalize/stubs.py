"""What interfaces of aggregators leave of an article: a mark where its text was, or its beginning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from schemas.normalized.model import Section

_REMOVED: Final = re.compile(
    r"^\[\s*(?:removed|deleted|content removed|article removed)\s*\]$", re.IGNORECASE
)
_CUT_OFF: Final = re.compile(r"\s*(?:…|\.{3})?\s*\[\s*\+\s?\d{1,7} char(?:acter)?s?\s*\]\s*$", re.IGNORECASE)


def is_removed(sections: Sequence[Section]) -> bool:
    """Return whether the text is nothing but `[Removed]`."""
    texts = [text for section in sections for text in section.paragraphs]
    return len(texts) == 1 and bool(_REMOVED.match(texts[0]))


def without_mark(sections: tuple[Section, ...]) -> tuple[tuple[Section, ...], str | None]:
    """Return the sections without a mark of their being cut off (`… [+2310 chars]`) at their end, and the mark if there was one."""
    last = sections[-1] if sections and sections[-1].paragraphs else None
    mark = _CUT_OFF.search(last.paragraphs[-1][-60:]) if last else None
    if last is None or mark is None:
        return sections, None
    whole = last.paragraphs[-1]
    kept = whole[: len(whole) - len(mark[0])]
    paragraphs = (*last.paragraphs[:-1], *((f"{kept}…",) if kept else ()))
    return (*sections[:-1], last.model_copy(update={"paragraphs": paragraphs})), mark[0].strip()
