"""The purges on record in a stage's state: what must not be taken any more. Shared by the stages with state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from newswire.errors import Drop
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.source import Source
from schemas.purge.model import Purge, folded, source_names

PREFIX: Final = "purge:"
"""State keys of purges begin with this: `purge:<kind>:<what>`."""
MOST: Final = 1_000
"""Articles that one purge record takes out of a partition, so that its transaction stays small. `newswire purge` writes another for the
rest."""
REASON: Final = "purged"
"""Reason of the dead letters of what is refused."""


def note(purge: Purge, state: State) -> None:
    """Put a purge, or that it was lifted, on record; it holds from here on."""
    for key in _keys(purge):
        known = state.get(key)
        if purge.lift:
            if known is None:
                continue
            before = Purge.from_data(orjson.loads(known))
            kept = before.model_copy(update={"refuse_later": False, "lift": True})
        else:
            kept = purge.model_copy(update={"story_ids": ()})
        state.put(key, orjson.dumps(kept.to_data()))


def refuse(
    state: State, source: Source, timestamp_ms: int, *, article_id: str | None = None, url: str | None = None
) -> None:
    """Raise `Drop` when a purge on record names a capture's source, article or canonical address.

    Without `refuse_later` (or after it was lifted) it still holds for what was captured before the purge: that was on its way.
    """
    for key in _asked(source, article_id, url):
        value = state.get(key)
        if value is None:
            continue
        purge = Purge.from_data(orjson.loads(value))
        if purge.refuse_later or utc_from_ms(timestamp_ms) <= purge.at:
            raise Drop(
                REASON,
                f"purge {purge.purge_id} of {purge.at:%Y-%m-%d %H:%M:%S} UTC, for {purge.requested_by}, names it: {purge.reason}. What it "
                "said was not kept. `newswire purge --lift` allows later captures again",
                keep_original=False,
            )


def on_record(state: State) -> Iterator[Purge]:
    """Yield the purges on record, one for each thing that they name."""
    for _, value in state.scan(PREFIX):
        yield Purge.from_data(orjson.loads(value))


def _keys(purge: Purge) -> Iterable[str]:
    if purge.kind == "publisher":
        return [f"{PREFIX}publisher:{folded(purge.name)}"]
    address = [f"{PREFIX}url:{purge.name}"] if purge.kind == "url" else []
    named = {purge.name, *purge.article_ids} if purge.kind == "article" else set(purge.article_ids)
    return [*address, *(f"{PREFIX}article:{article_id}" for article_id in sorted(named))]


def _asked(source: Source, article_id: str | None, url: str | None) -> Iterator[str]:
    for name in source_names(source):
        yield f"{PREFIX}publisher:{name}"
    if article_id is not None:
        yield f"{PREFIX}article:{article_id}"
    if url is not None:
        yield f"{PREFIX}url:{url}"


def names_article(purge: Purge, article_id: str) -> bool:
    """Return whether a purge names an article by its id."""
    return article_id == purge.name or article_id in purge.article_ids
