"""Stories whose window has passed, until it is said that they are closed."""

from __future__ import annotations

import heapq


class Expiry:
    """The stories that are due to be closed, those first in which nothing has happened for longest, then by id.

    What is due follows from the stage's state: a story that has members of which none is in the window any more, and that has no mark of
    being closed.
    """

    def __init__(self) -> None:
        self._due: dict[str, int] = {}
        # With entries of stories that are no longer due, or were due before.
        self._queue: list[tuple[int, str]] = []

    def __contains__(self, story_id: str) -> bool:
        return story_id in self._due

    def add(self, story_id: str, step: int) -> None:
        """Note a story that is due; `step` is that of its last change."""
        self._due[story_id] = step
        heapq.heappush(self._queue, (step, story_id))

    def discard(self, story_id: str) -> None:
        """Forget a story that is due no more, or never was."""
        self._due.pop(story_id, None)

    def first(self) -> str | None:
        """Return the story whose turn it is; None when none is due."""
        while self._queue:
            step, story_id = self._queue[0]
            if self._due.get(story_id) == step:
                return story_id
            heapq.heappop(self._queue)
        return None
