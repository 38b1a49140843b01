"""The end of stories: time has passed their window."""

from __future__ import annotations

from consumers.cluster.events import Cause, Change, story_event
from consumers.cluster.memory import Memory
from newswire.event import Emit
from newswire.state.contract import State
from schemas.core.lineage import Lineage


def close_due(lineage: Lineage, memory: Memory, state: State) -> list[Emit]:
    """Return the `closed` events of stories that take no more articles, members kept; the rest waits for the next record.

    After a gap in time any number of stories may be due at once: one record closes `most_closed`, and no more when these have as many
    members as one event lists.
    """
    rules = memory.rules
    emits: list[Emit] = []
    told = 0
    while len(emits) < rules.most_closed and told < rules.most_members:
        story = memory.next_due(state)
        if story is None:
            break
        members = memory.members(story.story_id, state)
        told += len(members)
        cause = Cause(members[-1].article_id, "", lineage)
        emit = story_event(
            cause, Change("closed", memory.close(story, state), reason="window"), memory, state
        )
        emits.append(Emit(emit.event, emit.key, emit.data))  # partitioned as what brought the time, if at all
    return emits
