"""The wires source: folders that agencies' feeds are dropped into."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Final

from newswire import metrics
from newswire.capture import Captured, Unreadable
from newswire.errors import UsageError
from newswire.state.contract import State
from producers.files.found import Refusal
from producers.wires.capture import captures_of
from producers.wires.folder import SETTLED_SECONDS, Drop, DropFolder, read
from producers.wires.moving import Fate
from producers.wires.packed import unpacked
from producers.wires.taken import Memory, Taken

PATIENCE_SECONDS: Final = 60.0
"""A document that is broken as a whole may still be coming, over a slow line: it is refused when it has not changed for so long."""
_MAY_BE_COMING: Final = frozenset(("invalid-xml", "invalid-json", "empty-file", "broken-gzip", "no-uri"))
_AT_ONCE: Final = 200
"""Files that are published before they are put away."""
_LOOK_SECONDS: Final = 0.25

Outcome = Captured | Unreadable


@dataclass(frozen=True, slots=True)
class _Finished:
    """A file whose items have been yielded."""

    folder: DropFolder
    memory: Memory
    drop: Drop
    taken: Taken


class WiresSource:
    """Items of news agencies (ninjs, NewsML, NITF, IPTC 7901, ANPA 1312, e-mail) from folders, feed name -> folder.

    A file is taken when it is whole. Each of its items becomes a capture or an `Unreadable`; how far that has come is put into `state`
    with each, so that a crash neither loses nor repeats one. When the broker has acknowledged all, the file is moved to `done/`, or to
    `failed/` if anything of it was refused; with `move=False` it stays, and is read again only when it changes. `once` ends when
    everything that is there has been taken. `language` (BCP 47) is that of items which declare none.
    """

    rule_version = "1"

    def __init__(
        self,
        folders: Mapping[str, Path],
        state: State,
        *,
        once: bool = False,
        move: bool = True,
        language: str | None = None,
        stop: Event | None = None,
        settled_seconds: float = SETTLED_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not folders:
            raise UsageError("no folder given")
        self.name = next(iter(folders)) if len(folders) == 1 else "wires"
        self.unmoved = 0
        """Files that could not be put away: they stay where they are, and are remembered."""
        self._feeds = [
            (DropFolder(name, root, move=move, settled_seconds=settled_seconds), Memory(state, name))
            for name, root in folders.items()
        ]
        self._once = once
        self._move = move
        self._language = language
        self._stop = stop or Event()
        self._patience = 0.0 if once else patience_seconds
        self._clock = clock
        self._stuck: set[Path] = set()
        self._unsure = False
        _refuse_overlap([folder for folder, _ in self._feeds])

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        """Yield what the folders hold, the oldest file first, and go on watching them; see `Source.captures`."""
        for folder, memory in self._feeds:
            self._finish_left_over(folder, memory)
            memory.forget_all_but(folder.names())
        while not self._stop.is_set():
            finished: list[_Finished] = []
            took = self._unsure = False
            for folder, memory in self._feeds:
                for drop in folder.whole():
                    if self._stop.is_set():
                        break
                    done = yield from self._take(folder, memory, drop)
                    if done is not None:
                        finished.append(done)
                        took = True
                    if len(finished) >= _AT_ONCE:
                        yield None  # from here on the broker has acknowledged them
                        self._put_away(finished)
            yield None
            self._put_away(finished)
            yield None
            if not took:
                unsettled = self._unsure or any(folder.unsettled() for folder, _ in self._feeds)
                if self._once and not unsettled:
                    return
                self._stop.wait(_LOOK_SECONDS)

    def _take(
        self, folder: DropFolder, memory: Memory, drop: Drop
    ) -> Generator[Outcome, None, _Finished | None]:
        """Yield what is in a file and has not been published yet; return what is to be put away, None for a file that is not whole."""
        known = memory.of(drop.shown)
        if known is not None and known.whole and known.stamp == drop.stamp:
            return self._again(folder, memory, drop, known)
        try:
            content = read(drop)
        except Refusal as refusal:
            taken = Taken("", drop.stamp, 1, 1, whole=True)
            memory.note(drop.shown, taken)
            yield refusal.about(self._shown(folder, drop))
            return _Finished(folder, memory, drop, taken)
        if content is None:  # not whole after all: it is looked at again
            self._unsure = True
            return None
        data, digest = content
        if known is not None and known.whole and known.digest == digest:  # touched, or moved by us and back
            known = replace(known, stamp=drop.stamp)
            memory.note(drop.shown, known)
            return self._again(folder, memory, drop, known)
        if known is None or known.digest != digest:
            known = Taken(digest, drop.stamp, 0, 0, whole=False)
        outcomes = list(self._outcomes(folder, drop, data))
        if self._may_be_coming(outcomes, drop):
            return None
        for number, outcome in enumerate(outcomes, start=1):
            if self._stop.is_set():
                return None  # what was yielded is remembered, the rest comes at the next start
            if number <= known.items:
                continue
            known = replace(
                known,
                items=number,
                failed=known.failed + isinstance(outcome, Unreadable),
                whole=number == len(outcomes),
            )
            memory.note(drop.shown, known)
            yield outcome
        known = replace(known, stamp=drop.stamp, whole=True)
        memory.note(drop.shown, known)
        return _Finished(folder, memory, drop, known)

    def _again(self, folder: DropFolder, memory: Memory, drop: Drop, known: Taken) -> _Finished | None:
        """Return what is still to be put away: everything of the file was published, and then the process ended."""
        if not self._move or drop.path in self._stuck:
            return None
        return _Finished(folder, memory, drop, known)

    def _outcomes(self, folder: DropFolder, drop: Drop, data: bytes) -> Iterator[Outcome]:
        path = self._shown(folder, drop)
        try:
            document = unpacked(data)
        except Refusal as refusal:
            yield refusal.about(path)
            return
        yield from captures_of(
            document,
            source=folder.name,
            language=self._language,
            captured_at=self._clock(),
            path=path,
        )

    def _may_be_coming(self, outcomes: list[Outcome], drop: Drop) -> bool:
        (first, *more) = outcomes
        if more or isinstance(first, Captured) or first.reason not in _MAY_BE_COMING:
            return False
        return time.time() - drop.stamp[1] / 1e9 < self._patience

    def _shown(self, folder: DropFolder, drop: Drop) -> str:
        return drop.shown if len(self._feeds) == 1 else f"{folder.name}/{drop.shown}"

    def _put_away(self, finished: list[_Finished]) -> None:
        """Move files that the broker has acknowledged, and forget them: one that is put there again is a new one."""
        for each in finished if self._move else ():
            fate = each.folder.put_away(each.drop, each.taken.digest, failed=each.taken.failed > 0)
            self._moved(each.folder, each.memory, each.drop, fate)
        finished.clear()

    def _finish_left_over(self, folder: DropFolder, memory: Memory) -> None:
        """Finish with the files that a process was putting away when it died; what it has not published goes back into the folder."""
        for left in folder.left_over():
            known = memory.of(left.shown)
            if known is None or not known.whole:
                fate = folder.finish(left, None, "", failed=False)
            else:
                fate = folder.finish(left, known.stamp, known.digest, failed=known.failed > 0)
            self._moved(folder, memory, left, fate)

    def _moved(self, folder: DropFolder, memory: Memory, drop: Drop, fate: Fate) -> None:
        if fate is Fate.AWAY:
            memory.forget(drop.shown)
        elif fate is Fate.STUCK:
            self.unmoved += 1
            self._stuck.add(drop.path)
            metrics.UNMOVED_FILES.labels(folder.name).inc()


def _refuse_overlap(folders: list[DropFolder]) -> None:
    for one in folders:
        for other in folders:
            if one is not other and one.root.is_relative_to(other.root):
                raise UsageError(f"{one.root} lies in {other.root}: its files would be taken twice")
