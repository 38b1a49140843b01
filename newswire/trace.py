"""One record's way through every stage, with offsets, decisions and times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newswire.log.contract import Log
from schemas.core.lineage import RecordRef


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
    """In the order of the stages."""
    waiting_at: str | None
    """The stage that has yet to read its last record; None when it has come to its end."""


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
    """Return the ways that match a URL, article id, story id, `topic/partition/offset`, CloudEvents id, guid or path."""
    raise NotImplementedError
