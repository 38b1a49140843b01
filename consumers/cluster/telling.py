"""The next version of a story."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from consumers.cluster.entities import of_story
from consumers.cluster.events import Change
from consumers.cluster.keywords import holding
from consumers.cluster.memory import Memory
from consumers.cluster.reading import Reading
from consumers.cluster.record import Told
from newswire.state.contract import State

_MOST_APART: Final = 16


def tell(story: Told, reading: Reading, memory: Memory, state: State) -> Told:
    """Write the next version of a story, after an article that joined it or changed."""
    members = memory.members(story.story_id, state)
    now = replace(
        story,
        version=story.version + 1,
        step=memory.clock.step,
        keywords=holding(story, reading.terms, members, memory),
        entities=of_story(story.entities, reading.entities, members),
    )
    memory.save_story(now, state)
    return now


def merge(one: Told, other: Told, reading: Reading, memory: Memory, state: State) -> list[Change]:
    """Make one story of two: the larger one keeps its id, of equally large ones that with the earlier first member, then the smaller id."""

    def rank(story: Told) -> tuple[int, int, str]:
        first = min(placed.time_ms for placed in memory.members(story.story_id, state))
        return -memory.size(story.story_id), first, story.story_id

    kept, gone = sorted((one, other), key=rank)
    place = kept.places
    for placed in memory.members(gone.story_id, state):
        place += 1
        memory.move(placed, replace(placed, story_id=kept.story_id, place=place), state)
    apart = {*kept.apart, *gone.apart} - {kept.story_id, gone.story_id}
    known = replace(
        kept,
        places=place,
        keywords=(*kept.keywords, *gone.keywords),
        entities=(*kept.entities, *gone.entities),
        apart=tuple(sorted(apart))[:_MOST_APART],
    )
    merged = tell(known, reading, memory, state)
    emptied = tell(gone, reading, memory, state)
    return [
        Change("merged", merged, gone.story_id),
        Change("closed", emptied, kept.story_id, "merged"),
    ]
