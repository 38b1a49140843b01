"""The stage: which articles tell of the same event."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from consumers.cluster import assign, purging
from consumers.cluster.events import Cause, Change, source_name, story_event
from consumers.cluster.keywords import holding
from consumers.cluster.memory import Memory
from consumers.cluster.record import Placed, Told
from consumers.cluster.rules import Rules
from consumers.cluster.terms import NONE, Terms, weigh
from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.article.model import Article
from schemas.core.lineage import Lineage
from schemas.ids import story_id
from schemas.purge.model import Purge

_Told = tuple[Change, Told]
_FIRST_RULES: Final = Rules()
_MIDDAY: Final = timedelta(hours=12)


class Cluster:
    """Reads `article`; writes `story`.

    Every article that joins no story begins one of its own, so that a story has its id from its first article on; a story that several
    sources tell has a `source_count` of 2 or more. A member stays in its story through all its revisions. Stories do not cross languages.
    """

    name = "cluster"
    rule_version = "1"
    rules = _FIRST_RULES

    def __init__(self) -> None:
        self._build = functools.partial(Memory.build, self.rules)

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the story events that follow from one article or one purge; none when it changes no story."""
        if event.name not in ("article", "purge"):
            return []
        memory = state.view(self._build)
        if event.name == "purge":
            return self._purge(Purge.from_data(event.data), event, memory, state)
        article = Article.from_data(event.data)
        memory.advance(event.timestamp_ms, state)
        before = memory.article(article.article_id, state)
        if article.revision.change == "withdrawn":
            told = None if before is None else self._shrink(before, memory, state)
        elif before is None:
            told = self._place(article, memory, state)
        elif article.revision.number > before.revision:
            told = self._update(article, before, memory, state)
        else:
            told = None  # a redelivery
        if told is None:
            return []
        change, story = told
        if change == "closed" and article.revision.purge is not None:
            return [purging.deleted(story.story_id, memory, state)]
        lineage = article.lineage.then(event.used_by(self.name, self.rule_version))
        return [story_event(Cause(article.article_id, article.headline, lineage), told, memory, state)]

    def _purge(self, purge: Purge, event: Event, memory: Memory, state: State) -> list[Emit]:
        if purge.lift:
            return []
        activity = event.used_by(self.name, self.rule_version)
        lineage = Lineage(was_derived_from=event.ref, was_generated_by=(activity,))

        def retell(placed: Placed, story: Told) -> Emit:
            told: _Told = ("shrunk", self._changed(story, 0, NONE, memory, state))
            return story_event(Cause(placed.article_id, "", lineage), told, memory, state)

        return purging.purge(purge, memory, state, retell)

    def remembers(self, purge: Purge, state: State) -> list[str]:
        """Return the articles of a purge that are still members of stories."""
        memory = state.view(self._build)
        return [placed.article_id for placed in purging.matching(purge, memory, state)]

    def _place(self, article: Article, memory: Memory, state: State) -> _Told:
        """Put a new article into the most similar story, or begin one."""
        language = article.language.split("-")[0]
        terms = weigh(article, self.rules)
        vector = assign.vectorize(terms, language, memory)
        siblings = {
            near.article_id for near in article.related
        }  # of the same template: they tell of another day
        time = _time_of(article)
        chosen = assign.choose(vector, _ms(time), siblings, memory)
        found = chosen.story_id if chosen else story_id(article.article_id)
        before = memory.story(found, state)
        placed = Placed(
            article_id=article.article_id,
            story_id=found,
            place=before.places + 1 if before else 1,
            revision=article.revision.number,
            step=memory.clock.step,
            time_ms=_ms(time),
            published_ms=_ms(article.published_at) if article.published_at else None,
            language=language,
            source=memory.source(source_name(article.source), state),
            score=round(min(chosen.score, 1.0) * 10_000) if chosen else 10_000,
            headline=article.headline,
            vector=vector,
        )
        memory.save(placed, state)
        story = before or Told(found, version=0, places=0, step=0, language=language, keywords=())
        return "grown" if chosen else "created", self._changed(story, placed.place, terms, memory, state)

    def _update(self, article: Article, before: Placed, memory: Memory, state: State) -> _Told:
        """Note a member's revision."""
        terms = weigh(article, self.rules)
        placed = replace(
            before,
            revision=article.revision.number,
            step=memory.clock.step,
            published_ms=_ms(article.published_at) if article.published_at else before.published_ms,
            headline=article.headline,
            vector=assign.vectorize(terms, before.language, memory),
        )
        memory.save(placed, state)
        return "updated", self._changed(_known(placed, memory, state), 0, terms, memory, state)

    def _shrink(self, before: Placed, memory: Memory, state: State) -> _Told:
        """Take a withdrawn member out."""
        memory.remove(before, state)
        story = self._changed(_known(before, memory, state), 0, NONE, memory, state)
        return "shrunk" if memory.has_members(story.story_id) else "closed", story

    def _changed(self, story: Told, place: int, terms: Terms, memory: Memory, state: State) -> Told:
        """Write the next version of a story."""
        now = replace(
            story,
            version=story.version + 1,
            places=max(story.places, place),
            step=memory.clock.step,
            keywords=holding(story, terms, memory, state),
        )
        memory.save_story(now, state)
        return now


def _known(placed: Placed, memory: Memory, state: State) -> Told:
    story = memory.story(placed.story_id, state)
    assert story is not None, "a story is forgotten together with its members"
    return story


def _time_of(article: Article) -> datetime:
    """Return when an article was published, as far as it can be compared: a day without a time counts as its midday, the future as now."""
    if article.published_at is None:
        return article.captured_at
    known_to = _MIDDAY if article.published_precision == "day" else timedelta(0)
    return min(article.published_at + known_to, article.captured_at)


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)
