"""The diff report: what today's code makes of the records, beside what stands on the live topics."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from newswire import topology
from newswire.envelope import speaks_of_article
from newswire.log.contract import Log, Record
from newswire.replay import names
from newswire.replay.control import Ends, Plan
from newswire.replay.run import is_context
from newswire.replay.selection import Chosen, origin, payload
from newswire.scan import scan
from newswire.snapshot import RawRef

_EXAMPLES: Final = 3
_SHOWN: Final = 160
_NOT_COMPARED: Final = frozenset({"lineage"})
"""Where a record stood when it was read: on a side topic it always stands elsewhere."""
_OF_LETTERS: Final = frozenset({"stage", "verdict", "reason", "detail", "path"})


@dataclass(frozen=True, slots=True)
class Example:
    """One field that changed."""

    key: str
    """Record key: the article id, or the story's."""
    raw: str
    """The raw record, `topic/partition/offset`."""
    field: str
    """Name of the field."""
    before: str
    """On the live topic, as JSON, cut when long."""
    after: str
    """Now."""


@dataclass(slots=True)
class EventDiff:
    """The results on one topic."""

    event: str
    """Event name."""
    same: int = 0
    """Equal in every field."""
    changed: int = 0
    """With other values in some field."""
    only_live: int = 0
    """Not written by today's code."""
    only_side: int = 0
    """Written by today's code only."""
    fields: Counter[str] = field(default_factory=Counter)
    """Field -> changed events in which it differs."""
    examples: list[Example] = field(default_factory=list)
    """Up to three for each field."""


@dataclass(frozen=True, slots=True)
class Report:
    """The whole comparison."""

    name: str
    """The replay."""
    events: tuple[EventDiff, ...]
    """One for each event that the last stage writes, then the dead letters."""
    live_ends: Ends
    """Ends of the live topics up to which they were read."""


def compare(log: Log, plan: Plan) -> Report:
    """Compare the results of a replay with the live topics, matched by article (or story) and raw record; of several the last counts.

    Reads the first stage's input and both sides from end to end; keeps what it compares in a temporary file.
    """
    raws = result_raws(log, plan)
    diffs, ends = [], {}
    for event in (*plan.last.writes, "rejected"):
        topic = topology.topic(event).name
        ends[topic] = log.end_offsets(topic, committed=False)
        diff = EventDiff(event)
        with _Shelf() as shelf:
            aside = names.side(plan.name, topic)
            for record in scan(log, aside, log.end_offsets(aside, committed=False)):
                if not is_context(record):
                    shelf.put(1, event, record, plan)
            for record in scan(log, topic, ends[topic]):
                if origin(record) in raws:
                    shelf.put(0, event, record, plan)
            for pair in shelf.pairs():
                _count(diff, *pair)
        diffs.append(diff)
    return Report(plan.name, tuple(diffs), ends)


def result_raws(log: Log, plan: Plan) -> set[RawRef]:
    """Return the raw records of the selected input."""
    chosen = Chosen(log, plan.selection)
    found = set()
    firsts = log.first_offsets(plan.reads)
    for partition, end in sorted(plan.inputs.items()):
        for record in log.read(plan.reads, partition, firsts.get(partition, 0), end):
            ref = origin(record)
            if ref is not None and speaks_of_article(record) and chosen.result(record):
                found.add(ref)
    return found


def comparable(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a payload that are compared."""
    if event == "rejected":
        return {name: value for name, value in data.items() if name in _OF_LETTERS}
    return {name: value for name, value in data.items() if name not in _NOT_COMPARED}


def _count(diff: EventDiff, name: str, before: bytes | None, after: bytes | None) -> None:
    if before is None or after is None:
        diff.only_side += before is None
        diff.only_live += after is None
        return
    if before == after:
        diff.same += 1
        return
    diff.changed += 1
    key, raw = orjson.loads(name)
    was, now = orjson.loads(before), orjson.loads(after)
    for changed in sorted(was.keys() | now.keys()):
        if was.get(changed) == now.get(changed):
            continue
        diff.fields[changed] += 1
        if diff.fields[changed] <= _EXAMPLES:
            diff.examples.append(
                Example(key, raw, changed, _shown(was.get(changed)), _shown(now.get(changed)))
            )


def _shown(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class _Shelf:
    """What is compared, in a temporary file: results may be larger than memory."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE t (name BLOB, side INTEGER, value BLOB, PRIMARY KEY (name, side))")

    def __enter__(self) -> _Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, side: int, event: str, record: Record, plan: Plan) -> None:
        ref = origin(record)
        data = payload(record)
        if event == "rejected" and data.get("stage") not in plan.stages:
            return
        who = data.get("stage") if event == "rejected" else (record.key or b"").decode(errors="replace")
        name = orjson.dumps([who, None if ref is None else f"{ref[0]}/{ref[1]}/{ref[2]}"])
        value = orjson.dumps(comparable(event, data), option=orjson.OPT_SORT_KEYS)
        self._db.execute("INSERT OR REPLACE INTO t VALUES (?, ?, ?)", (name, side, value))

    def pairs(self) -> Iterator[tuple[str, bytes | None, bytes | None]]:
        rows = self._db.execute(
            "SELECT name, max(CASE side WHEN 0 THEN value END), max(CASE side WHEN 1 THEN value END) FROM t GROUP BY name ORDER BY name"
        )
        yield from rows
