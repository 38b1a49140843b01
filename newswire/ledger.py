"""The ledger: in = published + revised + duplicate + rejected + withdrawn + held + in flight, by source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newswire.log.contract import Log
from schemas.core.lineage import RecordRef

UNKNOWN_SOURCE = "(unknown)"


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
    """Withdrawals of articles."""
    duplicate: int = 0
    """Copies, and redeliveries of the same capture."""
    rejected: int = 0
    """Dead letters."""
    held: int = 0
    """Waiting for the end of an embargo."""
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
    """Return the ledger of all sources, or of one."""
    raise NotImplementedError
