"""The proof: every place where something of what was purged could still be, looked at after all stages have passed the purge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from newswire import topology
from newswire.envelope import speaks_of_article
from newswire.log.contract import Log, Record
from newswire.log.kafka import KafkaLog
from newswire.purging import copies
from newswire.purging.concerned import Concerned
from newswire.purging.finding import Finding
from newswire.purging.remembered import ask
from newswire.scan import scan
from newswire.state.memory import MemoryState
from schemas.core.contract import utc_from_ms
from schemas.purge.model import Purge

_EXAMPLES: Final = 3
_UNLIMITED_MS: Final = 10 * 365 * 24 * 3600 * 1000
"""A bound beyond ten years is none."""


def look(log: KafkaLog, what: Concerned, state_dirs: Sequence[Path]) -> list[Finding]:
    """Look everywhere and return a finding for each place: clean ones too, and those that are not here to be looked at.

    `state_dirs`: where this pipeline keeps its copies of state; where none is given only Kafka is looked at.
    """
    topics = log.topics()
    events = {name: event for name in sorted(topics) if (event := _event_on(name)) is not None}
    changelogs = {name: stage for name in sorted(topics) if (stage := _stage_of(name)) is not None}
    of_sources = [name for name in sorted(topics) if _is_of_source(name)]
    settings = log.configs([*events, *changelogs, *of_sources])
    findings = []
    for name, event in events.items():
        compacted = "compact" in settings[name].get("cleanup.policy", "")
        make = _compacted if compacted else _append_only
        findings.append(make(log, name, event, what, settings[name]))
    for name, stage in changelogs.items():
        findings.append(_changelog(log, name, stage, what.purge, settings[name]))
    # What waits there to be published has the form of a raw event; the rest are hashes.
    found = (_compacted(log, name, "raw", what, settings[name]) for name in of_sources)
    findings += [replace(one, kind="changelog") for one in found]
    if state_dirs:
        findings += copies.look(state_dirs, what, _kept_somewhere(log, topics))
    return findings


def _kept_somewhere(log: Log, topics: Mapping[str, int]) -> dict[str, set[int]]:
    """Return the partitions of which somebody has a copy: a stage has all that it reads, a source what it has ever written."""
    kept = {
        stage.name: set(range(topics.get(topology.changelog(stage.name), 0))) for stage in topology.STAGES
    }
    for kind in topology.SOURCES_WITH_STATE:
        name = topology.source_changelog(kind)
        ends = log.end_offsets(name) if name in topics else {}
        kept[copies.place_of_source(kind)] = {partition for partition, end in ends.items() if end}
    return kept


def remaining(log: Log, purge: Purge) -> int:
    """Return how many articles the stages still remember by their changelogs: those that one purge record left to the next."""
    names = [topology.changelog(stage.name) for stage in topology.STAGES if stage.stateful]
    return sum(len(_remembered(log, name, name.split(".")[1], purge)) for name in names)


def _event_on(name: str) -> str | None:
    """Return the event of a topic, also of one beside it: a lane's, or a replay's (`<lane>.news.articles.v1`)."""
    for topic in topology.TOPICS:
        if name == topic.name or name.endswith(f".{topic.name}"):
            return topic.event
    return None


def _stage_of(name: str) -> str | None:
    for stage in topology.STAGES:
        changelog = topology.changelog(stage.name)
        if stage.stateful and (name == changelog or name.endswith(f".{changelog}")):
            return stage.name
    return None


def _is_of_source(name: str) -> bool:
    return any(
        name == changelog or name.endswith(f".{changelog}")
        for changelog in map(topology.source_changelog, topology.SOURCES_WITH_STATE)
    )


def _records(log: Log, name: str) -> Iterator[Record]:
    return scan(log, name, log.end_offsets(name, committed=False))


def _append_only(log: Log, name: str, event: str, what: Concerned, settings: Mapping[str, str]) -> Finding:
    found, latest_ms, examples = 0, 0, list[str]()
    deletable: dict[int, int] = {}
    mixed: set[int] = set()
    ends = log.end_offsets(name, committed=False)
    firsts = log.first_offsets(name)
    for partition, end in ends.items():
        for record in log.read(name, partition, firsts[partition], end):
            speaks = speaks_of_article(record)
            concerned = speaks and what.holds(event, record)
            if concerned:
                found += 1
                latest_ms = max(latest_ms, record.timestamp_ms)
                examples.append(f"{partition}/{record.offset}") if len(examples) < _EXAMPLES else None
                if partition not in mixed:
                    deletable[partition] = record.offset + 1
            elif speaks:
                mixed.add(partition)
    keep_ms = int(settings.get("retention.ms", -1)) + int(settings.get("segment.ms", 0))
    bounded = found and 0 < keep_ms < _UNLIMITED_MS
    return Finding(
        place=name,
        kind="append-only",
        found=found,
        must_go=False,
        until=utc_from_ms(latest_ms) + timedelta(milliseconds=keep_ms) if bounded else None,
        note=""
        if not found
        else "old records stay until retention"
        if bounded
        else "nothing expires here: set retention.ms",
        examples=tuple(examples),
        deletable=deletable,
    )


def _compacted(log: Log, name: str, event: str, what: Concerned, settings: Mapping[str, str]) -> Finding:
    latest: dict[bytes | None, bool] = {}
    older, last_ms = 0, 0
    for record in _records(log, name):
        if latest.get(record.key):
            older, last_ms = older + 1, max(last_ms, record.timestamp_ms)
        latest[record.key] = what.holds(event, record)
    keys = [(key or b"").decode(errors="replace") for key, holds in latest.items() if holds]
    until, note = _bound(settings, what.purge, older)
    return Finding(name, "compacted", len(keys), True, until, note, tuple(sorted(keys)[:_EXAMPLES]))


def _changelog(log: Log, name: str, stage: str, purge: Purge, settings: Mapping[str, str]) -> Finding:
    keys = _remembered(log, name, stage, purge)
    until, note = _bound(settings, purge, 1)
    return Finding(name, "changelog", len(keys), True, until, note, tuple(keys[:_EXAMPLES]))


def _bound(settings: Mapping[str, str], purge: Purge, older: int) -> tuple[datetime | None, str]:
    """Return until when values that were replaced stay on the broker's disk."""
    if not older:
        return None, ""
    lag_ms = int(settings.get("max.compaction.lag.ms", _UNLIMITED_MS))
    if lag_ms >= _UNLIMITED_MS:
        return (
            None,
            "old values stay until the cleaner runs, and nothing says when: set max.compaction.lag.ms",
        )
    return purge.at + timedelta(milliseconds=lag_ms), "old values stay until the cleaner has run"


def _remembered(log: Log, name: str, stage: str, purge: Purge) -> list[str]:
    """Return what a stage still remembers by its changelog, partition by partition as the stage itself does."""
    found = []
    for partition, end in log.end_offsets(name, committed=False).items():
        state = MemoryState()
        for record in log.read(name, partition, log.first_offsets(name)[partition], end):
            key = (record.key or b"").decode()
            if record.value is None:
                state.delete(key)
            else:
                state.put(key, record.value)
        found += ask(stage, purge, state)
    return found
