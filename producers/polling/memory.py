"""What is remembered of sources, items and articles, as keys and values of the state.

| key | value |
|---|---|
| `source NAME` | `Standing`, as JSON |
| `seen NAME HASH` | day it was last listed, hashes of what it said: of an item, under each of its keys |
| `link HASH` | which source an article was captured from, what that said, where else it was seen: by canonical address |
| `owes NAME` | when articles that were captured from a source are ripe to be captured again, since they were seen elsewhere too |
| `wait HASH` | `Waiting`: an item whose page could not be had yet, or comes in its turn, in the form of a raw event |
| `alone HOST` | until when a host is to be left alone (`pauses.py`) |

All but `wait` hold hashes and names, nothing that was published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

from newswire.state.contract import State
from newswire.text.canonicalize import canonical_or_none
from producers.fetch.schedule import DAY
from producers.polling.polled import Entry
from producers.polling.standing import Standing

FORGET_DAYS: Final = 120
"""Days after which what a source does not list any more is forgotten, and a third of those after which an article is."""
_REFRESH_DAYS: Final = 15
"""Days after which it is noted anew that an item is still listed: not at every poll."""
_MOST_OTHERS: Final = 50
TELLS_AFTER: Final = 3600.0
"""Seconds from the first sighting of an article in another source to the capture that tells of it: other feeds may follow."""
_TELLS_MOST: Final = 3
"""Captures of an article that nothing but sightings have caused: what is seen later is told with its next revision."""


def digest(text: str, length: int = 20) -> str:
    """Return a short hash of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:length]


@dataclass(slots=True)
class Known:
    """What is remembered of an item."""

    day: int
    heading: str
    text: str


@dataclass(slots=True)
class Link:
    """What is remembered of an article by its address."""

    owner: str
    """The source that it was captured from."""
    heading: str
    text: str
    day: int
    others: list[str] = field(default_factory=list)
    """Other sources that list it."""
    item: str | None = None
    """Hash of what identifies the item that it was captured from, in its source."""
    shared: bool = False
    """Whether that source listed other items under the same address."""
    apart: bool = False
    """Whether it was captured apart from its address, which other items share: this stands under an id of its own."""
    untold_since: float | None = None
    """When it was first seen in another source after its last capture; None when that said all."""
    told: int = 0
    """How often it was captured again for that."""


@dataclass(slots=True)
class Waiting:
    """An item that is published when its page comes, or when it has been waited for long enough."""

    raw: dict[str, Any]
    """The raw event as it is without the page."""
    key: str
    """Record key."""
    url: str
    """Address of the page."""
    link: str
    since: float
    """Unix time of the first try; 0 before that."""
    due: float
    tries: int = 0
    fate: str = "new"
    """What it is counted as when it is published."""


class Memory:
    """Reads and writes all of it. `now` is Unix time; days are counted from 1970."""

    def __init__(self, state: State) -> None:
        self._state = state

    def standing(self, name: str) -> Standing | None:
        """Return how it stands with a source; None when it was never asked."""
        value = self._state.get(f"source {name}")
        return None if value is None else Standing.from_json(value)

    def keep_standing(self, name: str, standing: Standing) -> None:
        """Remember how it stands with a source."""
        self._state.put(f"source {name}", standing.to_json())

    def known(self, name: str, key: str) -> Known | None:
        """Return what is remembered of the item that a source lists under a key."""
        value = self._state.get(f"seen {name} {digest(key)}")
        if value is None:
            return None
        day, heading, text = value.decode().split(" ")
        return Known(int(day), heading, text)

    def keep_known(self, name: str, entry: Entry, now: float) -> None:
        """Remember an item under all its keys, as it is now."""
        value = f"{int(now // DAY)} {digest(entry.heading, 12)} {digest(entry.text, 12)}".encode()
        for key in entry.keys:
            self._state.put(f"seen {name} {digest(key)}", value)

    def still_listed(self, name: str, entry: Entry, known: Known, now: float) -> None:
        """Note that a known item is still there, where that was last noted some time ago. What it said stays as it was captured."""
        if now // DAY - known.day >= _REFRESH_DAYS:
            value = f"{int(now // DAY)} {known.heading} {known.text}".encode()
            for key in entry.keys:
                self._state.put(f"seen {name} {digest(key)}", value)

    def keep_seen(self, name: str, entry: Entry, known: Known | None, now: float) -> None:
        """Remember an item of which nothing is captured now: that it is there, or still is."""
        if known is None:
            self.keep_known(name, entry, now)
        else:
            self.still_listed(name, entry, known, now)

    def link(self, link: str) -> Link | None:
        """Return what is remembered of an article."""
        value = self._state.get(f"link {link}")
        return None if value is None else Link(**orjson.loads(value))

    def keep_link(
        self,
        link: str,
        entry: Entry,
        owner: str,
        others: list[str],
        now: float,
        *,
        shared: bool = False,
        apart: bool = False,
    ) -> None:
        """Remember an article by its address, or one that was captured apart from it by its own id."""
        kept = Link(
            owner,
            digest(entry.heading, 12),
            digest(entry.text, 12),
            int(now // DAY),
            list(dict.fromkeys(others))[:_MOST_OTHERS],
            digest(entry.keys[0], 12),
            shared,
            apart,
        )
        self._state.put(f"link {link}", orjson.dumps(asdict(kept)))

    def note_shared(self, link: str, found: Link) -> None:
        """Note that the source of an article lists other items under its address."""
        found.shared = True
        self._state.put(f"link {link}", orjson.dumps(asdict(found)))

    def listed_by(self, link: str, found: Link, name: str, now: float) -> None:
        """Note that a source lists an article that was captured before, from it or from another."""
        new = name not in (found.owner, *found.others) and len(found.others) < _MOST_OTHERS
        if new or now // DAY - found.day >= _REFRESH_DAYS:
            found.others += [name] * new
            if new and found.untold_since is None:
                found.untold_since = now
                self.owe(found.owner, now + TELLS_AFTER)
            found.day = int(now // DAY)
            self._state.put(f"link {link}", orjson.dumps(asdict(found)))

    def pass_on(self, link: str, found: Link, name: str, entry: Entry, now: float) -> None:
        """Note that a source goes on with an article that it lists, since the one that it was captured from is asked no more."""
        found.others = [*(each for each in found.others if each != name), found.owner][-_MOST_OTHERS:]
        found.owner, found.item, found.day = name, digest(entry.keys[0], 12), int(now // DAY)
        if found.untold_since is None:
            found.untold_since = now
        self.owe(name, found.untold_since + TELLS_AFTER)
        self._state.put(f"link {link}", orjson.dumps(asdict(found)))

    def all_told(self, link: str, told: int) -> None:
        """Note that a capture of an article has named all sources in which it was seen, or that this was given up."""
        found = self.link(link)
        if found is not None and (found.untold_since, found.told) != (None, told):
            found.untold_since, found.told = None, told
            self._state.put(f"link {link}", orjson.dumps(asdict(found)))

    def owe(self, name: str, due: float) -> None:
        """Remember that articles of a source are to be captured again at some time, Unix time; the earliest counts."""
        if self.owes(name) is None:
            self._state.put(f"owes {name}", orjson.dumps(due))

    def owes(self, name: str) -> float | None:
        """Return from when on articles of a source are to be captured again; None when none are."""
        value = self._state.get(f"owes {name}")
        return None if value is None else float(orjson.loads(value))

    def owes_now(self, name: str, now: float) -> bool:
        """Return whether a source is to be asked for its whole list, so that what is ripe is captured again."""
        due = self.owes(name)
        return due is not None and due <= now

    def owes_nothing(self, name: str) -> None:
        """Remember no more that it does."""
        self._state.delete(f"owes {name}")

    def waiting(self) -> Iterator[tuple[str, Waiting]]:
        """Yield all items that wait for their page, with what they are remembered by. There may be many: none is kept."""
        for key, value in self._state.scan("wait "):
            yield key.partition(" ")[2], Waiting(**orjson.loads(value))

    def keep_waiting(self, id_: str, waiting: Waiting) -> None:
        """Remember that an item waits."""
        self._state.put(f"wait {id_}", orjson.dumps(asdict(waiting)))

    def waits(self, id_: str) -> Waiting | None:
        """Return the item that waits under an id."""
        value = self._state.get(f"wait {id_}")
        return None if value is None else Waiting(**orjson.loads(value))

    def forget_waiting(self, id_: str) -> None:
        """Remember no more that it waits."""
        self._state.delete(f"wait {id_}")

    def tidy(self, name: str, standing: Standing, now: float) -> Iterator[None]:
        """Forget what a source last listed long ago, and note that this was done today; yield as `forget_old` does."""
        standing.tidied = int(now // DAY)
        yield from self.forget_old(f"seen {name} ", now)

    def forget_old(self, prefix: str, now: float) -> Iterator[None]:
        """Forget what was last listed long ago under a prefix, `seen NAME ` or `link `; yield after some, so that it goes out in parts."""
        links = prefix == "link "
        today, most, gone = int(now // DAY), FORGET_DAYS * (3 if links else 1), 0
        for key, value in list(self._state.scan(prefix)):
            day = orjson.loads(value)["day"] if links else int(value.split(b" ")[0])
            if today - day > most:
                self._state.delete(key)
                gone += 1
                if gone % 500 == 0:
                    yield None


def is_ripe(link: Link | None, name: str, now: float) -> bool:
    """Return whether an article is to be captured again from the source `name`, since it was seen in others after its last capture."""
    return (
        link is not None
        and link.owner == name
        and link.told < _TELLS_MOST
        and link.untold_since is not None
        and now - link.untold_since >= TELLS_AFTER
    )


def link_of(url: str | None) -> str | None:
    """Return the hash of the canonical form of an article's address; None where it has none."""
    return digest(canonical_or_none(url) or url) if url else None
