"""Which purges are on record: read from the state of the stage that keeps them, so that they are known after the log has expired."""

from __future__ import annotations

from typing import Final

import orjson

from newswire import topology
from newswire.errors import UsageError
from newswire.log.contract import Log
from schemas.purge.model import Purge

_KEEPER: Final = "deduplicate"
_PREFIX: Final = b"purge:"


def purges(log: Log) -> list[Purge]:
    """Return the purges that the stages have read, latest first; of several of the same thing, the last one."""
    name = topology.changelog(_KEEPER)
    latest: dict[bytes, bytes | None] = {}
    firsts = log.first_offsets(name)
    for partition, end in log.end_offsets(name, committed=False).items():
        for record in log.read(name, partition, firsts[partition], end):
            if (record.key or b"").startswith(_PREFIX):
                latest[record.key or b""] = record.value
    found = [Purge.from_data(orjson.loads(value)) for value in latest.values() if value]
    by_id = {purge.purge_id: purge for purge in found}
    return sorted(by_id.values(), key=lambda purge: (purge.at, purge.purge_id), reverse=True)


def get(log: Log, purge_id: str) -> Purge:
    """Return a purge on record; UsageError when there is none of that id."""
    for purge in purges(log):
        if purge.purge_id == purge_id:
            return purge
    raise UsageError(f"no purge {purge_id!r} is on record: `newswire purge list` shows those there are")
