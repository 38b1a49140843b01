"""Purges on record: each for good, and a refusal until it is lifted. Also over what earlier versions have left in the state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from seeded import copied

from consumers import purges
from newswire import topology
from newswire.addresses.earlier import earlier_form
from newswire.errors import Drop, UsageError
from newswire.log.contract import Outgoing
from newswire.log.memory import MemoryLog
from newswire.purging.asking import asked
from newswire.purging.listing import get, listed, refusing
from newswire.state.memory import MemoryState
from schemas.core.source import Source
from schemas.ids import article_id
from schemas.purge.model import Purge

URL = "https://herald.example/a"
FIRST = datetime(2024, 2, 1, tzinfo=UTC)
SOURCE = Source(name="herald", kind="files")


def purge(days: int = 0, **named: object) -> Purge:
    given = {"reason": f"day {days}", "requested_by": "legal", "now": FIRST + timedelta(days=days)}
    return asked(**(given | named))  # type: ignore[arg-type]


def refused(state: MemoryState, days: int) -> bool:
    """Return whether a capture of that day is refused, as each stage asks."""
    at = round((FIRST + timedelta(days=days)).timestamp() * 1000)
    try:
        purges.refuse(state, SOURCE, at, article_id=article_id(url=URL), url=URL)
    except Drop:
        return True
    return False


def log_of(state: MemoryState) -> MemoryLog:
    log = copied([], partitions=2)
    name = topology.changelog("deduplicate")
    written = [Outgoing(name, 0, key.encode(), value, 0) for key, value in state.data.items()]
    log.writer("test").write(written)
    return log


def test_each_purge_of_an_address_stays_on_record() -> None:
    state = MemoryState()
    asked_for = [purge(days, url=URL) for days in range(3)]
    for one in asked_for:
        purges.note(one, state)
    log = log_of(state)
    assert [one.purge for one in listed(log)] == asked_for[::-1]
    assert all(get(log, one.purge_id) == one for one in asked_for)
    with pytest.raises(UsageError, match="no purge '0000' is on record"):
        get(log, "0000")


@pytest.mark.parametrize(
    "named", [{"url": URL}, {"article": article_id(url=URL)}, {"publisher": "Herald"}], ids=str
)
def test_allowing_later_captures_does_not_lift_what_refuses_them(named: dict[str, str]) -> None:
    state = MemoryState()
    order, later = purge(**named), purge(1, refuse_later=False, **named)
    purges.note(order, state)
    purges.note(later, state)
    assert refused(state, 5)
    assert {one.purge.purge_id: one.refuses for one in listed(log_of(state))} == {
        order.purge_id: True,
        later.purge_id: False,
    }
    lift = purge(2, lift=True, **named)
    assert [one.purge for one in refusing(log_of(state), lift)] == [order]
    purges.note(lift, state)
    assert not refused(state, 5)
    assert refused(state, 1)  # what was captured before the later one was on its way
    [kept] = [one for one in listed(log_of(state)) if one.purge == order]
    assert (kept.refuses, kept.lifted_by) == (False, lift)
    with pytest.raises(UsageError, match="nothing was lifted"):
        refusing(log_of(state), lift)


def test_a_lift_ends_what_was_refused_of_the_same_and_nothing_else() -> None:
    state = MemoryState()
    of_id, of_url = purge(article=article_id(url=URL)), purge(1, url=URL)
    purges.note(of_id, state)
    purges.note(of_url, state)
    purges.note(purge(2, url=URL, lift=True), state)
    assert refused(state, 5)
    with pytest.raises(UsageError, match=f"Purge {of_id.purge_id}, of article .* lift that"):
        refusing(log_of(state), purge(3, url=URL, lift=True))
    purges.note(purge(3, article=article_id(url=URL), lift=True), state)
    assert not refused(state, 5)


def test_the_next_record_of_a_purge_brings_back_nothing_that_was_lifted() -> None:
    state = MemoryState()
    first = purge(url=URL)
    purges.note(first, state)
    purges.note(purge(1, url=URL, lift=True), state)
    purges.note(first, state)
    assert not refused(state, 5)
    purges.note(purge(2, url=URL), state)
    assert refused(state, 5)


def earlier_version(*written: Purge) -> MemoryState:
    """Return what earlier versions kept: the last purge of each thing, a lifted one marked."""
    state = MemoryState()
    for one in written:
        for key in (f"purge:url:{one.name}", *(f"purge:article:{id_}" for id_ in one.article_ids)):
            state.put(key, orjson.dumps(one.to_data()))
    return state


def test_what_an_earlier_version_kept_is_read_and_stays() -> None:
    order = purge(url=URL)
    state = earlier_version(order)
    assert refused(state, 5)
    assert [one.purge for one in listed(log_of(state))] == [order]
    later = purge(1, url=URL, refuse_later=False)
    purges.note(later, state)
    assert refused(state, 5)
    assert [one.purge for one in listed(log_of(state))] == [later, order]
    purges.note(purge(2, url=URL, lift=True), state)
    assert not refused(state, 5)
    assert [one.refuses for one in listed(log_of(state))] == [False, False]


def test_a_lift_of_what_an_earlier_version_kept() -> None:
    order = purge(url=URL)
    state = earlier_version(order)
    assert refusing(log_of(state), purge(1, url=URL, lift=True))
    purges.note(purge(1, url=URL, lift=True), state)
    assert not refused(state, 5)
    assert refused(state, -1)
    lifted = order.model_copy(update={"refuse_later": False, "lift": True})
    state = earlier_version(lifted)
    assert not refused(state, 5)
    purges.note(purge(3, url=URL), state)
    assert refused(state, 5)
    assert [one.refuses for one in listed(log_of(state))] == [True, False]


def test_a_purge_under_an_earlier_canonical_form_holds_and_is_lifted() -> None:
    earlier = "https://www.herald.example/a/?b=1&a=2"
    order = purge(url=URL).model_copy(update={"name": earlier, "article_ids": (article_id(url=earlier),)})
    state = MemoryState()
    purges.note(order, state)
    assert earlier_form("http://www.herald.example/a/?utm_source=x&b=1&a=2#top") == earlier
    at = round((FIRST + timedelta(days=5)).timestamp() * 1000)
    with pytest.raises(Drop):
        purges.refuse(state, SOURCE, at, also=[earlier])
    purges.refuse(state, SOURCE, at, also=["https://www.herald.example/b"])
    lift = purge(1, url="http://herald.example/a?a=2&b=1", lift=True)
    assert refusing(log_of(state), lift)
    purges.note(lift, state)
    purges.refuse(state, SOURCE, at, also=[earlier])
