"""That something was purged: what stays of it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from schemas.core.contract import Contract, UtcDatetime

PURGE_ID_PATTERN: Final = r"^[0-9a-f]{12}$"


class Purged(Contract):
    """Which purge took an article out, and why. Whoever stored anything of the article deletes it."""

    purge_id: Annotated[str, Field(pattern=PURGE_ID_PATTERN)]
    """The purge, as `newswire purge list` names it."""
    at: UtcDatetime
    """When it was asked for."""
    reason: str
    """Why, as who asked for it put it."""
