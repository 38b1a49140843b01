"""Where in an event a passage stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import Contract


class Location(Contract):
    """A span of text inside the same event."""

    path: Annotated[str, Field(pattern=r"^(/[^/]*)+$")]
    """JSON Pointer (RFC 6901) of the string that holds it, e.g. `/sections/0/paragraphs/2` or `/summary`."""
    start: Annotated[int, Field(ge=0)]
    """First character, counted in Unicode code points from 0."""
    end: Annotated[int, Field(ge=1)]
    """One past the last character."""
