"""The swap: events that today's code makes otherwise become the newer state of their articles on the live topic."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import orjson

from newswire import topology
from newswire.envelope import REPLAY_OF
from newswire.errors import UsageError
from newswire.log.contract import Headers, Log, Outgoing, Record, Writer
from newswire.replay import control, names
from newswire.replay.compare import comparable
from newswire.replay.control import Plan
from newswire.replay.run import is_context
from newswire.replay.selection import payload
from newswire.scan import record_at, scan

_BATCH: Final = 200
_BATCH_BYTES: Final = 4 * 1024 * 1024
WRITER: Final = "newswire.replay.swap"
"""One id for all swaps: a second one fences the first."""


@dataclass(slots=True)
class Swapped:
    """What a swap came to; all figures count articles."""

    written: int = 0
    """Written to the live topic by this run."""
    before: int = 0
    """Written by an earlier run of the same swap."""
    same: int = 0
    """Nothing to write: the live topic has it so."""
    withdrawn: int = 0
    """Left alone: withdrawn on the live topic."""
    superseded: int = 0
    """Left alone: the live topic has a later revision of the article than the replay."""
    moved: int = 0
    """Refused: the live topic has news of the article since the diff report."""


@dataclass(frozen=True, slots=True)
class _Latest:
    """The last record of an article on a topic."""

    partition: int
    offset: int
    revision: int
    change: str
    digest: bytes
    moved: bool


def refusal(plan: Plan) -> str | None:
    """Return why a replay cannot be swapped in, None when it can."""
    stateful = [name for name in plan.stages if topology.stage(name).stateful]
    if stateful:
        return (
            f"{' and '.join(stateful)} keep{'s' * (len(stateful) == 1)} state: events on the live topic that the live state does not agree "
            "with would make it decide wrongly from then on. See docs/replay.md for what to do instead"
        )
    if not plan.compared:
        return f"there is no diff report of it yet: `newswire replay diff {plan.name}`, read it, then swap"
    return None


def swap(log: Log, plan: Plan) -> Swapped:
    """Write the changed results to the live topic, each once however often this is run.

    Only the latest state of an article is written, never one that is withdrawn there, nor one that changed there since the diff report.
    Raises UsageError when the replay cannot be swapped in.
    """
    why = refusal(plan)
    if why is not None:
        raise UsageError(f"replay {plan.name} cannot be swapped in: {why}")
    # The writer first: whoever swapped under its id before us has written, or never will.
    writer = log.writer(WRITER)
    try:
        result = Swapped()
        for event in plan.last.writes:
            _Swap(log, plan, event, writer, result).run()
        control.note(writer, replace(plan, swapped=plan.swapped + result.written))
    finally:
        writer.close()
    return result


class _Swap:
    """The swap of one topic."""

    def __init__(self, log: Log, plan: Plan, event: str, writer: Writer, result: Swapped) -> None:
        self._log = log
        self._plan = plan
        self._event = event
        self._topic = topology.topic(event).name
        self._aside = names.side(plan.name, self._topic)
        self._writer = writer
        self._result = result
        self._done: set[str] = set()

    def run(self) -> None:
        """Write what is to be written."""
        ends = self._log.end_offsets(self._topic, committed=False)
        live = self._latest(self._topic, ends)
        aside = self._latest(self._aside, self._log.end_offsets(self._aside, committed=False))
        chosen = iter([(key, found) for key, found in aside.items() if self._wanted(live.get(key), found)])
        # What an earlier run wrote may have been overtaken before it could look.
        self._heal(self._plan.compared.get(self._topic, {}))
        while batch := list(islice(chosen, _BATCH)):
            for part in self._parts(batch):
                self._writer.write(part)
                self._result.written += len(part)
                ends = self._heal(ends)

    def _latest(self, topic: str, ends: dict[int, int]) -> dict[bytes, _Latest]:
        found: dict[bytes, _Latest] = {}
        before = self._lane()
        compared = self._plan.compared.get(topic, {})
        for record in scan(self._log, topic, ends):
            if record.key is None or (topic == self._aside and is_context(record)):
                continue
            ours = next((v.decode(errors="replace") for n, v in record.headers if n == REPLAY_OF), "")
            if ours.startswith(before):
                self._done.add(ours)
            data = payload(record)
            revision = _dict(data.get("revision"))
            was = found.get(record.key)
            late = record.offset >= compared.get(record.partition, 0) and not ours.startswith(before)
            found[record.key] = _Latest(
                record.partition,
                record.offset,
                int(revision.get("number") or 0),
                str(revision.get("change")),
                hashlib.sha256(
                    orjson.dumps(comparable(self._event, data), option=orjson.OPT_SORT_KEYS)
                ).digest(),
                moved=late or (was is not None and was.moved),
            )
        return found

    def _lane(self) -> str:
        return names.lane(self._plan.name)

    def _wanted(self, live: _Latest | None, aside: _Latest) -> bool:
        result = self._result
        if self._name(aside) in self._done:
            result.before += 1
        elif live is not None and live.digest == aside.digest:
            result.same += 1
        elif live is not None and live.change == "withdrawn":
            result.withdrawn += 1
        elif live is not None and live.moved:
            result.moved += 1
        elif live is not None and live.revision > aside.revision:
            result.superseded += 1
        else:
            return True
        return False

    def _name(self, aside: _Latest) -> str:
        return f"{self._aside}/{aside.partition}/{aside.offset}"

    def _parts(self, batch: list[tuple[bytes, _Latest]]) -> Iterator[list[Outgoing]]:
        part: list[Outgoing] = []
        for _, found in batch:
            record = record_at(self._log, self._aside, found.partition, found.offset)
            if record is None:
                raise UsageError(f"{self._name(found)} is gone: the replay was dropped meanwhile")
            part.append(self._marked(record, self._name(found)))
            if sum(out.size for out in part) >= _BATCH_BYTES:
                yield part
                part = []
        if part:
            yield part

    def _marked(self, record: Record, of: str) -> Outgoing:
        """Return a record as the newer state of its article: with an id of its own, and the header that says what it replaces by."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()
        event_id = hashlib.sha256(
            f"{of}|{dict(record.headers).get('ce_id', b'').decode(errors='replace')}".encode()
        )
        changed = {
            "ce_id": f"replay:{self._plan.name}:{event_id.hexdigest()[:32]}".encode(),
            "ce_recordedtime": now,
        }
        headers: Headers = tuple((name, changed.get(name, value)) for name, value in record.headers)
        headers = (*headers, (REPLAY_OF, of.encode()))
        return Outgoing(self._topic, record.partition, record.key, record.value, record.timestamp_ms, headers)

    def _heal(self, since: Mapping[int, int]) -> dict[int, int]:
        """Write again what the live stage wrote of our articles just before we did: it is newer, and has to stand last.

        A withdrawal above all. Returns up to where it has looked.
        """
        ends = self._log.end_offsets(self._topic, committed=False)
        theirs: dict[bytes | None, Record] = {}
        overtaken: dict[bytes | None, Record] = {}
        for record in scan(self._log, self._topic, ends, since):
            said = next((value.decode(errors="replace") for n, value in record.headers if n == REPLAY_OF), "")
            if said.startswith(self._lane()):
                if record.key in theirs:
                    overtaken[record.key] = theirs[record.key]
            else:
                theirs[record.key] = record
                overtaken.pop(record.key, None)
        for again in overtaken.values():
            # Named after the live record, so that it does not count as one of ours.
            self._writer.write([self._marked(again, f"{again.topic}/{again.partition}/{again.offset}")])
        return ends


def _dict(data: Any) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}
