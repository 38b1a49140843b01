"""The stage: which captures are new, which are revisions, copies or withdrawals, and which must wait."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, Final

from consumers import purges
from consumers.deduplicate import aliases, carried, events, holding, identity, purging, remains
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.compare import compare
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.record import Status
from consumers.deduplicate.rules import Rules
from consumers.deduplicate.same_words import SameWords
from newswire.errors import Drop
from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.core.lineage import Activity, RecordRef
from schemas.normalized.model import Normalized
from schemas.purge.model import Purge
from schemas.tick.model import Tick

_FIRST_RULES: Final = Rules()


class Deduplicate:
    """Reads `normalized`, `tick` and `purge`; writes `unique`, `duplicate` and `held`, and `carried` beside `unique`.

    Every capture ends in one `unique` or `duplicate` event that carries its lineage, or in a `Drop`; one under embargo has a `held`
    event first, and its end when the embargo ends. Captures of one article are ordered by when they were made: one that is overtaken on
    the way by a later one is an older version, and changes nothing. Those of an agency's item are ordered by version (`versions`,
    `holding.take_version`). A copy of another article is told of behind that one as well (`carried`).
    """

    name = "deduplicate"
    rule_version = "2"
    rules = _FIRST_RULES

    def __init__(self) -> None:
        self._build = functools.partial(Memory.build, self.rules)

    def handle(self, event: Event, state: State) -> Iterable[Emit]:
        """Return the events that follow from one capture, one tick or one purge."""
        memory = state.view(self._build)
        if event.name == "tick":
            now_ms = round(Tick.from_data(event.data).at.timestamp() * 1000)
            copies = carried.originals(memory.waiting.due(now_ms), state)
            return carried.told(self._pass_time(now_ms, memory, state), copies)
        if event.name == "purge":
            return self._purge(Purge.from_data(event.data), event, memory, state)
        article = Normalized.from_data(event.data)
        purges.refuse(
            state, article.source, event.timestamp_ms, article_id=article.article_id, url=article.url
        )
        captured = Arrival(article, event.used_by(self.name, self.rule_version))
        arrival = aliases.resolve(captured, memory, state)
        if arrival is not captured:
            purges.refuse(state, article.source, event.timestamp_ms, article_id=arrival.id)
        elif load(state, arrival.id) is None:
            remains.refuse(article, event.timestamp_ms, memory, state)
        self._refuse(
            arrival, memory, state
        )  # before anything is changed: a refusal undoes what its call changed
        copies = carried.originals((arrival.id, *memory.waiting.due(event.timestamp_ms)), state)
        emits = self._pass_time(event.timestamp_ms, memory, state)
        emits += self._take(arrival, event, memory, state)
        return carried.told(emits, copies)

    def compare(self, one: Normalized, other: Normalized) -> dict[str, Any]:
        """Return what today's rules make of an article that comes after another one, and why (see `compare`)."""
        return compare(one, other, self.handle)

    def same_words(self, text: str) -> SameWords:
        """Return what tells how much of a text stands in articles. Raises ValueError for a text of fewer than three words."""
        return SameWords(text)

    def _purge(self, purge: Purge, event: Event, memory: Memory, state: State) -> list[Emit]:
        purges.note(purge, state)
        if purge.lift:
            return []
        return purging.purge(purge, event.used_by(self.name, self.rule_version), memory, state)

    def remembers(self, purge: Purge, state: State) -> list[str]:
        """Return the articles of a purge that are still in the state."""
        return purging.remembers(purge, state.view(self._build), state)

    def _pass_time(self, now_ms: int, memory: Memory, state: State) -> list[Emit]:
        """Forget what is too old and publish what has waited long enough."""
        memory.advance(now_ms, state)
        emits = []
        for article_id in memory.waiting.due(now_ms):
            emits += holding.release(article_id, memory, state, self._activity)
        return emits

    def _refuse(self, arrival: Arrival, memory: Memory, state: State) -> None:
        status = arrival.article.rights.status
        if status == "canceled":
            return
        known = load(state, arrival.id)
        if known is not None and known.status is Status.WITHDRAWN:
            raise Drop(
                "withdrawn",
                f"article {arrival.id} was withdrawn by its publisher: what is captured of it later is not published",
            )
        if arrival.order is not None:
            return  # by its version it is known what becomes of it, also where it is withheld
        published = known is not None and known.status is not Status.COPY
        overtaken = (
            known is not None and known.status is Status.WITHHELD and arrival.captured_ms < known.captured_ms
        )
        unknown = not published and memory.waiting.of(arrival.id) is None
        if overtaken or (status == "withheld" and unknown):
            raise Drop(
                "withheld",
                "the publisher does not allow publication yet: a capture with status `usable` will be published",
            )

    def _take(self, arrival: Arrival, event: Event, memory: Memory, state: State) -> list[Emit]:
        """Decide about a capture."""
        rights = arrival.article.rights
        if arrival.order is not None and rights.status != "canceled":
            return holding.take_version(arrival, event, memory, state, self._activity)
        if rights.status != "usable":
            status = Status.WITHDRAWN if rights.status == "canceled" else Status.WITHHELD
            return self._withdraw(arrival, status, memory, state)
        until = rights.embargoed_until
        if until is not None and until > event.time:
            known = load(state, arrival.id)
            if known is None or not identity.is_published(known, arrival):
                return [holding.hold(arrival, event, holding.until_ms(until), memory, state)]
        emits = []
        if holding.is_lifted_by(arrival, memory, state):  # what waited comes first
            emits += holding.release(arrival.id, memory, state, self._activity)
        return [*emits, identity.settle(arrival, memory, state)]

    def _withdraw(self, arrival: Arrival, status: Status, memory: Memory, state: State) -> list[Emit]:
        """Withdraw an article, with all that waits of it: none of that is ever published, its headline neither."""
        if memory.waiting.of(arrival.id) is None:
            return [identity.withdraw(arrival, status, memory, state)]
        waited = holding.taken(arrival.id, memory, state, self._activity)
        every = [*(each.told_by(arrival) for each in waited), arrival]
        emits = [identity.withdraw(each, status, memory, state, again=True) for each in every]
        return [*emits, events.no_longer_held(arrival.id, arrival.article.language)]

    def _activity(self, used: RecordRef) -> Activity:
        return Activity(stage=self.name, rule_version=self.rule_version, used=used)
