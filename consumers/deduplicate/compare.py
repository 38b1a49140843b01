"""Two articles side by side: what the stage says of them, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from consumers.deduplicate import facts, house, near, rules
from consumers.deduplicate.facts import Agreement, Statements
from consumers.deduplicate.languages import across
from consumers.deduplicate.sketch import WIDTH, Shingles, overlap, shingles, sketch
from consumers.deduplicate.words import Block, Words, body, read, spans
from newswire.event import Emit, Event
from newswire.state.contract import State
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef
from schemas.core.rights import Rights
from schemas.normalized.model import Normalized

_MOST_PASSAGES: Final = 5
_LONGEST: Final = 500
_MOST_FACTS: Final = 40
_KINDS: Final = {facts.NAME: "name", facts.NUMBER: "number", facts.SPELLED: "number"}
Handle = Callable[[Event, State], Iterable[Emit]]
"""What a stage does with an event."""


def compare(one: Normalized, other: Normalized, handle: Handle) -> dict[str, Any]:
    """Return what becomes of `other` when `one` came just before it, in JSON's terms.

    `decision` is the stage's own event. What it is made of is told of the whole texts, and as the stage sees it, by the sample that it
    keeps of `one`: `shingles` shared and compared, `containment` both ways, `facts` that agree and differ, and the longest `passages` that
    both have, with their places in both events. `languages` is what ties two of different languages together (see `languages`).
    `one_passage`: they are of one source, and all that they share is one passage (see `house`).
    """
    first, second = _Text(one), _Text(other)
    whole = len(np.intersect1d(first.shingles.distinct, second.shingles.distinct, assume_unique=True))
    stored = sketch(first.shingles)
    seen = overlap(stored, second.shingles)
    kept = Statements(second.words, other.language).agreement(Statements(first.words, one.language).facts())
    now = rules.Rules()
    return {
        "one": _named(one),
        "other": _named(other),
        "decision": _decision(one, other, handle),
        "hours_apart": round(abs((other.captured_at - one.captured_at).total_seconds()) / 3600, 1),
        "window_hours": now.window_hours,
        "shingles": {"one": first.shingles.count, "other": second.shingles.count, "shared": whole},
        "containment": {
            "one_in_other": _share(whole, first.shingles.count),
            "other_in_one": _share(whole, second.shingles.count),
        },
        "sample": {
            "kept": seen.stored,
            "of_other": seen.arrived,
            "shared": seen.shared,
            "one_in_other": round(seen.of_stored, 4),
            "other_in_one": round(seen.of_arrived, 4),
        },
        "one_passage": one.source.name == other.source.name
        and house.share_little_else(second.shingles, stored, seen, None),
        "threshold": near.threshold(max(seen.stored, seen.arrived), kept, now),
        "facts": {
            "kept": kept.stored,
            "numbers": {"agree": kept.numbers_same, "differ": kept.numbers_other},
            **_digits(kept),
            "names": {"agree": kept.names_same, "differ": kept.names_other},
            "hold": kept.holds,
            "in_the_same_place": list(_facts(first, second)),
        },
        "passages": _passages(first, second),
        "languages": across(one, other),
    }


@dataclass(slots=True)
class _Run:
    """Words that both have in the same order."""

    mine: int
    theirs: int
    length: int


class _Text:
    """An article, read for comparison."""

    def __init__(self, article: Normalized) -> None:
        self.language = article.language
        self.blocks: list[Block] = body(article.sections, article.summary)
        self.words: Words = read(self.blocks)
        self.shingles: Shingles = shingles(self.words)
        self._spans = [spans(block.text) for block in self.blocks]

    def block_of(self, word: int) -> int:
        """Return the block that a word stands in."""
        return int(np.searchsorted(self.words.firsts, word, side="right")) - 1

    def end_of(self, block: int) -> int:
        """Return the number of the first word after a block."""
        return self.words.firsts[block] + len(self._spans[block])

    def show(self, first: int, end: int) -> dict[str, Any]:
        """Return some words of one block and where they stand."""
        block = self.block_of(first)
        places, before = self._spans[block], self.words.firsts[block]
        start, last = places[first - before][0], places[min(end, self.end_of(block)) - 1 - before][1]
        last = min(last, start + _LONGEST)
        path = self.blocks[block].path
        return {"text": self.blocks[block].text[start:last], "path": path, "start": start, "end": last}


def _digits(kept: Agreement) -> dict[str, Any]:
    """Return what is asked of numbers without those in words, where there are such."""
    if kept.digits is None:
        return {}
    agree, differ, _ = kept.digits
    return {"numbers_in_digits": {"agree": agree, "differ": differ}}


def _named(article: Normalized) -> dict[str, Any]:
    data = article.to_data()
    return {
        name: data.get(name)
        for name in ("article_id", "headline", "source", "url", "published_at", "captured_at")
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


_DECISIONS: Final = ("unique", "duplicate")


def _decision(one: Normalized, other: Normalized, handle: Handle) -> dict[str, Any]:
    """Return the stage's event for the second, without its text. Rights do not count: it is asked about the texts."""
    state = MemoryState()
    emits: list[Emit] = []
    for offset, article in enumerate((one, other)):
        data = article.model_copy(update={"rights": Rights()}).to_data()
        ref = RecordRef(topic="news.normalized.v1", partition=0, offset=offset)
        when = round(one.captured_at.timestamp() * 1000)
        emits = list(handle(Event("normalized", str(offset), article.article_id, data, ref, when), state))
    last = next(emit for emit in reversed(emits) if emit.event in _DECISIONS)
    data = last.data.to_data() if last.data is not None else {}
    names = (
        "verdict", "evidence", "revision", "related", "notice_of", "precedes_original", "captured_as"
    )  # fmt: skip
    return {"event": last.event, **{name: data[name] for name in names if data.get(name) not in (None, [])}}


def _facts(first: _Text, second: _Text) -> Iterator[dict[str, Any]]:
    """Yield facts with the same words around them in both texts, those that differ first."""
    mine, theirs = facts.read(first.words, first.language), facts.read(second.words, second.language)
    places: dict[int, list[int]] = {}
    for place, context in enumerate(theirs.contexts.tolist()):
        places.setdefault(context, []).append(place)
    found = []
    for place, context in enumerate(mine.contexts.tolist()):
        others = places.get(context)
        if not others:
            continue
        same = [each for each in others if theirs.values[each] == mine.values[place]]
        other = (same or others)[0]
        found.append((bool(same), place, other))
    for agrees, place, other in sorted(found)[:_MOST_FACTS]:
        yield {
            "kind": _KINDS[int(mine.kinds[place])],
            "agree": agrees,
            "one": first.show(int(mine.firsts[place]), int(mine.ends[place])),
            "other": second.show(int(theirs.firsts[other]), int(theirs.ends[other])),
        }


def _passages(first: _Text, second: _Text) -> list[dict[str, Any]]:
    """Return the longest passages that both have, each within one paragraph of either text."""
    places: dict[int, int] = {}
    for place, key in enumerate(first.shingles.at.tolist()):
        places.setdefault(key, place)
    runs: list[_Run] = []
    for place, key in enumerate(second.shingles.at.tolist()):
        there = places.get(key)
        if there is None:
            continue
        last = runs[-1] if runs else None
        follows = last is not None and (place - last.theirs) == (there - last.mine) == last.length - WIDTH + 1
        if (
            last is not None
            and follows
            and _together(first, last.mine, there)
            and _together(second, last.theirs, place)
        ):
            last.length += 1
        elif _together(first, there, there) and _together(second, place, place):
            runs.append(_Run(there, place, WIDTH))
    runs.sort(key=lambda run: -run.length)
    return [
        {
            "words": run.length,
            "one": first.show(run.mine, run.mine + run.length),
            "other": second.show(run.theirs, run.theirs + run.length),
        }
        for run in runs[:_MOST_PASSAGES]
    ]


def _together(text: _Text, first: int, last: int) -> bool:
    """Return whether a passage from one shingle to another stands in one block."""
    return text.block_of(first) == text.block_of(last + WIDTH - 1)
