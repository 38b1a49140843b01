"""Stories that the stage has forgotten: which one an article was in, so that its withdrawal still reaches the record of it on the topic."""

from __future__ import annotations

from typing import Final

from consumers import packing
from newswire.state.contract import State

PREFIX: Final = "m"
"""State keys begin with this; the article's id follows."""
_ID: Final = 16


def note(article_id: str, story_id: str, step: int, state: State) -> None:
    """Remember of an article that is forgotten which story it was in; `step` is that of the stage's clock."""
    state.put(PREFIX + packing.short(article_id), packing.raw(story_id) + packing.number(step))


def take(article_id: str, state: State) -> str | None:
    """Return the forgotten story that an article was in, and forget that too; None where there is none."""
    key = PREFIX + packing.short(article_id)
    value = state.get(key)
    state.delete(key)
    return None if value is None else packing.long_raw(value[:_ID])


def sweep(first: str, oldest: int, state: State) -> None:
    """Delete what was noted before the step `oldest`, in one of the slices of the state."""
    old = [key for key, value in state.scan(PREFIX + first) if packing.Reader(value[_ID:]).number() < oldest]
    for key in old:
        state.delete(key)
