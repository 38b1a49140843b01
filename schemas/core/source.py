"""Who published an article, and how it reached us."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import Contract


class Source(Contract):
    """A source as it is named in the configuration or on the command line."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    """Short stable name, e.g. `files` or `coastal-herald`. The ledger counts by it."""
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    """The kind of producer that captured it, e.g. `files`. An open set: a new kind of source breaks no reader."""
    publisher: str | None = None
    """The outlet's name, where it differs from the source's name."""
    timezone: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{1,63}$")] | None = None
    """IANA name of the zone in which it writes times without an offset from UTC, as configured."""
