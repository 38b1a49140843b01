"""What was handed in under which key: kept a day at least, two at most."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Final

import orjson

from newswire.intake.contract import Accepted, KeyReusedError, Receipt, Submission
from newswire.state.contract import State

KEPT: Final = timedelta(days=1)
"""How long a key is remembered at least."""
_PREFIX: Final = "key/"
_FORGOTTEN_AT_ONCE: Final = 1_000
"""Keys: so that a day's worth of them does not have to go in one transaction."""


def find(state: State, submission: Submission, now: datetime) -> Accepted | None:
    """Return what the submission's key stands for; None for a new one. Raises `KeyReusedError` when it was for something else."""
    if submission.key is None:
        return None
    for day in (now, now - KEPT):
        known = state.get(_name(submission, day))
        if known is not None:
            noted = orjson.loads(known)
            if noted["digest"] != submission.digest:
                raise KeyReusedError
            places = zip(noted["places"], submission.articles, strict=True)
            return Accepted(
                [Receipt(topic, partition, offset, each.key) for (topic, partition, offset), each in places],
                repeated=True,
            )
    return None


def note(state: State, submission: Submission, receipts: Sequence[Receipt], now: datetime) -> None:
    """Remember what the submission's key stands for."""
    if submission.key is not None:
        # Without the record keys, which the same request gives again: nothing of an article stays here after a purge.
        places = [[each.topic, each.partition, each.offset] for each in receipts]
        state.put(_name(submission, now), orjson.dumps({"digest": submission.digest, "places": places}))


def forget(state: State, now: datetime) -> None:
    """Take some of the keys away that are older than they need to be."""
    first_kept = _day(now - KEPT)
    # In the order of their days: the old ones come first.
    old = takewhile(lambda name: name < first_kept, (name for name, _ in state.scan(_PREFIX)))
    for name in list(islice(old, _FORGOTTEN_AT_ONCE)):
        state.delete(name)


def _day(moment: datetime) -> str:
    return f"{_PREFIX}{moment.astimezone(UTC):%Y%m%d}/"


def _name(submission: Submission, day: datetime) -> str:
    # Hashed: a key is whatever a sender makes up, of any length.
    known_by = hashlib.sha256(f"{submission.sender}\0{submission.key}".encode()).hexdigest()
    return _day(day) + known_by
