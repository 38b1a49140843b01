"""Which purges are on record: read from the state of the stage that keeps them, so that they are known after the log has expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Log
from newswire.purging.same import same_thing
from schemas.purge.model import Purge

_KEEPER: Final = "deduplicate"
_RECORD: Final = "purge-record:"
_LIFTED: Final = "purge-lifted:"
_IN_FORCE: Final = "purge:"
"""All that an earlier version kept: the last purge of each thing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A purge on record."""

    purge: Purge
    """The purge as it was asked for."""
    lifted_by: Purge | None = None
    """The record that lifted its refusal of later captures, where one did."""

    @property
    def refuses(self) -> bool:
        """Whether later captures are refused by it now."""
        return self.purge.refuse_later and self.lifted_by is None


def listed(log: Log) -> list[Listed]:
    """Return the purges that the stages have read, each of them, latest first."""
    name = topology.changelog(_KEEPER)
    latest: dict[str, bytes | None] = {}
    firsts = log.first_offsets(name)
    for partition, end in log.end_offsets(name, committed=False).items():
        for record in log.read(name, partition, firsts[partition], end):
            if (record.key or b"").startswith(b"purge"):
                latest[(record.key or b"").decode(errors="replace")] = record.value
    lifts = dict(_under(latest, _LIFTED))
    purges = {purge.purge_id: purge for _, purge in _under(latest, _IN_FORCE)}
    purges |= {purge.purge_id: purge for _, purge in _under(latest, _RECORD)}
    found = [Listed(purge, lifts.get(purge_id)) for purge_id, purge in purges.items()]
    return sorted(found, key=lambda one: (one.purge.at, one.purge.purge_id), reverse=True)


def purges(log: Log) -> list[Purge]:
    """Return the purges on record as they were asked for, latest first."""
    return [one.purge for one in listed(log)]


def get(log: Log, purge_id: str) -> Purge:
    """Return a purge on record; UsageError when there is none of that id."""
    for purge in purges(log):
        if purge.purge_id == purge_id:
            return purge
    raise UsageError(f"no purge {purge_id!r} is on record: `newswire purge list` shows those there are")


def refusing(log: Log, what: Purge) -> list[Listed]:
    """Return the purges that a lift of the same thing would end.

    Raises UsageError when there is none, naming those of something else that refuse the same articles.
    """
    now = [one for one in listed(log) if one.refuses]
    meant = [one for one in now if same_thing(one.purge, what)]
    if meant:
        return meant
    ids = {what.name, *what.article_ids}
    others = [one.purge for one in now if ids & {one.purge.name, *one.purge.article_ids}]
    hint = "".join(
        f". Purge {purge.purge_id}, of {purge.kind} {purge.name}, refuses it: lift that" for purge in others
    )
    raise UsageError(
        f"no purge of {what.kind} {what.name!r} is on record that refuses later captures: nothing was lifted{hint}. `newswire purge list` "
        "shows what is on record"
    )


def _under(latest: dict[str, bytes | None], prefix: str) -> Iterator[tuple[str, Purge]]:
    for key, value in latest.items():
        if value is not None and key.startswith(prefix):
            yield key.removeprefix(prefix), Purge.from_data(orjson.loads(value))
