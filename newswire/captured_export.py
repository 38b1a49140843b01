"""What producers have published, read back from the raw topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from newswire.envelope import decode
from newswire.errors import Reject
from newswire.log.contract import Log, Record
from newswire.scan import scan
from newswire.topology import topic
from schemas.raw.model import Raw


def captures(
    log: Log, since: datetime | None = None, until: datetime | None = None
) -> Iterator[tuple[Record, Raw | None]]:
    """Yield the records that were published from `since` on and before `until`, each with its raw event; None where it holds none.

    What comes while this reads is left out.
    """
    name = topic("raw").name
    ends = log.end_offsets(name, committed=False) if until is None else log.offsets_at(name, _ms(until))
    starts = None if since is None else log.offsets_at(name, _ms(since))
    for record in scan(log, name, ends, starts):
        try:
            yield record, Raw.from_data(decode(record).data)
        except Reject:
            yield record, None


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
