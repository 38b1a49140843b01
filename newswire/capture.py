"""What a source gives to the source loop. Knows neither Kafka nor JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from schemas.raw.model import Raw


@dataclass(frozen=True, slots=True)
class Captured:
    """One article as it was captured."""

    raw: Raw
    """The event to publish."""
    key: str
    """Record key: captures of one article share it, so that they stay in order (see `capture_key`)."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something the source could not take. It becomes a dead letter; the rest goes on."""

    what: str
    """What it was, for a person: path and record, or address."""
    reason: str
    """Short stable name, as in `Reject`."""
    detail: str
    """What was wrong and what to do."""
    original: bytes | None
    """Its bytes as far as they were read; None when it could not be opened."""
    size: int
    """Bytes of the whole, as far as known."""


class Source(Protocol):
    """A kind of source. Yields what it captures; the loop publishes it, in transactions, and reports receipts."""

    name: str
    """Source name: the ledger counts by it."""
    rule_version: str
    """Changes with every change of the rules that changes output."""

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        """Yield captures as they come; None when nothing has come for a while, so that the loop can publish what it has."""
        ...


def capture_key(
    source: str, *, url: str | None = None, guid: str | None = None, path: str | None = None
) -> str:
    """Return the record key of a capture: the url; or source and guid; or source and path."""
    return url or f"{source}:{guid or path or ''}"
