"""The ledger: in = published + revised + duplicate + rejected + withdrawn + held + in flight, by source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

import orjson

from newswire import snapshot, topology
from newswire.envelope import REPLAY_OF, RETRY_OF, raw_ref
from newswire.fates import Book, Fate
from newswire.log.contract import Log, Record
from newswire.purging.marks import purge_of
from newswire.scan import scan
from newswire.snapshot import Snapshot
from schemas.core.lineage import RecordRef

UNKNOWN_SOURCE: Final = "(unknown)"
_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Account:
    """What went in from one source, and what became of it. All figures count raw records."""

    source: str
    """Source name; `(unknown)` where the record does not tell."""
    entered: int = 0
    """Raw records, and what the source itself could not read."""
    published: int = 0
    """New articles."""
    revised: int = 0
    """Revisions of articles."""
    withdrawn: int = 0
    """Withdrawals of articles, and all captures of articles that were purged."""
    duplicate: int = 0
    """Copies, and redeliveries of the same capture."""
    rejected: int = 0
    """Dead letters."""
    held: int = 0
    """Waiting for the end of an embargo, or for an agency that withholds it."""
    in_flight: int = 0
    """On their way: a stage has yet to read them."""
    lost: int = 0
    """Without a fate, and no stage has them left to read. Must be 0."""
    twice: int = 0
    """With more outcomes than a record, and each retry of it, may have. Must be 0. They are counted under their first fate too."""
    retried: int = 0
    """Rejected at first, then retried, and went through: counted under the fate they came to."""

    @property
    def balanced(self) -> bool:
        """Whether every record has exactly one fate or is still on its way."""
        return not self.lost and not self.twice


@dataclass(frozen=True, slots=True)
class Ledger:
    """All accounts at one moment."""

    accounts: tuple[Account, ...]
    """One per source, by name."""
    total: Account
    """Their sum."""
    waiting: Mapping[str, int]
    """Stage -> records in flight that it has yet to read."""
    reasons: Mapping[str, int]
    """Reason -> records whose fate is rejected, most frequent first."""
    lost: tuple[RecordRef, ...]
    """The first lost raw records."""
    twice: tuple[RecordRef, ...]
    """The first raw records with too many outcomes."""
    notes: tuple[str, ...]
    """What does not belong to the sum, for a person: e.g. rejections by stages after `articles`."""

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost and nothing counted twice."""
        return self.total.balanced


def ledger(log: Log, source: str | None = None) -> Ledger:
    """Return the ledger of all sources, or of one, at this moment; the pipeline may run meanwhile.

    Reads the raw topic and those that decide a fate from end to end. Raw records that are no longer kept, with their outcomes, are left
    out. Raises BrokerError when topics are missing or a transaction that stays open hides their ends.
    """
    return _Count(log, source).result()


class _Count:
    """One count of everything."""

    def __init__(self, log: Log, source: str | None) -> None:
        self._log = log
        self._source = source
        self._firsts = log.first_offsets(topology.topic("raw").name)
        self._seen: Snapshot = snapshot.take(log)
        self._book = Book(self._firsts, self._seen.ends["raw"])
        self._unread: Counter[tuple[str, str]] = Counter()
        self._after: Counter[str] = Counter()

    def result(self) -> Ledger:
        """Read everything and add it up."""
        for record in self._records("raw"):
            self._book.enter(record.partition, record.offset, source_of(record))
        purged: dict[bytes | None, tuple[int, int]] = {}
        for record in self._records("article"):
            if purge_of(record) is not None:  # what it withdraws has its outcome: this is no second one
                self._book.note(_raw(record), Fate.WITHDRAWN)
                purged[record.key] = record.partition, record.offset
                continue
            # What a replay has put in its place is no second outcome: the record was read once.
            swapped = any(header == REPLAY_OF for header, _ in record.headers)
            (self._book.note if swapped else self._book.settle)(_raw(record), _change(record))
        for record in self._records("duplicate"):
            self._book.settle(_raw(record), Fate.DUPLICATE)
        for record in self._records("rejected"):
            self._take_letter(record)
        self._find_held()
        self._find_waiting()
        if purged:
            self._withdraw(purged)
        return self._sum(self._find_twice())

    def _records(self, event: str, starts: Mapping[int, int] | None = None) -> Iterable[Record]:
        return scan(self._log, topology.topic(event).name, self._seen.ends[event], starts)

    def _take_letter(self, record: Record) -> None:
        letter = _payload(record)
        stage, reason = str(letter.get("stage")), str(letter.get("reason"))
        ref = _raw(record)
        if "stage" not in letter:
            self._after["nobody: records on the topic that are none"] += 1
        elif letter.get("input") is None:
            self._unread[_text(letter.get("source")), reason] += 1
        elif ref is None:
            self._after[f"{stage}, which name no raw record"] += 1
        elif any(stage == known.name and not known.decides_fate for known in topology.STAGES):
            self._after[f"{stage}, whose articles were published all the same"] += 1
        else:
            number = self._book.settle(ref, Fate.REJECTED)
            if number is not None:
                self._book.reasons[number] = reason

    def _withdraw(self, purged: Mapping[bytes | None, tuple[int, int]]) -> None:
        """Count all captures of purged articles as withdrawn: `purged` has the place of each article's last purge."""
        for record in self._records("article"):
            partition, last = purged.get(record.key, (None, 0))
            if partition == record.partition and record.offset <= last:
                self._book.overrule(_raw(record), Fate.WITHDRAWN)

    def _find_held(self) -> None:
        for refs in self._seen.held.values():
            for ref in refs:
                self._book.note(ref, Fate.HELD)

    def _find_waiting(self) -> None:
        """Find where the undecided wait: from the last stage back, so that each is found at the furthest place it has reached."""
        for number, stage in reversed(list(enumerate(topology.STAGES))):
            if not stage.decides_fate:
                continue
            if stage.reads != "raw":
                starts = {p: self._seen.positions[stage.name].get(p, 0) for p in self._seen.ends[stage.reads]}
                for record in self._records(stage.reads, starts):
                    self._book.wait(_raw(record), number)
                continue
            for undecided in self._book.undecided():
                place = self._book.place(undecided)
                if self._seen.waits(stage.name, *place[1:]):
                    self._book.wait(place, number)
        nowhere = self._book.undecided()
        if nowhere and self._seen.held:
            # Of several captures under one embargo, compaction leaves the last on the held topic; the others have its article id.
            for record in self._records("normalized"):
                ref_of = _raw(record)
                if (
                    self._book.number(ref_of) in nowhere
                    and (record.key or b"").decode(errors="replace") in self._seen.held
                ):
                    self._book.note(ref_of, Fate.HELD)

    def _find_twice(self) -> set[int]:
        """Return the raw records with more outcomes than they were read: once, and once more for each retry of a dead letter.

        A retry by `newswire rejected retry` is a second record on a stage's input, marked by the header `ce_retryof`. (A retry of a raw
        record is a new raw record, with an outcome of its own.) Inputs are read to their present ends: a retry stands before its outcome.
        """
        repeated = self._book.repeated()
        allowed = Counter(dict.fromkeys(repeated, 1))
        for stage in topology.STAGES:
            if repeated and stage.decides_fate and stage.reads != "raw":
                name = topology.topic(stage.reads).name
                for record in scan(self._log, name, self._log.end_offsets(name, committed=False)):
                    number = self._book.number(_raw(record))
                    retry = any(header == RETRY_OF for header, _ in record.headers)
                    if retry and number is not None and number in repeated:
                        allowed[number] += 1
        return {number for number, outcomes in repeated.items() if outcomes > allowed[number]}

    def _sum(self, twice: set[int]) -> Ledger:
        counts: dict[str, Counter[str]] = {}
        waiting: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        lost: list[RecordRef] = []
        repeated: list[RecordRef] = []
        for number, source, fate, _ in self._book:
            if self._source not in (None, source):
                continue
            account = counts.setdefault(source, Counter())
            account["entered"] += 1
            account[fate.name.lower()] += 1
            if number in twice:
                account["twice"] += 1
                repeated.append(self._book.ref(number))
            if fate is Fate.REJECTED:
                reasons[self._book.reasons[number]] += 1
            elif number in self._book.reasons:
                account["retried"] += 1
            if fate is Fate.IN_FLIGHT:
                waiting[topology.STAGES[self._book.waits_for(number)].name] += 1
            elif fate is Fate.LOST and len(lost) < _NAMED:
                lost.append(self._book.ref(number))
        for (source, reason), count in self._unread.items():
            if self._source in (None, source):
                counts.setdefault(source, Counter()).update(entered=count, rejected=count)
                reasons[reason] += count
        accounts = tuple(Account(source, **counts[source]) for source in sorted(counts))
        return Ledger(
            accounts=accounts,
            total=_total(accounts),
            waiting={stage.name: waiting[stage.name] for stage in topology.STAGES if waiting[stage.name]},
            reasons=dict(reasons.most_common()),
            lost=tuple(lost),
            twice=tuple(repeated[:_NAMED]),
            notes=self._all_notes(),
        )

    def _all_notes(self) -> tuple[str, ...]:
        notes = [f"{count} dead letters of {of}" for of, count in sorted(self._after.items())]
        if self._book.expired:
            notes.append(
                f"{self._book.expired} outcomes of raw records that are no longer kept are not counted"
            )
        return tuple(notes)


def source_of(record: Record) -> str:
    """Return the name of the source in a raw record; `(unknown)` when the record cannot be read so far."""
    data = _payload(record)
    if not isinstance(data.get("source"), dict):
        data = _dict(data.get("data"))  # a CloudEvent in structured mode
    return _text(_dict(data.get("source")).get("name"))


def _text(name: object) -> str:
    return name if isinstance(name, str) and name else UNKNOWN_SOURCE


def _dict(data: object) -> dict[str, object]:
    return data if isinstance(data, dict) else {}


def _payload(record: Record) -> dict[str, object]:
    try:
        return _dict(orjson.loads(record.value or b"{}"))
    except orjson.JSONDecodeError:
        return {}


def _raw(record: Record) -> snapshot.RawRef | None:
    return raw_ref(dict(record.headers))


def _change(record: Record) -> Fate:
    change = _dict(_payload(record).get("revision")).get("change")
    return {"revised": Fate.REVISED, "withdrawn": Fate.WITHDRAWN}.get(str(change), Fate.PUBLISHED)


def _total(accounts: Iterable[Account]) -> Account:
    every = tuple(accounts)
    names = [field.name for field in fields(Account) if field.name != "source"]
    return Account("total", **{name: sum(getattr(account, name) for account in every) for name in names})
