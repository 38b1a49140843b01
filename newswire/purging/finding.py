"""What the proof of a purge has found in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found in one place."""

    place: str
    """A topic, or a file of local state."""
    kind: str
    """`append-only`, `compacted`, `changelog` or `local`."""
    found: int
    """Records, or entries of state, that still hold something."""
    must_go: bool
    """Whether nothing may be found there: everywhere but on append-only topics, whose records stay until retention."""
    until: datetime | None = None
    """When what was found, or old values under it, has gone from the broker's disk; None where nothing says when."""
    note: str = ""
    """What to know or do about it."""
    examples: tuple[str, ...] = ()
    """The first places or keys."""
    deletable: Mapping[int, int] = field(default_factory=dict)
    """Partition -> offset before which every record is concerned, so that all of them can be deleted."""
    seen: bool = True
    """Whether the place was there to be looked at: where it was not, nothing is known of it."""

    @property
    def holds(self) -> bool:
        """Whether the proof fails here."""
        return self.must_go and self.found > 0
