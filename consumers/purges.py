"""The purges on record in a stage's state: what must not be taken any more. Shared by the stages with state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final

import orjson

from newswire.errors import Drop
from newswire.purging.same import same_thing
from newswire.state.contract import State
from schemas.core.contract import utc_from_ms
from schemas.core.source import Source
from schemas.ids import article_id as id_of
from schemas.purge.model import Purge, folded, source_names

PREFIX: Final = "purge:"
"""State keys of what is in force begin with this: `purge:<kind>:<what>` -> the purge by which captures of it are refused."""
RECORD: Final = "purge-record:"
"""`purge-record:<purge id>` -> a purge as it was asked for. It stays, whatever comes after it."""
LIFTED: Final = "purge-lifted:"
"""`purge-lifted:<purge id>` -> the record that lifted that purge."""
MOST: Final = 1_000
"""Articles that one purge record takes out of a partition, so that its transaction stays small. `newswire purge` writes another for the
rest."""
REASON: Final = "purged"
"""Reason of the dead letters of what is refused."""


def note(purge: Purge, state: State) -> None:
    """Put a purge on record, or that others were lifted; it holds from here on.

    Each stays on record. A refusal of later captures holds until the same publisher, address or article is lifted: a later purge that
    allows them does not end it, nor does lifting another that names the same article.
    """
    _adopt(purge, state)
    if purge.lift:
        _lift(purge, state)
        return
    record = f"{RECORD}{purge.purge_id}"
    if state.get(record) is not None:
        return  # its next record, for articles that were left: it may have been lifted since
    kept = purge.model_copy(update={"story_ids": ()})
    _put(record, kept, state)
    for key in _keys(purge):
        known = _get(key, state)
        _put(key, _stronger(known, kept) if known else kept, state)


def refuse(
    state: State,
    source: Source,
    timestamp_ms: int,
    *,
    article_id: str | None = None,
    url: str | None = None,
    also: Iterable[str] = (),
) -> None:
    """Raise `Drop` when a purge on record names a capture's source, article or canonical address, or another address that it is under.

    Without `refuse_later` (or after it was lifted) it still holds for what was captured before the purge: that was on its way.
    """
    for key in _asked(source, article_id, url, also):
        purge = _get(key, state)
        if purge is None:
            continue
        if purge.refuse_later or utc_from_ms(timestamp_ms) <= purge.at:
            raise Drop(
                REASON,
                f"purge {purge.purge_id} of {purge.at:%Y-%m-%d %H:%M:%S} UTC, for {purge.requested_by}, names it: {purge.reason}. What it "
                "said was not kept. `newswire purge --lift` allows later captures again",
                keep_original=False,
            )


def _adopt(purge: Purge, state: State) -> None:
    """Put on record what an earlier version had only in force: it had one value for each thing, and the next purge replaced it."""
    for key in _keys(purge):
        known = _get(key, state)
        if known is not None and state.get(record := f"{RECORD}{known.purge_id}") is None:
            _put(record, known, state)


def _lift(lift: Purge, state: State) -> None:
    """End the refusals of the purges of the same thing; what others refuse is still refused."""
    purges = [Purge.from_data(orjson.loads(value)) for _, value in state.scan(RECORD)]
    lifted = [purge for purge in purges if same_thing(purge, lift) and purge.refuse_later]
    for purge in lifted:
        if state.get(key := f"{LIFTED}{purge.purge_id}") is None:
            _put(key, lift, state)
    for key in sorted({key for purge in lifted for key in _keys(purge)}):
        of_it = [_effective(purge, state) for purge in purges if key in _keys(purge)]
        _put(key, reduce(_stronger, of_it), state)


def _effective(purge: Purge, state: State) -> Purge:
    """Return a purge as it holds now."""
    if state.get(f"{LIFTED}{purge.purge_id}") is None:
        return purge
    return purge.model_copy(update={"refuse_later": False, "lift": True})


def _stronger(one: Purge, other: Purge) -> Purge:
    """Return the purge that holds where two name the same: one that refuses later captures, or the later one."""
    return max(one, other, key=lambda purge: (purge.refuse_later, purge.at))


def _get(key: str, state: State) -> Purge | None:
    value = state.get(key)
    return None if value is None else Purge.from_data(orjson.loads(value))


def _put(key: str, purge: Purge, state: State) -> None:
    state.put(key, orjson.dumps(purge.to_data()))


def _keys(purge: Purge) -> Iterable[str]:
    if purge.kind == "publisher":
        return [f"{PREFIX}publisher:{folded(purge.name)}"]
    address = [f"{PREFIX}url:{purge.name}"] if purge.kind == "url" else []
    named = {purge.name, *purge.article_ids} if purge.kind == "article" else set(purge.article_ids)
    return [*address, *(f"{PREFIX}article:{article_id}" for article_id in sorted(named))]


def _asked(source: Source, article_id: str | None, url: str | None, also: Iterable[str]) -> Iterator[str]:
    for name in source_names(source):
        yield f"{PREFIX}publisher:{name}"
    if article_id is not None:
        yield f"{PREFIX}article:{article_id}"
    if url is not None:
        yield f"{PREFIX}url:{url}"
    for address in also:
        yield f"{PREFIX}url:{address}"
        yield f"{PREFIX}article:{id_of(url=address)}"


def names_article(purge: Purge, article_id: str) -> bool:
    """Return whether a purge names an article by its id."""
    return article_id == purge.name or article_id in purge.article_ids
