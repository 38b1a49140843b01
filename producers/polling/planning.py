"""What a poll changes about how it stands with a source: when it is asked next, where, and what is known to be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from producers.fetch import Failure, FailureClass
from producers.fetch.schedule import Chance, Pace, Plan, Seen, after, begin
from producers.polling.memory import Memory
from producers.polling.polled import PolledSource, Reading
from producers.polling.skipping import put_off
from producers.polling.standing import Standing

_GAPS: Final = 20
_BEGINS_WITHIN: Final = 300.0
_FIRST: Final = 1800.0


def pace_of(source: PolledSource) -> Pace:
    """Return the bounds of a source's schedule."""
    return Pace(first=min(max(_FIRST, source.least), source.most), least=source.least, most=source.most)


def begun(
    source: PolledSource, standing: Standing | None, now: float, chance: Chance, *, within: float
) -> Standing:
    """Return how it stands with a source that is about to be asked; one that is new, or has another address, begins anew.

    It is then asked within so many seconds, so that many new ones do not come at once.
    """
    if standing is not None and standing.configured == source.url:
        if standing.begun_at is None:  # remembered by a version that did not note it
            standing.begun_at = standing.polled_at or now
        return standing
    plan = begin(pace_of(source), now, chance)
    due = now + chance() * min(within, _BEGINS_WITHIN)
    return Standing(configured=source.url, url=source.url, plan=replace(plan, due=due), begun_at=now)


def all_begun(
    sources: Mapping[str, PolledSource], memory: Memory, now: float, chance: Chance, *, within: float
) -> Iterator[tuple[PolledSource, Standing]]:
    """Yield each source with how it stands with it, as `begun` does.

    One that was merged into a source that is not asked in its place any more (it is not polled, or at another address) begins anew.
    """
    found = {name: memory.standing(name) for name in sources}
    for name, source in sources.items():
        left = _is_left(found[name], sources, found)
        standing = begun(source, None if left else found[name], now, chance, within=within)
        if left:  # before that other source is asked at its new address: then this could not be told any more
            memory.keep_standing(name, standing)
        yield source, standing


def _is_left(
    standing: Standing | None, sources: Mapping[str, PolledSource], found: Mapping[str, Standing | None]
) -> bool:
    if standing is None or standing.merged_into is None:
        return False
    into, there = sources.get(standing.merged_into), found.get(standing.merged_into)
    return into is None or (there is not None and there.configured != into.url)


def may_be_hurried(standing: Standing, source: PolledSource, now: float) -> bool:
    """Return whether a source may be asked before it is due, when a person wants that.

    Not within the least interval that it is granted, and not while it fails: then it has asked for its time, or is given it.
    """
    asked, plan = standing.polled_at, standing.plan
    return not (plan.failures or plan.retired) and (asked is None or now - asked >= source.least)


def heeds_hints(standing: Standing) -> bool:
    """Return whether a hub's word makes a source due: not one that fails, for it has asked for its time, or is given it."""
    return not (standing.plan.retired or standing.plan.failures)


def failed(standing: Standing, failure: Failure, source: PolledSource, now: float, chance: Chance) -> None:
    """Note that a poll has failed. Being deferred by the host is no failure of the source."""
    standing.polled_at = now
    standing.plan = _skipping(
        standing, after(standing.plan, Seen(failure=failure), pace_of(source), now, chance), chance
    )
    if failure.kind is not FailureClass.DEFERRED:
        standing.problem = {
            "kind": str(failure.kind),
            "reason": failure.reason,
            "detail": failure.detail[:500],
        }


def polled(
    standing: Standing, reading: Reading, source: PolledSource, *, found: int, now: float, chance: Chance
) -> None:
    """Note that a poll is done and all that it has found is published or waits."""
    fetched = reading.fetched
    if fetched.unchanged is None:
        standing.asks_for = reading.asks_for
        standing.skip_hours, standing.skip_days = sorted(reading.skip_hours), sorted(reading.skip_days)
        standing.notes = dict(reading.notes)
    standing.validators = fetched.validators
    standing.problem = None
    before: Plan = standing.plan
    seen = Seen(new=found, fresh=fetched.fresh_seconds, ttl=standing.asks_for)
    standing.plan = _skipping(standing, after(before, seen, pace_of(source), now, chance), chance)
    if found and before.last_new is not None:
        standing.gaps = [*standing.gaps, now - before.last_new][-_GAPS:]
    if reading.expired:
        standing.plan = replace(standing.plan, retired=True)
        standing.problem = {
            "kind": "gone",
            "reason": "expired",
            "detail": "the source says of itself that nothing will follow",
        }


def moved(
    standing: Standing,
    reading: Reading,
    source: PolledSource,
    sources: Mapping[str, PolledSource],
    memory: Memory,
) -> bool:
    """Follow a permanent redirect for good; return whether there was one.

    A source that arrives where another one is asked is the same, and is asked no more.
    """
    to = reading.fetched.moved_to
    if to is None or to == standing.url:
        return False
    standing.url = to
    for other in sources.values():
        at = _address_of(other, memory.standing(other.name)) if other is not source else None
        if at is not None and _plain(at) == _plain(to):
            standing.merged_into = other.name
            standing.plan = replace(standing.plan, retired=True)
            break
    return True


def _address_of(source: PolledSource, standing: Standing | None) -> str | None:
    """Return where a source is asked; None where it is asked no more."""
    if standing is None or standing.configured != source.url:
        return source.url
    return None if standing.plan.retired else standing.url


def _skipping(standing: Standing, plan: Plan, chance: Chance) -> Plan:
    """Return the plan with what the publisher asks to be skipped, for failures too: nothing is published then anyway."""
    return replace(plan, due=put_off(plan.due, standing.skip_hours, standing.skip_days, chance))


def _plain(url: str) -> str:
    return url.removeprefix("https:").removeprefix("http:").rstrip("/")
