"""Dead letters: list them, look at one, retry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from newswire.log.contract import Headers, Log
from schemas.core.lineage import RecordRef
from schemas.rejected.model import Rejected


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter as it stands on its topic."""

    ref: RecordRef
    """Where it stands."""
    time: datetime
    """Record time: when the raw record was published."""
    recorded_at: datetime | None
    """When it was refused."""
    letter: Rejected
    """Who refused it and why."""

    @property
    def key(self) -> bytes | None:
        """Key of the original record."""
        raise NotImplementedError

    @property
    def value(self) -> bytes | None:
        """Value of the original record; only its beginning when `letter.original.truncated`."""
        raise NotImplementedError

    @property
    def headers(self) -> Headers:
        """Headers of the original record, in order."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Retried:
    """A letter whose original was published again."""

    letter: DeadLetter
    """The letter."""
    to: RecordRef
    """Where the original stands now, to be read again."""


@dataclass(frozen=True, slots=True)
class NotRetried:
    """A letter that was not retried."""

    letter: DeadLetter
    """The letter."""
    why: str
    """Why not, and what to do instead."""


@dataclass(frozen=True, slots=True)
class RetryReport:
    """What became of the letters that were to be retried."""

    retried: tuple[Retried, ...]
    """Published again, all of them acknowledged."""
    refused: tuple[NotRetried, ...]
    """Left alone."""


def find(
    log: Log,
    *,
    reason: str | None = None,
    stage: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[DeadLetter]:
    """Yield the dead letters that match all that is given, partition by partition, oldest first in each."""
    raise NotImplementedError


def get(log: Log, partition: int, offset: int) -> DeadLetter:
    """Return one dead letter. Raises UsageError when there is none at that place."""
    raise NotImplementedError


def retry(log: Log, letters: Iterable[DeadLetter], *, force: bool = False) -> RetryReport:
    """Publish the originals again on the topics they were read from. `force` also retries what was retried before."""
    raise NotImplementedError
