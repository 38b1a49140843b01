"""How it stands with a source: what is remembered of it between polls."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

from newswire.state.contract import State
from producers.fetch import Validators
from producers.fetch.schedule import Plan

GAPS_KNOWN: Final = 5
"""Gaps between polls with news that it takes to say what is usual; as in the alert for sources that are quiet."""


@dataclass(slots=True, kw_only=True)
class Standing:
    """How it stands with a source: what `sources list` shows, and what the next poll begins with."""

    configured: str
    """Address in the list of sources. Another one there, and all but what was seen begins anew."""
    url: str
    """Address that is asked: the configured one, or where it has moved for good."""
    plan: Plan
    validators: Validators | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    """The reader's own."""
    asks_for: float | None = None
    """Seconds that the publisher wants to be left in peace."""
    skip_hours: list[int] = field(default_factory=list)
    """Hours of the day in UTC in which it asks not to be asked."""
    skip_days: list[int] = field(default_factory=list)
    """Days of the week in UTC, 0 is Monday, in which it does."""
    problem: dict[str, str] | None = None
    """`kind`, `reason` and `detail` of the last failure; None while it works."""
    merged_into: str | None = None
    """Name of the source at whose address this one has arrived by a permanent redirect: it is not asked any more."""
    gaps: list[float] = field(default_factory=list)
    """Seconds between the last polls that found something new: by the longest a source that went quiet is told."""
    churned: int = 0
    """Polls in a row in which half of the known items had other texts; at two, texts are not compared any more."""
    tidied: int = 0
    """Day on which what it does not list any more was last forgotten."""
    polled_at: float | None = None
    """When it was last asked, Unix time."""
    begun_at: float | None = None
    """When it was first to be asked at this address, Unix time."""

    def to_json(self) -> bytes:
        """Return it as a value of the state."""
        return orjson.dumps(asdict(self))

    @classmethod
    def from_json(cls, value: bytes) -> Standing:
        """Return what a value of the state says."""
        given = orjson.loads(value)
        validators = given.pop("validators")
        return cls(
            **{
                **given,
                "plan": Plan(**given["plan"]),
                "validators": Validators(**validators) if validators else None,
            }
        )


def waiting(state: State) -> int:
    """Return how many items wait for their page, or for their turn."""
    return sum(1 for _ in state.scan("wait "))


def standings(state: State) -> dict[str, Standing]:
    """Return how it stands with all sources that were ever asked, by name."""
    return {key.partition(" ")[2]: Standing.from_json(value) for key, value in state.scan("source ")}
