"""The poller: asks sources when they are due, fetches the pages of what is new, and yields raw events with the state that goes with them.

One thread decides and owns the state; others only ask (`Pool`). What is put into the state before an item is yielded is written in one
transaction with it (`newswire.source.SourceLoop`), so that a process may end anywhere:

- an item is remembered in the transaction in which it is published, or in which it is put to wait for its page, or for its turn;
- a poll is remembered (validators, plan, what the reader noted) after all its items are. Until then the next process asks in full again.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

import structlog

from newswire import metrics
from newswire.capture import Captured, Unreadable
from newswire.state.contract import State
from producers.fetch import PAGE_TYPES, Client, Failure, FailureClass, Fetched
from producers.fetch.gate import Clock, SystemClock
from producers.fetch.schedule import DAY, MINUTE, Chance
from producers.polling import planning
from producers.polling.capturing import Capturing, Task
from producers.polling.judging import CHURN_POLLS, Verdict, churned
from producers.polling.memory import Memory, Waiting
from producers.polling.pauses import Pauses
from producers.polling.polled import Asked, Hints, PolledSource, Reader, Reading
from producers.polling.pool import Done, host_of
from producers.polling.progress import Poll, Progress, measure
from producers.polling.sharing import listed
from producers.polling.standing import Standing
from producers.polling.work import Work

_LOG = structlog.get_logger("newswire.polling")
_TICK: Final = 0.1  # seconds that the deciding thread waits for an answer before the loop may write
_LAST_SECONDS: Final = 5.0  # that answers under way are waited for when the poller is asked to stop
_STEP: Final = 200
"""Items after which the loop may write, while a long list is gone through."""
PAGES_AT_ONCE: Final = 50
"""Pages that are asked for on account of one poll before it is done. Of what more a list has, the pages come in their turn (`Backlog`)."""


class Poller:
    """A `newswire.capture.Source` over many addresses of one kind."""

    def __init__(
        self,
        kind: str,
        sources: Sequence[PolledSource],
        reader: Reader,
        client: Client,
        state: State,
        *,
        stop: threading.Event,
        once: bool = False,
        at_once: bool = False,
        threads: int = 16,
        clock: Clock | None = None,
        chance: Chance = random.random,
        hints: Hints | None = None,
        paused: Collection[str] = (),
    ) -> None:
        """`once`: ask what is due, each once, and end. `at_once`: begin with what is not due yet, as far as courtesy allows.

        `hints` may make a source due. `paused`: names of sources that are not asked for now, nor are pages of theirs that wait.
        `chance` and `clock` are for tests.
        """
        self.name = kind
        self.rule_version = "1"
        self.progress = {source.name: Progress() for source in sources}
        self._sources = {source.name: source for source in sources}
        self._reader = reader
        self._client = client
        self._memory = Memory(state)
        self._pauses = Pauses(state, client)
        self._stop = stop
        self._once = once
        self._at_once = at_once
        self._clock = clock or SystemClock()
        self._chance = chance
        self._hints = hints
        self._paused = frozenset(paused)
        self._polls: dict[str, Poll] = {}
        self._work = Work(threads, self._clock)
        self._retired: set[str] = set()
        self._capturing = Capturing(
            kind,
            self._memory,
            self._clock,
            chance=chance,
            wait_until=self._wait_until,
            settled=self._settled,
            fetch=self._submit_page,
            listed=lambda name: name in self._sources,
            retired=lambda name: name in self._retired,
        )

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        """Yield what is new, for as long as nothing asks to stop; with `once`, until all that was due is done."""
        try:
            yield from self._start()
            while not self._stop.is_set():
                self._heed_hints()
                yield from self._begin()
                done = self._work.next(_TICK)
                while done is not None:
                    yield from self._take(done)
                    done = None if self._stop.is_set() else self._work.next(0)
                for poll in [each for each in self._polls.values() if each.is_late(self._clock.now())]:
                    yield from self._capturing.let_go(poll.source.name)
                yield None
                if self._once and self._work.is_done and not self._polls:
                    return
            yield from self._finish()
        finally:
            self._work.close()

    def _finish(self) -> Iterator[Captured | Unreadable | None]:
        """Publish what answers under way bring in the last seconds. What has not begun is left for the next time."""
        self._work.drop()
        ends_at = time.monotonic() + _LAST_SECONDS
        while self._work.busy and (left := ends_at - time.monotonic()) > 0:
            done = self._work.next(min(left, _TICK))
            if done is not None:
                yield from self._take(done)
                self._work.drop()
            yield None

    def _start(self) -> Iterator[None]:
        now = self._clock.now()
        self._pauses.resume(now)
        within = 0.0 if self._once else float(len(self._sources))
        begun = planning.all_begun(self._sources, self._memory, now, self._chance, within=within)
        for source, standing in begun:
            measure(source.name, standing)
            if self._at_once and planning.may_be_hurried(standing, source, now):
                self._make_due(source, standing, now)
            else:
                self._plan(source, standing)
        for id_, waiting in self._memory.waiting():
            if waiting.raw["source"]["name"] not in self._paused:
                self._wait_until(waiting.due, id_, waiting)
        yield from self._memory.forget_old("link ", now)

    def _plan(self, source: PolledSource, standing: Standing) -> None:
        shown = self.progress[source.name]
        shown.planned(standing)
        if standing.plan.retired:
            self._retired.add(source.name)
        if not (standing.plan.retired or (self._once and shown.asked)):
            self._work.ask_at(standing.plan.due, host_of(standing.url), source.name)

    def _wait_until(self, due: float, id_: str, waiting: Waiting) -> None:
        if not (self._once and due > self._clock.now()):
            self._work.fetch_at(due, host_of(waiting.url), waiting.raw["source"]["name"], id_)

    def _begin(self) -> Iterator[None]:
        """Begin what there is room for: nothing has to wait for what another host has to do."""
        self._ask_more()
        for id_ in self._work.items():
            yield from self._capturing.again(id_)

    def _ask_more(self) -> None:
        for name in self._work.sources():
            self._ask(self._sources[name])

    def _heed_hints(self) -> None:
        now = self._clock.now()
        for name in self._hints.step(now) if self._hints is not None else ():
            standing = self._memory.standing(name)
            # One that is being asked now may have answered before it changed: it is due again directly after.
            if name in self._polls:
                self._polls[name].again = True
            elif name in self._sources and standing is not None and planning.heeds_hints(standing):
                self._make_due(self._sources[name], standing, now)

    def _make_due(self, source: PolledSource, standing: Standing, now: float) -> None:
        standing.plan = replace(standing.plan, due=now)
        self._memory.keep_standing(source.name, standing)
        self._plan(source, standing)

    def _ask(self, source: PolledSource) -> None:
        now = self._clock.now()
        standing = planning.begun(source, self._memory.standing(source.name), now, self._chance, within=0.0)
        if source.name in self._polls or standing.plan.due > now:
            return  # a hint has made it due before
        host = host_of(standing.url)
        if self._work.is_enough(source.name, standing.polled_at, now):
            self._work.ask_at(now + MINUTE, host, source.name)
            return
        poll = self._polls[source.name] = Poll(source, standing, host)
        shown = self.progress[source.name]
        shown.asked += 1
        shown.failure, shown.remark, shown.lacking = None, None, 0
        shown.doing = "asking"
        validators = None if self._memory.owes_now(source.name, now) else standing.validators
        asked = Asked(source=source, url=standing.url, validators=validators, notes=standing.notes)
        self._work.ask(host, poll, lambda: self._reader.read(self._client, asked))

    def _submit_page(self, task: Task) -> None:
        url = task.url
        self._work.fetch(host_of(url), task, lambda: self._client.fetch(url, accept=PAGE_TYPES))
        poll = self._polls.get(task.name)
        if poll is not None and task.entry is not None:
            poll.pages += 1

    def _take(self, done: Done) -> Iterator[Captured | Unreadable | None]:
        if isinstance(done.what, Poll):
            self._work.asked(done.what.host)
            self._ask_more()  # before the pages that come of this one
        if done.error is not None:
            yield from self._bug(done.what, done.error)
            return
        self._pauses.note(done.result.failure)
        if isinstance(done.what, Task):
            assert isinstance(done.result, Fetched)
            yield from self._capturing.came(done.what, done.result)
        else:
            assert isinstance(done.result, Reading)
            yield from self._read(done.what, done.result)

    def _bug(self, what: Poll | Task, error: BaseException) -> Iterator[Captured | Unreadable | None]:
        """Go on without one address over which a reader has fallen: others must not stand still for it."""
        name = what.name if isinstance(what, Task) else what.source.name
        _LOG.error("bug in a reader; the source counts as failed", source=name, exc_info=error)
        failure = Failure(FailureClass.HARD, "internal", f"{type(error).__name__}: {error}")
        if isinstance(what, Task):
            yield from self._capturing.failed(what, failure)
        else:
            self._fail(what, failure)

    def _read(self, poll: Poll, reading: Reading) -> Iterator[Captured | Unreadable | None]:
        name, standing = poll.source.name, poll.standing
        poll.reading = reading
        standing.polled_at = self._clock.now()
        if reading.failure is not None:
            self._fail(poll, reading.failure)
            return
        unchanged = reading.fetched.unchanged is not None
        metrics.POLLS.labels(name, "unchanged" if unchanged else "content").inc()
        self.progress[name].remarks(name, reading.remarks)
        self.progress[name].lacks(poll, reading.parts_failed)
        standing.churned = churned(standing.churned, self._memory, poll.source, reading.entries)
        self.progress[name].doing = "reading"
        yield from self._go_through(poll)

    def _fail(self, poll: Poll, failure: Failure) -> None:
        """Count a failure of a source, say it, and plan the next try."""
        standing, now = poll.standing, self._clock.now()
        planning.failed(standing, failure, poll.source, now, self._chance)
        self.progress[poll.source.name].failed(poll, failure, now)
        self._close(poll)

    def _go_through(self, poll: Poll) -> Iterator[Captured | Unreadable | None]:
        assert poll.reading is not None
        name = poll.source.name
        mining = poll.reading.fetched.rights.text_and_data_mining
        if poll.reading.fetched.unchanged is None:
            self._memory.owes_nothing(name)  # what is not ripe yet says so when its turn comes
        for number, item in enumerate(listed(poll.reading.entries), 1):
            poll.open += 1
            verdict = yield from self._capturing.take(
                poll.source,
                item,
                texts=poll.standing.churned < CHURN_POLLS,
                mining=mining,
                at_once=poll.pages < PAGES_AT_ONCE,
            )
            if verdict in (Verdict.NEW, Verdict.CHANGED):
                poll.found += 1
            if number % _STEP == 0:
                yield None
                if self._stop.is_set():
                    return
        poll.listed = True
        self.progress[name].doing = "fetching pages" if poll.open else ""
        yield from self._perhaps_close(poll)

    def _settled(self, name: str, fate: str, of_poll: bool) -> Iterator[None]:
        """Note that what comes of one item of a source is in the state now."""
        metrics.SOURCE_ITEMS.labels(name, fate).inc()
        if name in self.progress:
            self.progress[name].counts[fate] += 1
        poll = self._polls.get(name)
        if of_poll and poll is not None:
            poll.open -= 1
            yield from self._perhaps_close(poll)

    def _perhaps_close(self, poll: Poll) -> Iterator[None]:
        if not poll.listed or poll.open or poll.source.name not in self._polls:
            return
        reading, standing = poll.reading, poll.standing
        assert reading is not None
        now = self._clock.now()
        planning.polled(standing, reading, poll.source, found=poll.found, now=now, chance=self._chance)
        if planning.moved(standing, reading, poll.source, self._sources, self._memory):
            self.progress[poll.source.name].moved(poll)
        # Only after a list was gone through: one that has not changed for long still lists what it did.
        if reading.fetched.unchanged is None and standing.tidied != int(now // DAY):
            yield from self._memory.tidy(poll.source.name, standing, now)
        self._close(poll)

    def _close(self, poll: Poll) -> None:
        source, standing, now = poll.source, poll.standing, self._clock.now()
        del self._polls[source.name]
        self._memory.keep_standing(source.name, standing)
        measure(source.name, standing)
        self._plan(source, standing)
        if self._hints is not None and standing.plan.retired:
            self._hints.saw(source.name, standing.url, {}, now)  # it names no hub any more
        elif self._hints is not None and poll.reading is not None and poll.reading.failure is None:
            self._hints.saw(source.name, standing.url, standing.notes, now)
        if poll.again and not standing.plan.retired:
            self._make_due(source, standing, now)
