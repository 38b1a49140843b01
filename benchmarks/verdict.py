"""What became of everything that went in, read back from the log: each raw record must have exactly one outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from newswire import topology
from newswire.envelope import raw_ref
from newswire.ledger import ledger
from newswire.log.contract import Log, Record
from newswire.scan import scan

_OUTCOMES: Final = ("article", "duplicate", "rejected")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The end of a run. It counts by itself; the ledger is asked as well."""

    raw: int
    """Raw records that can be read."""
    unread: int
    """Raw records that the broker acknowledged and that cannot be read: must be 0."""
    lost: int
    """Raw records without an outcome: must be 0."""
    duplicated: int
    """Raw records with more than one outcome: must be 0."""
    by_event: Mapping[str, int]
    """Outcomes by event."""
    articles_without_story: int
    """Articles that are a member of no story's last version, or of several: must be 0."""
    balanced: bool
    """What the ledger says."""
    in_flight: int
    """What the ledger says: must be 0 at the end."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a verdict."""

    what: str
    holds: bool | None
    """None: too little was observed to say."""
    why: str


def checks_of(told: Outcomes) -> list[Check]:
    """Return the verdict on what became of everything, line by line."""
    return [
        Check(
            "nothing lost",
            told.unread == told.lost == 0,
            f"{told.unread} unread, {told.lost} without an outcome",
        ),
        Check("nothing twice", told.duplicated == 0, f"{told.duplicated} with several outcomes"),
        Check(
            "every article in one story",
            told.articles_without_story == 0,
            f"{told.articles_without_story} are not",
        ),
        Check("the ledger balances", told.balanced and told.in_flight == 0, f"{told.in_flight} in flight"),
    ]


def count(log: Log, acknowledged: Iterable[tuple[int, int]]) -> Outcomes:
    """Read everything back. `acknowledged` has partition and offset of raw records that must be there."""
    raw = {(record.partition, record.offset) for record in _all(log, "raw")}
    outcomes: Counter[tuple[int, int]] = Counter()
    by_event: Counter[str] = Counter()
    articles: set[str] = set()
    for event in _OUTCOMES:
        for record in _all(log, event):
            ref = raw_ref(dict(record.headers))
            if ref is not None:
                outcomes[ref[1:]] += 1
                by_event[event] += 1
            if event == "article":
                articles.add((record.key or b"").decode())
    book = ledger(log)
    return Outcomes(
        raw=len(raw),
        unread=len(set(acknowledged) - raw),
        lost=len(raw - outcomes.keys()),
        duplicated=sum(times > 1 for times in outcomes.values()),
        by_event=dict(by_event),
        articles_without_story=_not_once_in_a_story(log, articles),
        balanced=book.balanced,
        in_flight=book.total.in_flight,
    )


def _not_once_in_a_story(log: Log, articles: set[str]) -> int:
    last = {record.key: record.value for record in _all(log, "story")}
    members = Counter(
        member["article_id"] for value in last.values() if value for member in orjson.loads(value)["members"]
    )
    return sum(members[article] != 1 for article in articles)


def _all(log: Log, event: str) -> Iterable[Record]:
    name = topology.topic(event).name
    return scan(log, name, log.end_offsets(name, committed=False))
