"""What a story learns of copies: an outlet carries one of its members without a change, or no longer does."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from consumers import packing
from consumers.cluster.carriers import Carrier
from consumers.cluster.events import Change, source_name
from consumers.cluster.memory import Memory
from consumers.cluster.reading import time_of
from consumers.cluster.record import Placed, Told, kept_agency
from consumers.cluster.syndication import outlets, texts
from newswire.state.contract import State
from schemas.carried.model import Carried

_WHOLE: Final = ("exact", "near")


def carry(told: Carried, memory: Memory, state: State) -> list[Change]:
    """Note a copy of a member, or that it is none any more; return the change of the story.

    None where its readers need not be told: where the outlet was known to carry it, where nobody knows the original (any more), and of
    what comes after the story was closed.
    """
    placed = memory.article(told.original_id, state)
    if placed is None:
        return []
    before = outlets(texts([placed], memory))
    _note(told, placed, memory, state)
    after = outlets(texts([placed], memory))
    if before == after:
        return []
    members = memory.members(placed.story_id, state)
    others = outlets(texts([member for member in members if member.article_id != placed.article_id], memory))
    if before | others == after | others:
        return []
    more = bool(after - before - others)
    if more and memory.is_closed(placed.story_id, state):
        return []
    story = told_again(placed.story_id, memory, state)
    return [Change("updated", story, carriers="more" if more else "fewer")]


def told_again(story_id: str, memory: Memory, state: State) -> Told:
    """Write the next version of a story whose members are as they were."""
    story = memory.story(story_id, state)
    assert story is not None, "a story is forgotten together with its members"
    now = replace(story, version=story.version + 1, step=memory.clock.step)
    memory.save_story(now, state)
    return now


def _note(told: Carried, placed: Placed, memory: Memory, state: State) -> None:
    copy = packing.raw(told.article_id)
    memory.carriers.drop(placed.article_id, copy, state)
    if told.carrier is None or memory.copies(placed.story_id) >= memory.rules.most_copies_of_story:
        return
    source = memory.source(source_name(told.carrier.source), state)
    if source == placed.source:
        return  # its own article once more
    carrier = Carrier(
        time_ms=round(time_of(told.carrier).timestamp()) * 1000,
        copy=copy,
        source=source,
        agency=kept_agency(told.carrier.agency),
        whole=told.carrier.verdict in _WHOLE,
        precedes=told.carrier.precedes_original is True,
    )
    memory.carriers.put(placed.article_id, carrier, state)
