"""What is handed in, what comes back, and why it may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newswire.capture import Captured


@dataclass(frozen=True, slots=True)
class Submission:
    """Articles that are published together or not at all."""

    sender: str
    """Who hands them in: keys of different senders do not meet."""
    articles: Sequence[Captured]
    key: str | None = None
    """What the sender knows this request by: handed in again under the same key, nothing is published again."""
    digest: str = ""
    """Checksum of the request, by which another one under the same key is told apart."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One article, where it stands in the log."""

    topic: str
    partition: int
    offset: int
    key: str
    """Record key."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a submission: acknowledged by the broker."""

    receipts: Sequence[Receipt]
    """In the order of the articles."""
    repeated: bool = False
    """Whether they were published by an earlier request with the same key."""


class KeyReusedError(Exception):
    """The key was used for something else."""


class UnavailableError(Exception):
    """Nothing is taken now, and whether this submission was is not known to the sender: with the same key it is safe to ask again.

    `after` is when to ask, in seconds.
    """

    def __init__(self, why: str, after: float) -> None:
        super().__init__(why)
        self.after = after
