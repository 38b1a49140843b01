"""The stage: which articles tell of the same event."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from consumers.cluster import forgotten, purging
from consumers.cluster.assign import belongs
from consumers.cluster.carrying import carry, told_again
from consumers.cluster.closing import close_due
from consumers.cluster.events import Cause, Change, source_name, story_event
from consumers.cluster.memory import Memory
from consumers.cluster.merging import same_event
from consumers.cluster.placing import likeliest
from consumers.cluster.reading import NOTHING, Reading, read
from consumers.cluster.record import Placed, Told
from consumers.cluster.rules import Rules
from consumers.cluster.telling import merge, tell
from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.article.model import Article
from schemas.carried.model import Carried
from schemas.core.lineage import Lineage
from schemas.ids import story_id
from schemas.purge.model import Purge
from schemas.tick.model import Tick

_FIRST_RULES: Final = Rules()


class Cluster:
    """Reads `article`, and beside it `carried`, `tick` and `purge`; writes `story`.

    Every article that joins no story begins one of its own, so that a story has its id from its first article on; a story that several
    sources tell has a `source_count` of 2 or more. Stories that turn out to tell of one event become one; a member whose revision tells of
    something else leaves. A story that has taken no article for as long as its window lasts is closed. Stories do not cross languages.
    """

    name = "cluster"
    rule_version = "3"
    rules = _FIRST_RULES

    def __init__(self) -> None:
        self._build = functools.partial(Memory.build, self.rules)

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the story events that follow from one article, copy, tick or purge, and those of stories whose window has passed."""
        if event.name not in ("article", "carried", "tick", "purge"):
            return []
        memory = state.view(self._build)
        if event.name == "purge":
            emits = self._purge(Purge.from_data(event.data), event, memory, state)
        elif event.name == "tick":
            memory.advance(round(Tick.from_data(event.data).at.timestamp() * 1000), state)
            emits = []
        elif event.name == "carried":
            emits = self._carry(Carried.from_data(event.data), event, memory, state)
        else:
            emits = self._take(Article.from_data(event.data), event, memory, state)
        return emits + close_due(self._caused_by(event), memory, state)

    def _take(self, article: Article, event: Event, memory: Memory, state: State) -> list[Emit]:
        memory.advance(event.timestamp_ms, state)
        before = memory.article(article.article_id, state)
        if article.revision.change == "withdrawn":
            changes = [] if before is None else [self._shrink(before, memory, state)]
        elif before is None:
            changes = self._place(article, memory, state)
            memory.translations.note(article, state)
        elif article.revision.number > before.revision:
            changes = self._update(article, before, memory, state)
            # Behind it: what leaves a story is forgotten, with the versions that it names.
            memory.translations.note(article, state)
        else:
            changes = []  # a redelivery
        gone = self._gone(article, memory, state)
        if changes and changes[0].kind == "closed" and article.revision.purge is not None:
            return [purging.deleted(changes[0].story.story_id, memory, state), *gone]
        lineage = article.lineage.then(event.used_by(self.name, self.rule_version))
        cause = Cause(article.article_id, article.headline, lineage)
        return [*(story_event(cause, change, memory, state) for change in changes), *gone]

    def _gone(self, article: Article, memory: Memory, state: State) -> list[Emit]:
        """Delete the record of a forgotten story when one of its articles is withdrawn: who else was in it is not known any more."""
        if article.revision.change != "withdrawn":
            return []
        story_id = forgotten.take(article.article_id, state)
        if story_id is None or memory.story(story_id, state) is not None:
            return []
        return [Emit("story", story_id, None)]

    def _carry(self, told: Carried, event: Event, memory: Memory, state: State) -> list[Emit]:
        memory.advance(event.timestamp_ms, state)
        lineage = told.lineage.then(event.used_by(self.name, self.rule_version))
        cause = Cause(told.article_id, "", lineage)
        return [story_event(cause, change, memory, state) for change in carry(told, memory, state)]

    def _purge(self, purge: Purge, event: Event, memory: Memory, state: State) -> list[Emit]:
        if purge.lift:
            return []
        lineage = self._caused_by(event)

        def retell(article_id: str, story: Told, *, left: bool) -> Emit:
            change = (
                Change("shrunk", tell(story, NOTHING, memory, state))
                if left
                else Change("updated", told_again(story.story_id, memory, state), carriers="fewer")
            )
            return story_event(Cause(article_id, "", lineage), change, memory, state)

        return purging.purge(purge, memory, state, retell)

    def _caused_by(self, event: Event) -> Lineage:
        activity = event.used_by(self.name, self.rule_version)
        return Lineage(was_derived_from=event.ref, was_generated_by=(activity,))

    def remembers(self, purge: Purge, state: State) -> list[str]:
        """Return the articles of a purge that are still members of stories, or known to be copies of members."""
        memory = state.view(self._build)
        members = [placed.article_id for placed in purging.matching(purge, memory, state)]
        return members + [held.copy_id for held in purging.carried(purge, memory)]

    def _place(self, article: Article, memory: Memory, state: State) -> list[Change]:
        """Put a new article into the likeliest story, or begin one; then see whether two stories have turned out to be one."""
        reading = read(article, memory)
        source = memory.source(source_name(article.source), state)
        chosen, apart, full = likeliest(article, reading, source, memory, state)
        found = chosen.story_id if chosen else _own_story(article, memory, state)
        before = memory.story(found, state) or _begun(found, reading.language)
        story = before if chosen else replace(before, apart=apart, goes_on="")
        placed = reading.placed(article, found, story.places + 1, memory.clock.step, source)
        placed = replace(placed, score=round(chosen.score * 10_000) if chosen else 10_000)
        memory.save(placed, state)
        story = tell(replace(story, places=placed.place), reading, memory, state)
        if chosen is None:
            if full:
                memory.goes_on(full, story.story_id, state)
            return [Change("created", story, full)]  # it becomes part of no other: nobody was told of it yet
        return self._merged(Change("grown", story), article, reading, memory, state)

    def _merged(
        self, change: Change, article: Article, reading: Reading, memory: Memory, state: State
    ) -> list[Change]:
        """Return the change of a story by an article, or those of it and another that the article shows to be one."""
        if article.notice_of:  # the notices of a house have the same words: they make no two stories one
            return [change]
        other = same_event(change.story, reading.vector, reading.time_ms, memory, state)
        if other is None:
            return [change]
        untold = replace(change.story, version=change.story.version - 1)  # one record tells of both changes
        return merge(untold, other, reading, memory, state)

    def _update(self, article: Article, before: Placed, memory: Memory, state: State) -> list[Change]:
        """Note a member's revision; one that tells of something else, or in another language, leaves its story."""
        reading = read(article, memory)
        placed = reading.placed(article, before.story_id, before.place, memory.clock.step, before.source)
        placed = replace(
            placed,
            score=before.score,
            time_ms=before.time_ms,
            published_ms=before.published_ms if placed.published_ms is None else placed.published_ms,
        )
        if memory.size(before.story_id) > 1 and not self._stays(article, placed, before, memory):
            return self._leave(article, placed, reading, memory, state)
        memory.save(placed, state)
        known = replace(_known(placed, memory, state), language=placed.language)
        change = Change("updated", tell(known, reading, memory, state))
        return self._merged(change, article, reading, memory, state)

    def _stays(self, article: Article, placed: Placed, before: Placed, memory: Memory) -> bool:
        """Whether a revised article is still of its story, as far as the members in the window tell; what a notice says does not."""
        if placed.language != before.language:
            return False
        # What has hardly a word tells of nothing else either.
        if article.notice_of or not len(placed.vector.keys):
            return True
        others = [id_ for id_ in memory.in_window(placed.story_id) if id_ != placed.article_id]
        logit = belongs(placed.vector, placed.time_ms, others, memory) if others else None
        return logit is None or logit >= self.rules.leaves_below

    def _leave(
        self, article: Article, placed: Placed, reading: Reading, memory: Memory, state: State
    ) -> list[Change]:
        """Let an article begin a story of its own."""
        left = _known(placed, memory, state)
        memory.remove(placed, state)
        # Its own id may be that of the story it leaves.
        of_revision = f"{article.article_id}/{article.revision.number}"
        begun = replace(_begun(story_id(of_revision), reading.language), apart=(left.story_id,), places=1)
        memory.save(replace(placed, story_id=begun.story_id, place=1, score=10_000), state)
        remaining = tell(left, NOTHING, memory, state)
        return [
            Change("split", remaining, begun.story_id),
            Change("created", tell(begun, reading, memory, state), left.story_id),
        ]

    def _shrink(self, before: Placed, memory: Memory, state: State) -> Change:
        """Take a withdrawn member out."""
        memory.forget(before, state)
        story = tell(_known(before, memory, state), NOTHING, memory, state)
        return (
            Change("shrunk", story) if memory.size(story.story_id) else Change("closed", story, None, "empty")
        )


def _own_story(article: Article, memory: Memory, state: State) -> str:
    """Return the id of a story that an article begins: it follows from the article's, and stays its own.

    Where that story goes on without the article, or may have been forgotten by now, it follows from the capture: subscribers would take
    its first versions for old ones.
    """
    own = story_id(article.article_id)
    taken = article.revision.number > 1 if memory.story(own, state) is None else memory.size(own) > 0
    raw = article.lineage.was_derived_from
    return story_id(f"{article.article_id}/{raw.topic}/{raw.partition}/{raw.offset}") if taken else own


def _begun(begun: str, language: str) -> Told:
    return Told(begun, version=0, places=0, step=0, language=language, keywords=())


def _known(placed: Placed, memory: Memory, state: State) -> Told:
    story = memory.story(placed.story_id, state)
    assert story is not None, "a story is forgotten together with its members"
    return story
