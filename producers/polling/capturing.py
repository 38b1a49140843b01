"""From an item to a raw event: its page, other sources with the same article, and what happens when the page cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from newswire import metrics
from newswire.capture import Captured, Unreadable, capture_key
from producers.fetch import Failure, FailureClass, Fetched
from producers.fetch.gate import Clock
from producers.fetch.schedule import Chance
from producers.polling import raws
from producers.polling.judging import Verdict, judge
from producers.polling.memory import TELLS_AFTER, Known, Link, Memory, Waiting, is_ripe
from producers.polling.polled import Entry, PolledSource
from producers.polling.sharing import Listed, Place, place, repeated
from schemas.core.reference import Reference
from schemas.raw.model import Raw

MOST_TRIES: Final = 5
"""Times that a page is asked for, before the item is published without it."""
WAITS_MOST: Final = 2 * 86400.0
"""Seconds that an item waits for its page at most, however often its host asked to be left alone."""
_FIRST_WAIT: Final = 600.0
_LONGEST_WAIT: Final = 6 * 3600.0

Step = Iterator[Captured | Unreadable | None]


@dataclass(slots=True)
class Task:
    """One page that is being fetched, and for whom."""

    url: str
    source: PolledSource | None
    """None where the item has waited, and its source need not be in the list any more."""
    name: str
    """The source's name."""
    entry: Entry | None
    raw: Raw
    """The event as it is without the page."""
    key: str
    id: str
    """What the article is remembered by: the hash of its address, or of what identifies it where other items share that."""
    fate: str = "new"
    tries: int = 0
    since: float = 0.0
    shared: bool = False
    """Whether its source lists other items under its address."""
    apart: bool = False
    """Whether it is captured apart from its address, because of that."""
    followers: list[tuple[PolledSource, Entry]] = field(default_factory=list)
    """Items of other sources with the same article, which have come meanwhile."""


class Capturing:
    """Decides about items and turns them into captures.

    Whatever becomes of an item is in the state before `settled(source, fate, of_poll)` is told; `of_poll`: whether a poll lists it now.
    """

    def __init__(
        self,
        kind: str,
        memory: Memory,
        clock: Clock,
        *,
        chance: Chance,
        wait_until: Callable[[float, str, Waiting], None],
        settled: Callable[[str, str, bool], Iterator[None]],
        fetch: Callable[[Task], None],
        listed: Callable[[str], bool],
        retired: Callable[[str], bool],
    ) -> None:
        self._kind = kind
        self._memory = memory
        self._clock = clock
        self._chance = chance
        self._wait_until = wait_until
        self._settled = settled
        self._fetch = fetch
        self._is_listed = listed
        self._is_retired = retired
        self._tasks: dict[str, Task] = {}

    def take(
        self, source: PolledSource, item: Listed, *, texts: bool, mining: raws.Mining, at_once: bool = True
    ) -> Generator[Captured | Unreadable | None, None, Verdict]:
        """Decide about an item that a source lists, yield what follows from that at once, and return the verdict.

        `mining` is what the source's answer said of text and data mining. Without `at_once` a page is not asked for now: its item is put
        into the state, and asked for in its turn.
        """
        memory = self._memory
        known = memory.known(source.name, item.entry.keys[0])
        at = place(memory, source.name, item, known, self._tasks.get(item.link or ""))
        if at.apart and known is None and not item.twin:
            known = repeated(memory, source.name, at.entry)
        if (task := self._tasks.get(at.id)) is not None:
            if known is None:
                task.followers.append((source, at.entry))
                return Verdict.FOLLOWS
            # In its own source it waits for its page: if it has changed, the next poll will tell.
            yield from self._settled(source.name, Verdict.KNOWN, True)
            return Verdict.KNOWN
        link = memory.link(at.id)
        if link is not None and at.shared and not link.shared and link.owner == source.name:
            memory.note_shared(at.id, link)
        listed = link is None or self._is_listed(link.owner)
        verdict = judge(source.name, at.entry, known, link, configured=listed, texts=texts)
        if verdict is Verdict.KNOWN and self._is_to_tell(link, source.name, at_once=at_once):
            verdict = Verdict.TOLD
        if verdict in (Verdict.KNOWN, Verdict.ELSEWHERE):
            self._note_again(source.name, at, known, link)
            yield from self._settled(source.name, verdict, True)
        else:
            yield from self._capture(source, at, verdict, mining, at_once=at_once)
        return verdict

    def _note_again(self, name: str, at: Place, known: Known | None, link: Link | None) -> None:
        """Note that a source goes on listing what needs no capture; it takes over what its owner will not be asked for any more."""
        now = self._clock.now()
        if link is not None and link.owner != name and self._is_retired(link.owner):
            self._memory.pass_on(at.id, link, name, at.entry, now)
        elif link is not None:
            self._memory.listed_by(at.id, link, name, now)
        self._memory.keep_seen(name, at.entry, known, now)

    def _capture(
        self, source: PolledSource, at: Place, verdict: Verdict, mining: raws.Mining, *, at_once: bool
    ) -> Step:
        """Publish an item, or ask for its page first."""
        entry, now = at.entry, self._clock.now()
        raw = raws.without_page(source, self._kind, entry, now, mining)
        raw = raws.with_references(raw, [at.seen] if at.seen is not None else [])
        task = Task(
            url=entry.url or "",
            source=source,
            name=source.name,
            entry=entry,
            raw=raw,
            key=capture_key(source.name, url=entry.url, guid=entry.guid),
            id=at.id,
            fate=str(verdict),
            since=now,
            shared=at.shared,
            apart=at.apart,
        )
        if source.articles != "page" or not entry.url:
            yield from self._publish(task, raw)
        elif at_once:
            self._tasks[at.id] = task
            self._fetch(task)
        else:
            yield from self._keep_waiting(task, "queued", since=0.0, due=now)

    def _is_to_tell(self, link: Link | None, name: str, *, at_once: bool) -> bool:
        """Whether a known article is captured again now, since it was seen in other sources; if not yet, its source owes that."""
        if link is None or link.owner != name or not link.untold_since:
            return False
        now = self._clock.now()
        ripe = is_ripe(link, name, now)
        if ripe and at_once:
            return True
        self._memory.owe(name, (now if ripe else link.untold_since) + TELLS_AFTER)
        return False

    def again(self, id_: str) -> Iterator[None]:
        """Ask once more for the page of an item that waits."""
        waiting = self._memory.waits(id_)
        if waiting is not None and waiting.due <= self._clock.now() and id_ not in self._tasks:
            raw = Raw.from_data(waiting.raw)
            task = Task(
                url=waiting.url,
                source=None,
                name=raw.source.name,
                entry=None,
                raw=raw,
                key=waiting.key,
                id=id_,
                fate=waiting.fate,
                tries=waiting.tries,
                since=waiting.since or self._clock.now(),
            )
            self._tasks[id_] = task
            self._fetch(task)
        yield from ()

    def let_go(self, name: str) -> Iterator[None]:
        """Put the items of a source whose pages are under way to wait for them, as if they had done so before: their poll is over."""
        now = self._clock.now()
        for task in [task for task in self._tasks.values() if task.name == name and task.entry is not None]:
            self._memory.keep_waiting(task.id, _waiting(task, task.since, now))
            yield from self._remember(task, now, "queued")
            task.entry = task.source = None

    def came(self, task: Task, page: Fetched) -> Step:
        """Take the answer to a task."""
        failure = raws.page_failure(page)
        if failure is not None:
            yield from self.failed(task, failure)
            return
        del self._tasks[task.id]
        yield from self._publish(task, raws.with_page(task.raw, page, self._clock.now()))

    def failed(self, task: Task, failure: Failure) -> Step:
        """Take it that there is no page for a task: wait for it where that may pass, publish without it otherwise."""
        del self._tasks[task.id]
        now = self._clock.now()
        metrics.FETCH_FAILURES.labels(task.name, "page", str(failure.kind), failure.reason).inc()
        if task.fate == Verdict.TOLD:  # it is published already: without its page there would be less of it
            told = _told(self._memory.link(task.id)) + 1
            self._memory.forget_waiting(task.id)
            settled = list(self._remember(task, now, Verdict.KNOWN if task.entry is not None else None))
            self._memory.all_told(task.id, told)
            yield from settled
            return
        if failure.kind is not FailureClass.DEFERRED:
            task.tries += 1
        passes = failure.kind in (FailureClass.SOFT, FailureClass.DEFERRED)
        if passes and task.tries < MOST_TRIES and now - task.since < WAITS_MOST:
            yield from self._put_to_wait(task, failure, now)
        else:
            yield from self._publish(task, raws.with_failure(task.raw, failure, now))

    def _put_to_wait(self, task: Task, failure: Failure, now: float) -> Step:
        wait = min(_FIRST_WAIT * 2.0 ** max(task.tries - 1, 0), _LONGEST_WAIT) * (1 + self._chance() / 4)
        due = now + max(wait, min(failure.retry_after or 0.0, WAITS_MOST))
        yield from self._keep_waiting(
            task, "waiting" if task.entry is not None else None, since=task.since, due=due
        )

    def _keep_waiting(self, task: Task, fate: str | None, *, since: float, due: float) -> Iterator[None]:
        waiting = _waiting(task, since, due)
        self._memory.keep_waiting(task.id, waiting)
        self._wait_until(due, task.id, waiting)
        yield from self._remember(task, self._clock.now(), fate)

    def _publish(self, task: Task, raw: Raw) -> Step:
        """Yield the event, with all that is remembered with it put into the state before."""
        now = self._clock.now()
        link = self._memory.link(task.id)
        names = set(link.others if link is not None else ())
        references = [
            *(task.raw.references or ()),
            *(
                Reference(source=source.name, url=entry.url, guid=entry.guid)
                for source, entry in task.followers
                if source.name != task.name
            ),
        ]
        names -= {reference.source for reference in references} | {task.name}
        raw = raws.with_references(raw, references + [Reference(source=name) for name in sorted(names)])
        self._memory.forget_waiting(task.id)
        settled = list(self._remember(task, now, None))
        self._memory.all_told(task.id, _told(link) + (task.fate == Verdict.TOLD))
        published = task.entry.published if task.entry is not None else None
        if published is not None and task.fate == Verdict.NEW:
            metrics.CAPTURE_LAG.labels(task.name).observe(max(0.0, now - _seconds(published)))
        if raw.body:
            yield Captured(raw, task.key)
        else:
            what, why = raw.url or task.key, raw.page_failure
            detail = f"nothing but its address is known{f': {why.detail}' if why else ''}"
            yield Unreadable(what, "no-content", detail, what.encode(), len(what.encode()))
        yield from settled
        yield from self._settled(task.name, task.fate, task.entry is not None)

    def _remember(self, task: Task, now: float, fate: str | None) -> Iterator[None]:
        """Put into the state that the item, and those of others that follow it, are taken care of."""
        memory = self._memory
        link = memory.link(task.id)
        others = [*(link.others if link is not None else ())]
        others += [source.name for source, _ in task.followers if source.name != task.name]
        if task.entry is not None and task.source is not None:
            memory.keep_known(task.name, task.entry, now)
            memory.keep_link(
                task.id, task.entry, task.name, others, now, shared=task.shared, apart=task.apart
            )
        elif link is not None:
            for name in others:
                memory.listed_by(task.id, link, name, now)
        followers, task.followers = task.followers, []
        for source, entry in followers:
            memory.keep_known(source.name, entry, now)
        for source, _ in followers:
            fate_there = Verdict.ELSEWHERE if source.name != task.name else Verdict.KNOWN
            yield from self._settled(source.name, fate_there, True)
        if fate is not None:
            yield from self._settled(task.name, fate, True)


def _waiting(task: Task, since: float, due: float) -> Waiting:
    return Waiting(task.raw.to_data(), task.key, task.url, task.id, since, due, task.tries, task.fate)


def _told(link: Link | None) -> int:
    return link.told if link is not None else 0


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
