"""What an item of a list is: new, changed, known, or another source's article."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from producers.polling.memory import Known, Link, Memory, digest
from producers.polling.polled import Entry, PolledSource

CHURN_POLLS: Final = 2
"""Polls in a row with other texts everywhere, before texts are not compared any more."""
_CHURN_LEAST: Final = 3
_CHURN_SHARE: Final = 0.5


class Verdict(StrEnum):
    """The fate of an item at a poll."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    ELSEWHERE = "elsewhere"
    """Captured from another source."""
    TOLD = "told"
    """Known, and captured again because it was seen in other sources since."""
    FOLLOWS = "follows"
    """Being captured from another source just now."""


def judge(
    name: str, entry: Entry, known: Known | None, link: Link | None, *, configured: bool, texts: bool
) -> Verdict:
    """Return what an item of the source `name` is.

    `known` is what is remembered of it in this source, `link` of its article; `configured`: whether the source that the article was
    captured from is still in the list. Without `texts` only title and date are compared: the texts of this source change at every poll.
    """
    mine = link is None or link.owner == name or not configured
    if known is None:
        if link is None:
            return Verdict.NEW
        if link.owner != name:
            return Verdict.ELSEWHERE
        return Verdict.CHANGED if _differs(link, entry, texts=texts) else Verdict.KNOWN
    if mine and _differs(known, entry, texts=texts):
        return Verdict.CHANGED
    return Verdict.KNOWN


def churned(before: int, memory: Memory, source: PolledSource, entries: Sequence[Entry]) -> int:
    """Return in how many polls in a row the texts of a source have churned, after one more. Once given up, they stay so."""
    churn = _texts_churn(memory, source, entries)
    if churn is None or before >= CHURN_POLLS:
        return before
    return before + 1 if churn else 0


def _texts_churn(memory: Memory, source: PolledSource, entries: Sequence[Entry]) -> bool | None:
    """Return whether half of the known items have other texts under the same title and date; None where too few are known to tell."""
    known = [(entry, memory.known(source.name, entry.keys[0])) for entry in entries[:100]]
    same = [
        (entry, found)
        for entry, found in known
        if found is not None and found.heading == digest(entry.heading, 12)
    ]
    if len(same) < _CHURN_LEAST:
        return None
    changed = sum(1 for entry, found in same if found.text != digest(entry.text, 12))
    return changed >= _CHURN_SHARE * len(same)


def _differs(before: Known | Link, entry: Entry, *, texts: bool) -> bool:
    if before.heading != digest(entry.heading, 12):
        return True
    return texts and before.text != digest(entry.text, 12)
