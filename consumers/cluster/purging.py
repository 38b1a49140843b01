"""Purges: members that must be forgotten. Their stories are told again without them, or deleted when nobody is left.

Most members leave by the withdrawals that deduplicate publishes. Here go those that it has forgotten by then, and the stories on the topic
that this stage has forgotten itself.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from consumers import purges
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told, kept_name
from newswire.event import Emit
from newswire.state.contract import State
from schemas.purge.model import Purge, folded

Retell = Callable[[Placed, Told], Emit]
"""Makes the event of a story that a member has left."""


def purge(purge: Purge, memory: Memory, state: State, retell: Retell) -> list[Emit]:
    """Take members out of their stories, at most `purges.MOST`, and return what subscribers are told."""
    left: dict[str, Placed] = {}
    for placed in islice(matching(purge, memory, state), purges.MOST):
        memory.remove(placed, state)
        left[placed.story_id] = placed
    emits = []
    for story_id, placed in sorted(left.items()):
        story = memory.story(story_id, state)
        if story is not None and memory.size(story_id):
            emits.append(retell(placed, story))
        else:
            emits.append(deleted(story_id, memory, state))
    forgotten = (story_id for story_id in purge.story_ids if story_id not in left)
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
        gone = folded(kept_name(purge.name))
        numbers = memory.sources_of(lambda name: folded(name) == gone)
        return [placed for placed in memory.all_articles(state) if placed.source in numbers]
    ids = sorted({*purge.article_ids, *((purge.name,) if purge.kind == "article" else ())})
    return [placed for id_ in ids if (placed := memory.article(id_, state)) is not None]
