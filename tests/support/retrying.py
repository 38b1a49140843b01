"""A retry of dead letters with all its results at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newswire import rejected_retry
from newswire.log.contract import Log
from newswire.rejected import DeadLetter
from newswire.rejected_retry import NotRetried, Retried


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the letters."""

    retried: list[Retried]
    refused: list[NotRetried]


def retry(log: Log, letters: Iterable[DeadLetter], *, force: bool = False) -> Report:
    """Retry all the letters."""
    done = list(rejected_retry.retry(log, letters, force=force))
    return Report(
        [one for one in done if isinstance(one, Retried)],
        [one for one in done if isinstance(one, NotRetried)],
    )
