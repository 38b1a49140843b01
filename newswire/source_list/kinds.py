"""Kinds of sources that producers here read. Others may be in a list, for a producer of one's own; most are slips."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from newswire.source_list.model import SourceList

KINDS: Final = ("feed", "sitemap")


def odd_kinds(listed: SourceList, where: str) -> Iterator[str]:
    """Yield a sentence for each kind that no producer here reads: the sources that have it, the kinds there are, what was probably meant.

    `where` names the list.
    """
    odd: dict[str, list[str]] = {}
    for source in listed.source:
        if source.kind not in KINDS:
            odd.setdefault(source.kind, []).append(source.name)
    for kind, names in odd.items():
        near = difflib.get_close_matches(kind, KINDS, n=1)
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
        yield (
            f"{where}: no producer here reads sources of kind {kind!r} ({shown}): there are {' and '.join(KINDS)}"
            + (f". Did you mean {near[0]!r}?" if near else "")
        )
