"""The stage's index in memory, derived from its state: clock, sources, members of stories, and who holds which term."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from consumers import packing
from consumers.clock import STEPS_A_DAY, STEPS_AN_HOUR, Clock
from consumers.cluster import forgotten
from consumers.cluster.carriers import Carriers
from consumers.cluster.expiry import Expiry
from consumers.cluster.index import Index
from consumers.cluster.record import ARTICLE, CLOSED, STORY, Placed, Told, changed_in
from consumers.cluster.rules import Rules
from consumers.cluster.translations import Translations
from newswire.state.contract import State

_SOURCE: Final = "s"
_MOST_READ: Final = 4096


@dataclass(slots=True)
class Memory:
    """Everything here follows from the state; `build` makes it anew."""

    rules: Rules
    """Windows."""
    clock: Clock
    """The stage's time."""
    index: Index
    """Articles in the window, and their terms."""
    carriers: Carriers
    """Copies of the articles."""
    articles: Counter[str] = field(default_factory=Counter)
    """Language -> articles in the window."""
    story_of: dict[str, str] = field(default_factory=dict)
    """Article in the window -> its story."""
    translations: Translations = field(default_factory=Translations)
    """What articles name as themselves in other languages."""
    _expiry: Expiry = field(default_factory=Expiry)
    _languages: dict[str, str] = field(default_factory=dict)
    _members: dict[str, list[str]] = field(default_factory=dict)
    _sources: dict[int, str] = field(default_factory=dict)  # in the order of the numbers
    _source_numbers: dict[str, int] = field(default_factory=dict)
    _steps: dict[str, int] = field(default_factory=dict)
    _by_step: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def build(cls, rules: Rules, state: State) -> Memory:
        """Return the index of a state."""
        memory = cls(
            rules,
            Clock(state),
            Index(rules.terms),
            Carriers.build(rules, state),
            translations=Translations.build(state),
        )
        sources = {int(key[len(_SOURCE) :]): value for key, value in state.scan(_SOURCE)}
        for number in sorted(sources):  # beyond a million of them, that is not the order of the keys
            memory._add_source(number, sources[number].decode())
        places: list[tuple[str, int, str]] = []
        for key, value in state.scan(ARTICLE):
            placed = Placed.unpack(packing.long(key[len(ARTICLE) :]), value)
            places.append((placed.story_id, placed.place, placed.article_id))
            if placed.step > memory._oldest():
                memory._enter(placed)
        for story_id, _, article_id in sorted(places):
            memory._members.setdefault(story_id, []).append(article_id)
        closed = {key[len(CLOSED) :] for key, _ in state.scan(CLOSED)}
        for key, value in state.scan(STORY):
            short = key[len(STORY) :]
            if short not in closed and memory._expired(story_id := packing.long(short)):
                memory._expiry.add(story_id, changed_in(value))
        return memory

    def advance(self, now_ms: int, state: State) -> None:
        """Move the clock and forget what has become too old."""
        sweeps = self.clock.advance(now_ms, state)
        if sweeps is None:
            return
        for step in sorted(step for step in self._by_step if step <= self._oldest()):
            for article_id in sorted(self._by_step[step]):
                story_id = self.story_of[article_id]
                self._leave(article_id)
                if self._expired(story_id) and (story := self.story(story_id, state)):
                    self._expiry.add(story_id, story.step)
        for first in sweeps:
            self._sweep(first, state)

    def story(self, story_id: str, state: State) -> Told | None:
        """Return a story, or None."""
        short = packing.short(story_id)
        if (value := state.get(STORY + short)) is None:
            return None
        story = Told.unpack(story_id, value)
        # That it was closed is a mark beside it, and the change is counted here: few bytes, since every story is closed some day.
        return story if state.get(CLOSED + short) is None else replace(story, version=story.version + 1)

    def article(self, article_id: str, state: State) -> Placed | None:
        """Return an article, or None."""
        value = state.get(ARTICLE + packing.short(article_id))
        return None if value is None else _unpacked(article_id, value)

    def members(self, story_id: str, state: State) -> list[Placed]:
        """Return a story's articles in the order in which they joined."""
        found = [self.article(article_id, state) for article_id in self._members.get(story_id, ())]
        return [placed for placed in found if placed is not None]

    def in_window(self, story_id: str) -> list[str]:
        """Return a story's articles in the window, in the order in which they joined."""
        return [article_id for article_id in self._members.get(story_id, ()) if article_id in self.index]

    def size(self, story_id: str) -> int:
        """Return how many articles a story has."""
        return len(self._members.get(story_id, ()))

    def copies(self, story_id: str) -> int:
        """Return how many copies of a story's articles are remembered."""
        return self.carriers.count(self._members.get(story_id, ()))

    def save_story(self, story: Told, state: State) -> None:
        """Write a story that has changed; one that was closed is open again."""
        short = packing.short(story.story_id)
        state.put(STORY + short, story.pack())
        state.delete(CLOSED + short)
        self._expiry.discard(story.story_id)
        if self._expired(story.story_id):
            self._expiry.add(story.story_id, story.step)

    def goes_on(self, full: str, in_story: str, state: State) -> None:
        """Note which story takes articles in place of one that is full; of that itself nothing is told anew."""
        if story := self.story(full, state):
            state.put(STORY + packing.short(full), replace(story, goes_on=in_story).pack())

    def next_due(self, state: State) -> Told | None:
        """Return the story whose turn it is to be closed: none of its members is in the window any more. None when there is none."""
        story_id = self._expiry.first()
        return None if story_id is None else self.story(story_id, state)

    def close(self, story: Told, state: State) -> Told:
        """Note that it was said that a story is closed; return it as it is then."""
        state.put(CLOSED + packing.short(story.story_id), b"\x01")
        self._expiry.discard(story.story_id)
        return replace(story, version=story.version + 1)

    def is_closed(self, story_id: str, state: State) -> bool:
        """Return whether it was said that a story is closed."""
        return state.get(CLOSED + packing.short(story_id)) is not None

    def forget_story(self, story_id: str, state: State) -> None:
        """Delete a story of which no member is left."""
        short = packing.short(story_id)
        state.delete(STORY + short)
        state.delete(CLOSED + short)
        self._expiry.discard(story_id)

    def all_articles(self, state: State) -> list[Placed]:
        """Return every article that is remembered, in the order of the ids."""
        ids = sorted(id_ for members in self._members.values() for id_ in members)
        return [placed for id_ in ids if (placed := self.article(id_, state)) is not None]

    def sources_of(self, wanted: Callable[[str], bool]) -> set[int]:
        """Return the numbers of the sources whose names are wanted."""
        return {number for number, name in self._sources.items() if wanted(name)}

    def save(self, placed: Placed, state: State) -> None:
        """Write an article that is new or has another content, and keep the index in step."""
        self._leave(placed.article_id)
        state.put(ARTICLE + packing.short(placed.article_id), placed.pack())
        members = self._members.setdefault(placed.story_id, [])
        if placed.article_id not in members[-1:] and placed.article_id not in members:
            members.append(placed.article_id)
        self._enter(placed)

    def move(self, before: Placed, after: Placed, state: State) -> None:
        """Put an article into another story, with the time of last sight that it had."""
        state.put(ARTICLE + packing.short(after.article_id), after.pack())
        self._part(before)
        self._members.setdefault(after.story_id, []).append(after.article_id)
        if after.article_id in self.index:
            self.story_of[after.article_id] = after.story_id

    def remove(self, placed: Placed, state: State) -> None:
        """Take an article out of its story. What is known of its copies and other languages stays: see `forget`."""
        self._leave(placed.article_id)
        state.delete(ARTICLE + packing.short(placed.article_id))
        self._part(placed)

    def forget(self, placed: Placed, state: State) -> None:
        """Take an article out of its story and forget it, with its copies and what it names."""
        self.remove(placed, state)
        self.translations.forget(placed.article_id, state)
        self.carriers.forget(placed.article_id, state)

    def source(self, name: str, state: State) -> int:
        """Return the number of a source; a new one is written to the state."""
        number = self._source_numbers.get(name)
        if number is None:
            number = next(reversed(self._sources), -1) + 1
            self._add_source(number, name)
            state.put(f"{_SOURCE}{number:06d}", name.encode())
        return number

    def source_name(self, number: int) -> str:
        """Return the name of a source."""
        return self._sources[number]

    def _expired(self, story_id: str) -> bool:
        members = self._members.get(story_id, ())
        return bool(members) and not any(article_id in self.index for article_id in members)

    def _oldest(self) -> int:
        return self.clock.step - self.rules.window_hours * STEPS_AN_HOUR

    def _add_source(self, number: int, name: str) -> None:
        self._sources[number] = name
        self._source_numbers[name] = number

    def _enter(self, placed: Placed) -> None:
        self.index.add(placed.article_id, placed.vector, placed.time_ms)
        self.story_of[placed.article_id] = placed.story_id
        self.articles[placed.language] += 1
        self._steps[placed.article_id] = placed.step
        self._languages[placed.article_id] = placed.language
        self._by_step.setdefault(placed.step, set()).add(placed.article_id)

    def _leave(self, article_id: str) -> None:
        if article_id not in self.index:
            return
        self.index.drop(article_id)
        del self.story_of[article_id]
        self.articles[self._languages.pop(article_id)] -= 1
        step = self._steps.pop(article_id)
        same_step = self._by_step[step]
        same_step.discard(article_id)
        if not same_step:
            del self._by_step[step]

    def _part(self, placed: Placed) -> None:
        members = self._members[placed.story_id]
        members.remove(placed.article_id)
        if not members:
            del self._members[placed.story_id]

    def _sweep(self, first: str, state: State) -> None:
        """Delete the stories of one of 64 slices of the state in which nothing has happened for long, with their members.

        Those of which it is still to be said that they are closed have to wait for the slice's next turn.
        """
        oldest = self.clock.step - self.rules.memory_days * STEPS_A_DAY
        old = [
            packing.long(key[len(STORY) :])
            for key, value in state.scan(STORY + first)
            if changed_in(value) < oldest
        ]
        for story_id in old:
            if story_id in self._expiry:
                continue
            for placed in self.members(story_id, state):
                self.forget(placed, state)
                forgotten.note(placed.article_id, story_id, self.clock.step, state)
            self.forget_story(story_id, state)
        forgotten.sweep(first, self.clock.step - self.rules.withdrawable_days * STEPS_A_DAY, state)


@functools.lru_cache(maxsize=_MOST_READ)
def _unpacked(article_id: str, value: bytes) -> Placed:
    """Return what was packed; members of large stories are read with each of their events."""
    return Placed.unpack(article_id, value)
