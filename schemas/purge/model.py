"""The purge event: what must go, as a record in the log, so that it is ordered among the articles and a replay carries it out again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.core.contract import ArticleId, Contract, UtcDatetime
from schemas.core.purged import PURGE_ID_PATTERN, Purged
from schemas.core.source import Source


class Purge(Contract):
    """What is to be forgotten by every stage with state, and whether it may come again. It stands beside the stages' input."""

    purge_id: Annotated[str, Field(pattern=PURGE_ID_PATTERN)]
    """Names this purge; the same on all its records."""
    at: UtcDatetime
    """When it was asked for. What was captured until then goes in any case, also what is still on its way."""
    kind: Literal["publisher", "url", "article"]
    """What `name` is: a publisher's or a source's name, a canonical address, or an article id."""
    name: Annotated[str, Field(min_length=1, max_length=2048)]
    """What goes. Names of publishers are compared without regard to case and spacing."""
    article_ids: tuple[ArticleId, ...] = ()
    """Articles that are known to be meant: of an address, those that were captured from it. A publisher's are found by its name."""
    story_ids: tuple[ArticleId, ...] = ()
    """Stories that hold something of them and may be forgotten by the stage that wrote them: those are deleted whole."""
    refuse_later: bool = True
    """Whether later captures are refused, until a record with `lift` allows them again."""
    lift: bool = False
    """Nothing goes: later captures of what an earlier purge named are allowed again."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why, for a person: it is shown wherever the purge is."""
    requested_by: Annotated[str, Field(min_length=1, max_length=200)]
    """Who asked for it."""

    @property
    def mark(self) -> Purged:
        """What stays with the articles that it takes out."""
        return Purged(purge_id=self.purge_id, at=self.at, reason=self.reason)

    def names_source(self, source: Source) -> bool:
        """Return whether it purges a publisher, and the source is of that one, by its own name or by its publisher's."""
        return self.kind == "publisher" and folded(self.name) in source_names(source)


def folded(name: str) -> str:
    """Return a publisher's name as names are compared: without regard to case and spacing."""
    return " ".join(name.casefold().split())


def source_names(source: Source) -> tuple[str, ...]:
    """Return the folded names by which a source may be purged."""
    return tuple(folded(name) for name in (source.name, source.publisher) if name)
