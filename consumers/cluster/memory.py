"""The stage's index in memory, derived from its state: clock, sources, members of stories, and who holds which term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from consumers import packing
from consumers.clock import STEPS_A_DAY, STEPS_AN_HOUR, Clock
from consumers.cluster.record import ARTICLE, STORY, Placed, Told
from consumers.cluster.rules import Rules
from newswire.state.contract import State

_SOURCE: Final = "s"


@dataclass(slots=True)
class Memory:
    """Everything here follows from the state; `build` makes it anew."""

    rules: Rules
    """Windows."""
    clock: Clock
    """The stage's time."""
    recent: dict[str, Placed] = field(default_factory=dict)
    """Articles in the window, by id."""
    holders: dict[int, dict[str, int]] = field(default_factory=dict)
    """Term -> articles in the window and the term's weight there."""
    articles: Counter[str] = field(default_factory=Counter)
    """Language -> articles in the window."""
    members_in_window: Counter[str] = field(default_factory=Counter)
    """Story -> its articles in the window."""
    _members: dict[str, dict[int, str]] = field(default_factory=dict)
    _sources: list[str] = field(default_factory=list)
    _source_numbers: dict[str, int] = field(default_factory=dict)
    _by_step: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def build(cls, rules: Rules, state: State) -> Memory:
        """Return the index of a state."""
        memory = cls(rules, Clock(state))
        for _, value in state.scan(_SOURCE):
            memory._add_source(value.decode())
        for key, value in state.scan(ARTICLE):
            placed = Placed.unpack(packing.long(key[len(ARTICLE) :]), value)
            memory._join(placed)
            if placed.step > memory._oldest():
                memory._enter(placed)
        return memory

    def advance(self, now_ms: int, state: State) -> None:
        """Move the clock and forget what has become too old."""
        sweeps = self.clock.advance(now_ms, state)
        if sweeps is None:
            return
        for step in sorted(step for step in self._by_step if step <= self._oldest()):
            for article_id in sorted(self._by_step[step]):
                self._leave(article_id)
        for first in sweeps:
            self._sweep(first, state)

    def story(self, story_id: str, state: State) -> Told | None:
        """Return a story, or None."""
        value = state.get(STORY + packing.short(story_id))
        return None if value is None else Told.unpack(story_id, value)

    def article(self, article_id: str, state: State) -> Placed | None:
        """Return an article, or None."""
        if article_id in self.recent:
            return self.recent[article_id]
        value = state.get(ARTICLE + packing.short(article_id))
        return None if value is None else Placed.unpack(article_id, value)

    def members(self, story_id: str, state: State) -> list[Placed]:
        """Return a story's articles in the order in which they joined."""
        found = [
            self.article(article_id, state)
            for _, article_id in sorted(self._members.get(story_id, {}).items())
        ]
        return [placed for placed in found if placed is not None]

    def has_members(self, story_id: str) -> bool:
        """Return whether a story has any article left."""
        return story_id in self._members

    def save_story(self, story: Told, state: State) -> None:
        """Write a story."""
        state.put(STORY + packing.short(story.story_id), story.pack())

    def forget_story(self, story_id: str, state: State) -> None:
        """Delete a story that has no members."""
        state.delete(STORY + packing.short(story_id))

    def all_articles(self, state: State) -> list[Placed]:
        """Return every article that is remembered, in the order of the ids."""
        ids = sorted(id_ for members in self._members.values() for id_ in members.values())
        return [placed for id_ in ids if (placed := self.article(id_, state)) is not None]

    def sources_of(self, wanted: Callable[[str], bool]) -> set[int]:
        """Return the numbers of the sources whose names are wanted."""
        return {number for number, name in enumerate(self._sources) if wanted(name)}

    def save(self, placed: Placed, state: State) -> None:
        """Write an article and keep the index in step."""
        self._leave(placed.article_id)
        state.put(ARTICLE + packing.short(placed.article_id), placed.pack())
        self._join(placed)
        self._enter(placed)

    def remove(self, placed: Placed, state: State) -> None:
        """Take an article out of its story and forget it."""
        self._leave(placed.article_id)
        state.delete(ARTICLE + packing.short(placed.article_id))
        members = self._members[placed.story_id]
        del members[placed.place]
        if not members:
            del self._members[placed.story_id]

    def source(self, name: str, state: State) -> int:
        """Return the number of a source; a new one is written to the state."""
        number = self._source_numbers.get(name)
        if number is None:
            number = self._add_source(name)
            state.put(f"{_SOURCE}{number:06d}", name.encode())
        return number

    def source_name(self, number: int) -> str:
        """Return the name of a source."""
        return self._sources[number]

    def _oldest(self) -> int:
        return self.clock.step - self.rules.window_hours * STEPS_AN_HOUR

    def _add_source(self, name: str) -> int:
        self._sources.append(name)
        self._source_numbers[name] = len(self._sources) - 1
        return len(self._sources) - 1

    def _join(self, placed: Placed) -> None:
        self._members.setdefault(placed.story_id, {})[placed.place] = placed.article_id

    def _enter(self, placed: Placed) -> None:
        self.recent[placed.article_id] = placed
        self.articles[placed.language] += 1
        self.members_in_window[placed.story_id] += 1
        self._by_step.setdefault(placed.step, set()).add(placed.article_id)
        for term, weight in placed.vector.weights.items():
            self.holders.setdefault(term, {})[placed.article_id] = weight

    def _leave(self, article_id: str) -> None:
        placed = self.recent.pop(article_id, None)
        if placed is None:
            return
        self.articles[placed.language] -= 1
        self.members_in_window[placed.story_id] -= 1
        if not self.members_in_window[placed.story_id]:
            del self.members_in_window[placed.story_id]
        same_step = self._by_step[placed.step]
        same_step.discard(article_id)
        if not same_step:
            del self._by_step[placed.step]
        for term in placed.vector.weights:
            held = self.holders[term]
            del held[article_id]
            if not held:
                del self.holders[term]

    def _sweep(self, first: str, state: State) -> None:
        """Delete the stories of one of 64 slices of the state in which nothing has happened for long, with their members."""
        oldest = self.clock.step - self.rules.memory_days * STEPS_A_DAY
        old = [
            packing.long(key[len(STORY) :])
            for key, value in state.scan(STORY + first)
            if Told.unpack("", value).step < oldest
        ]
        for story_id in old:
            for placed in self.members(story_id, state):
                self.remove(placed, state)
            state.delete(STORY + packing.short(story_id))
