"""Purges: members and copies of members that must be forgotten. Their stories are told again without them, or deleted when nobody is left.

Most leave by what deduplicate publishes: withdrawals of members, ends of copies. Here go those that it has forgotten by then, and the
stories on the topic that this stage has forgotten itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from consumers import packing, purges
from consumers.cluster.carriers import Held
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told, kept_name
from newswire.event import Emit
from newswire.state.contract import State
from schemas.purge.model import Purge, folded


class Retell(Protocol):
    """Makes the event of a story that a member has left, or only a copy of one."""

    def __call__(self, article_id: str, story: Told, *, left: bool) -> Emit:
        """Return the event; `left` tells whether it was a member."""
        ...


def purge(purge: Purge, memory: Memory, state: State, retell: Retell) -> list[Emit]:
    """Take members and copies out of their stories, at most `purges.MOST`, and return what subscribers are told."""
    left: dict[str, str] = {}
    for placed in islice(matching(purge, memory, state), purges.MOST):
        memory.forget(placed, state)
        left[placed.story_id] = placed.article_id
    emits = []
    for story_id, article_id in sorted((left | _without_copies(purge, memory, state)).items()):
        story = memory.story(story_id, state)
        if story is not None and memory.size(story_id):
            emits.append(retell(left.get(story_id, article_id), story, left=story_id in left))
        else:
            emits.append(deleted(story_id, memory, state))
    told = {emit.key for emit in emits}
    forgotten = (story_id for story_id in purge.story_ids if story_id not in told)
    emits += [
        Emit("story", story_id, None) for story_id in forgotten if memory.story(story_id, state) is None
    ]
    return emits


def deleted(story_id: str, memory: Memory, state: State) -> Emit:
    """Forget a story of which nothing may stay: its headline was that of what was purged."""
    memory.forget_story(story_id, state)
    return Emit("story", story_id, None)


def matching(purge: Purge, memory: Memory, state: State) -> list[Placed]:
    """Return the members that a purge names, in the order of their ids."""
    if purge.kind == "publisher":
        numbers = _numbers(purge, memory)
        return [placed for placed in memory.all_articles(state) if placed.source in numbers]
    return [placed for id_ in _ids(purge) if (placed := memory.article(id_, state)) is not None]


def carried(purge: Purge, memory: Memory) -> Iterator[Held]:
    """Yield the copies of members that a purge names, in the order of the ids of their originals."""
    if purge.kind == "publisher":
        numbers = _numbers(purge, memory)
        return memory.carriers.matching(lambda carrier: carrier.source in numbers)
    ids = {packing.raw(id_) for id_ in _ids(purge)}
    return memory.carriers.matching(lambda carrier: carrier.copy in ids)


def _without_copies(purge: Purge, memory: Memory, state: State) -> dict[str, str]:
    """Forget copies; return the stories that had them, with one of them for each."""
    stories = {}
    for held in list(islice(carried(purge, memory), purges.MOST)):
        memory.carriers.drop(held.original_id, packing.raw(held.copy_id), state)
        placed = memory.article(held.original_id, state)
        if placed is not None:
            stories[placed.story_id] = held.copy_id
    return stories


def _numbers(purge: Purge, memory: Memory) -> set[int]:
    gone = folded(kept_name(purge.name))
    return memory.sources_of(lambda name: folded(name) == gone)


def _ids(purge: Purge) -> list[str]:
    return sorted({*purge.article_ids, *((purge.name,) if purge.kind == "article" else ())})
