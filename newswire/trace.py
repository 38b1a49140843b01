"""One record's way through every stage, with offsets, decisions and times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from newswire import snapshot, topology
from newswire.decision import decision
from newswire.envelope import coordinates, raw_ref
from newswire.errors import NewswireError
from newswire.log.contract import Log, Record
from newswire.purging.marks import refused_as_purged, takes_away, without_content
from newswire.rejected import recorded_time
from newswire.scan import record_at, scan
from newswire.snapshot import RawRef, Snapshot
from newswire.text.canonicalize import canonicalize
from schemas.core.contract import utc_from_ms
from schemas.core.lineage import RecordRef

_Found = tuple[str, Record]  # the event that a record is, and the record
_FIELDS: Final = ("url", "guid", "path", "article_id", "story_id", "id")
_ORDER: Final = {topic.event: n for n, topic in enumerate(topology.TOPICS)}


@dataclass(frozen=True, slots=True)
class Step:
    """One record on the way."""

    topic: str
    """Topic it stands on."""
    partition: int
    """Partition."""
    offset: int
    """Offset."""
    stage: str
    """The stage or source that wrote it."""
    event: str
    """The event it is, e.g. `article`."""
    decision: str
    """What the stage decided, for a person, e.g. `published as revision 2`."""
    time: datetime
    """Record time: when the raw record was published, the same on all its records."""
    recorded_at: datetime | None
    """When the stage wrote it (`ce_recordedtime`)."""
    id: str
    """CloudEvents id."""
    key: str
    """Record key: the article id, for a story its id, for a raw record its capture key."""


@dataclass(frozen=True, slots=True)
class Way:
    """What became of one raw record, or of one thing that a source could not read."""

    raw: RecordRef | None
    """The raw record; None when the source could not read it."""
    steps: tuple[Step, ...]
    """In the order of time."""
    waiting_at: str | None
    """The stage that has yet to read its last record; None when it has come to its end, or is held."""


@dataclass(frozen=True, slots=True)
class Trace:
    """All ways that match what was asked for, in the order in which they were captured."""

    asked: str
    """What was asked for."""
    ways: tuple[Way, ...]
    """At least one."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, way by way."""
        return tuple(step for way in self.ways for step in way.steps)


def trace(log: Log, url_or_id: str, *, since: datetime | None = None) -> Trace:
    """Return the ways that match.

    `url_or_id`: an address as captured, or any that has the article's canonical form; an article, story or CloudEvents id; a guid; a
    file's path as the source names it; or a record's place, `topic/partition/offset`. `since` leaves out records whose raw record was
    published before.

    Reads all topics twice, from `since` and from the first match: seconds for ten thousand articles, minutes for millions. Raises
    NewswireError when nothing matches.
    """
    asked = url_or_id.strip()
    seen = snapshot.take(log)
    search = _Search(log, seen, asked, None if since is None else round(since.timestamp() * 1000))
    raws, letters = search.matches()
    if not raws and not letters:
        raise NewswireError(
            f"nothing on the topics matches {asked!r}: give an address as captured, an article, story or event id, a guid, a file's path, "
            "or topic/partition/offset. `newswire tail articles` shows what there is; what was captured before the raw topic's "
            "retention is gone"
        )
    ways = [*_ways(log, seen, raws), *letters]
    return Trace(
        asked,
        tuple(sorted(ways, key=lambda way: (way.steps[0].time, way.steps[0].partition, way.steps[0].offset))),
    )


class _Search:
    """Finds the raw records that are meant."""

    def __init__(self, log: Log, seen: Snapshot, asked: str, since_ms: int | None) -> None:
        self._log = log
        self._seen = seen
        self._asked = asked
        self._since_ms = since_ms
        self._meant = {asked, _canonical(asked)}
        # As it stands in JSON, with and without escapes beyond the ones that must be.
        forms = {form for each in self._meant for form in (orjson.dumps(each)[1:-1], _ascii_json(each))}
        self._needles = forms | {form.replace(b"/", b"\\/") for form in forms}
        self._place = coordinates(asked)

    def matches(self) -> tuple[dict[RawRef, int], list[Way]]:
        """Return the raw records that match, each with the least time of a match, and the ways that begin with a dead letter."""
        raws: dict[RawRef, int] = {}
        letters: list[Way] = []
        for event, ends in self._seen.ends.items():
            name = topology.topic(event).name
            starts = None if self._since_ms is None else self._log.offsets_at(name, self._since_ms)
            for record in scan(self._log, name, ends, starts):
                if not self._match(record):
                    continue
                ref = _raw_of(record)
                if ref is not None:
                    raws[ref] = min(raws.get(ref, record.timestamp_ms), record.timestamp_ms)
                elif event == "rejected":
                    letters.append(Way(None, (_step(record, event),), None))
        return raws, letters

    def _match(self, record: Record) -> bool:
        if self._place == (record.topic, record.partition, record.offset):
            return True
        asked = self._asked.encode(errors="replace")
        if record.key == asked or ("ce_id", asked) in record.headers:
            return True
        value = record.value or b""
        if not any(needle in value for needle in self._needles):
            return False
        return not self._meant.isdisjoint(name for name in _names(_payload(record)) if isinstance(name, str))


def _canonical(asked: str) -> str:
    """Return the canonical form of what is asked for if it is an address."""
    try:
        return canonicalize(asked) if asked.startswith(("http://", "https://")) else asked
    except ValueError:
        return asked


def _names(data: dict[str, Any]) -> Iterator[object]:
    """Yield what a payload may be asked for by."""
    inner = data.get("data")
    for part in (data, inner if isinstance(inner, dict) else {}):
        yield from (part.get(name) for name in _FIELDS)


def _ascii_json(text: str) -> bytes:
    """Return a string's inside in JSON with everything beyond ASCII escaped, as many producers write it."""
    return json.dumps(text)[1:-1].encode()


def _ways(log: Log, seen: Snapshot, raws: dict[RawRef, int]) -> Iterator[Way]:
    """Yield the ways of raw records."""
    if not raws:
        return
    records, purged = _records_of(log, seen, raws)
    for (topic, partition, offset), found in records.items():
        if not found:
            continue
        takings = [purged[record.key] for _, record in found if record.key in purged]
        hide = bool(takings) or any(refused_as_purged(event, record) for event, record in found)
        found += [last for last in takings[:1] if last not in found]
        steps = sorted(
            (_step(record, event, hide=hide) for event, record in found),
            key=lambda step: (step.recorded_at or step.time, _ORDER[step.event], step.offset),
        )
        raw = RecordRef(topic=topic, partition=partition, offset=offset)
        yield Way(raw, tuple(steps), _waiting_at(found, seen))


def _records_of(
    log: Log, seen: Snapshot, raws: dict[RawRef, int]
) -> tuple[dict[RawRef, list[_Found]], dict[bytes | None, _Found]]:
    """Return all records that follow from raw records, and of each key the last record that takes away what was purged.

    All records of a way have the raw record's time, or a later one after an embargo.
    """
    began_ms = min([*raws.values(), *_first_times(log, raws)])
    records: dict[RawRef, list[_Found]] = {ref: [] for ref in raws}
    purged: dict[bytes | None, _Found] = {}
    held: dict[bytes | None, set[RawRef]] = {}
    for event, ends in seen.ends.items():
        name = topology.topic(event).name
        for record in scan(log, name, ends, log.offsets_at(name, began_ms)):
            ref = _raw_of(record)
            if takes_away(event, record):
                purged[record.key] = event, record
            if ref in records:
                records[ref].append((event, record))
                if event == "held":
                    held.setdefault(record.key, set()).add(ref)
            elif event == "held" and record.value is None:  # a tombstone names no raw record
                for waited in held.pop(record.key, ()):
                    records[waited].append((event, record))
    return records, purged


def _first_times(log: Log, raws: Iterable[RawRef]) -> Iterator[int]:
    """Yield the time of the first raw record of each partition: what matched may be later, after an embargo."""
    firsts = {(topic, partition): offset for topic, partition, offset in sorted(raws, reverse=True)}
    for (topic, partition), offset in firsts.items():
        record = record_at(log, topic, partition, offset)
        if record is not None:
            yield record.timestamp_ms


def _waiting_at(found: list[_Found], seen: Snapshot) -> str | None:
    """Return the furthest stage that has one of a way's records still to read, and did not write anything from it since."""
    ids = [_text(record, "ce_id") for _, record in found]
    for stage in reversed(topology.STAGES):
        for event, record in found:
            if event == stage.reads and seen.waits(stage.name, record.partition, record.offset):
                # A stage's ids name the record that it read.
                follows = f"{stage.name}:{record.topic}:{record.partition}:{record.offset}:"
                if not any(of.startswith(follows) for of in ids):
                    return stage.name
    return None


def _step(record: Record, event: str, *, hide: bool = False) -> Step:
    payload = _payload(record)
    headers = dict(record.headers)
    return Step(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        stage=_text(record, "ce_source").removeprefix("/newswire/") or "(unknown)",
        event=event,
        decision=decision(
            event, None if record.value is None else without_content(payload) if hide else payload, headers
        ),
        time=utc_from_ms(record.timestamp_ms),
        recorded_at=recorded_time(headers.get("ce_recordedtime")),
        id=_text(record, "ce_id"),
        key=(record.key or b"").decode(errors="replace"),
    )


def _text(record: Record, header: str) -> str:
    return dict(record.headers).get(header, b"").decode(errors="replace")


def _raw_of(record: Record) -> RawRef | None:
    if record.topic == topology.topic("raw").name:
        return record.topic, record.partition, record.offset
    return raw_ref(dict(record.headers))


def _payload(record: Record) -> dict[str, Any]:
    try:
        data = orjson.loads(record.value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}
