"""Where else an article was seen."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.core.contract import Contract


class Reference(Contract):
    """Another place where the same article was seen."""

    source: Annotated[str, Field(min_length=1, max_length=200)]
    """Name of the source: a feed, a sitemap."""
    url: str | None = None
    """The address that it gives for the article, as given."""
    guid: str | None = None
    """Its own id for the article, as given."""
