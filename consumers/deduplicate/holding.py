"""What waits, and how its waiting ends: for an embargo, or for the publisher who withholds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from consumers.deduplicate import events, identity, versions
from consumers.deduplicate.arrival import Arrival
from consumers.deduplicate.memory import Memory, load
from consumers.deduplicate.record import Status
from consumers.deduplicate.waiting import NO_TIME
from newswire.event import Emit, Event
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import Activity, RecordRef
from schemas.normalized.model import Normalized

Act = Callable[[RecordRef], Activity]
"""What this stage did with a record that it had read before."""
_SHOWN: Final = (Status.PUBLISHED, Status.WITHHELD)


def until_ms(until: datetime) -> int:
    """Return the first whole millisecond that is not before an instant."""
    return int(-(-until.timestamp() * 1000 // 1))


def hold(arrival: Arrival, event: Event, until: int, memory: Memory, state: State) -> Emit:
    """Let a capture wait, until a time in milliseconds since 1970 or `NO_TIME`; return its event."""
    memory.waiting.add(arrival.id, until, event.data, event.ref, state, order=arrival.order)
    waits = memory.waiting.of(arrival.id)
    assert waits is not None
    return events.held(arrival, None if waits.until_ms == NO_TIME else utc_from_ms(waits.until_ms))


def is_lifted_by(arrival: Arrival, memory: Memory, state: State) -> bool:
    """Return whether a capture without an embargo ends that of captures that wait.

    Of an article that is public only one that shows what waits does: others go on from what is public. Of another article what was made
    before that which waits does not.
    """
    waits = memory.waiting.of(arrival.id)
    if waits is None:
        return False
    if waits.content_hash == arrival.article.content_hash:
        return True
    known = load(state, arrival.id)
    if known is not None and known.status is Status.PUBLISHED:
        return False
    last = Normalized.from_data(memory.waiting.captures(arrival.id, state)[-1].data)
    return arrival.article.captured_at >= last.captured_at


def release(article_id: str, memory: Memory, state: State, act: Act) -> list[Emit]:
    """End the waiting of an article's captures, as if they came now, in the order in which they came.

    Of an agency's item only the newest version is published; the others are older versions by then.
    """
    arrivals = taken(article_id, memory, state, act)
    language = arrivals[-1].article.language
    orders = [(arrival.order, number) for number, arrival in enumerate(arrivals) if arrival.order is not None]
    emits: list[Emit] = []
    if len(orders) < len(arrivals):
        emits = [identity.settle(arrival, memory, state) for arrival in arrivals]
    else:
        newest = max(orders)[1]
        usable = arrivals[newest].article.rights.status == "usable"
        first = identity.settle if usable else identity.supersede
        emits.append(first(arrivals[newest], memory, state))
        emits += [
            identity.supersede(arrival, memory, state)
            for number, arrival in enumerate(arrivals)
            if number != newest
        ]
    return [*emits, events.no_longer_held(article_id, language)]


def taken(article_id: str, memory: Memory, state: State, act: Act) -> list[Arrival]:
    """Take the captures out that wait of an article."""
    return [
        Arrival(Normalized.from_data(capture.data), act(capture.used)).known_as(article_id, None)
        for capture in memory.waiting.take(article_id, state)
    ]


def take_version(arrival: Arrival, event: Event, memory: Memory, state: State, act: Act) -> list[Emit]:
    """Decide about a version of an agency's item that is not canceled. Whatever the order of arrival, the newest version decides.

    - Older than what is known: an older version, and nothing more.
    - Older than one that waits: it waits with it. Who embargoes or withholds a version means the older ones too.
    - Withheld: what is public is withdrawn; where nothing is, it waits until a newer version is usable.
    - Embargoed: it waits for its time, unless its content is public already.
    - Otherwise it is published, and what waited is older.
    """
    known = load(state, arrival.id)
    if known is not None and versions.is_before(arrival.order, known.order):
        return [identity.supersede(arrival, memory, state)]
    waits = memory.waiting.of(arrival.id)
    newest = waits is None or not versions.is_before(arrival.order, waits.order)
    rights = arrival.article.rights
    if rights.status == "withheld":
        if known is None or known.status not in _SHOWN:
            return [hold(arrival, event, NO_TIME, memory, state)]
        emits = [identity.withdraw(arrival, Status.WITHHELD, memory, state)]
        return emits + (release(arrival.id, memory, state, act) if waits is not None and newest else [])
    until = rights.embargoed_until
    if until is not None and until > event.time and not (known and identity.is_published(known, arrival)):
        return [hold(arrival, event, until_ms(until), memory, state)]
    if not newest:  # then the time of the newer one holds
        return [hold(arrival, event, NO_TIME, memory, state)]
    settled = identity.settle(arrival, memory, state)
    return [settled] + (release(arrival.id, memory, state, act) if waits is not None else [])
