"""The rejected event: a dead letter with everything needed to understand and to retry it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Contract, Sha256
from schemas.core.lineage import RecordRef


class Header(Contract):
    """One header of the original record."""

    name: str
    """Header name."""
    value: str | None = None
    """Its bytes in base64; absent for a null value."""


class OriginalRecord(Contract):
    """The record as it was read, byte for byte."""

    key: str | None = None
    """Key in base64; absent for a null key."""
    value: str | None = None
    """Value in base64; absent for a null value. Cut when `truncated`; of what was purged all of it is cut away."""
    headers: tuple[Header, ...] = ()
    """Headers in order."""
    timestamp_ms: Annotated[int, Field(ge=0)] | None = None
    """Record timestamp, milliseconds since 1970-01-01 UTC."""
    size: Annotated[int, Field(ge=0)]
    """Bytes of the whole value."""
    sha256: Sha256 | None = None
    """Of the whole value."""
    truncated: bool = False
    """Whether `value` holds only the beginning because the whole is larger than a record may be."""


class Rejected(Contract):
    """A record that a producer or stage could not take. Key: that of the original."""

    stage: str
    """The stage or producer that refused it."""
    rule_version: str
    """Version of its rules."""
    verdict: Literal["reject", "drop", "retries-exhausted", "internal"]
    """`reject`: bad input; `drop`: not wanted, by rule; `retries-exhausted`: a passing failure that did not pass;
    `internal`: a bug of ours."""
    reason: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    """Short stable name to filter by, e.g. `not-json`, `schema`, `empty-value`, `too-large`."""
    detail: str
    """What was wrong, where, and what to do, for a person."""
    path: str | None = None
    """JSON Pointer (RFC 6901) to the offending part of the payload."""
    attempt: Annotated[int, Field(ge=1)] = 1
    """How many times it was tried."""
    traceback: str | None = None
    """For `internal`: where it failed in our code."""
    source: str | None = None
    """Name of the source, where it could be read."""
    article_id: ArticleId | None = None
    """The article, where it could be read."""
    raw: RecordRef | None = None
    """The raw record that it comes from; absent when a producer refused it before it was published."""
    input: RecordRef | None = None
    """The record that was refused; absent when a producer refused it before it was published."""
    original: OriginalRecord
    """That record, byte for byte."""
