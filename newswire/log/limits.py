"""How long the Kafka clients wait and how much they take: the numbers that must fit each other, the topics and the broker.

The clients are built from them and the start-up check (`newswire.stage.checks`) reads the same object: what is checked is what runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TRANSACTION_TIMEOUT_MS: Final = 10_000
SESSION_TIMEOUT_MS: Final = 9_000
MAX_REQUEST_BYTES: Final = 20 * 1024 * 1024
READ_COMMITTED: Final = "read_committed"


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and sizes of the clients. Tests of faults shorten the times; whatever is set has to pass `conflicts`."""

    transaction_ms: int = TRANSACTION_TIMEOUT_MS
    """After this the broker aborts an open transaction. Short: a killed stage's leftovers delay readers for seconds, not a minute."""
    watchdog_seconds: float = 8.0
    """A transaction that takes longer ends the process: shorter than `transaction_ms`, since after that the broker aborts anyway."""
    delivery_ms: int = TRANSACTION_TIMEOUT_MS - 1_000
    """After this a record that the broker did not acknowledge is given up."""
    request_ms: int = 5_000
    """How long a producer waits for one answer."""
    flush_seconds: float = 5.0
    """How long the records of one transaction may take to be acknowledged."""
    session_ms: int = SESSION_TIMEOUT_MS
    """A member of a group that is silent for longer has left it."""
    max_poll_interval_ms: int = 60_000
    """A member that does not poll for longer has left its group."""
    committed_ms: int = 20_000
    """How long a slot waits for the committed offsets of its partitions: longer than an open transaction can keep them unstable."""
    request_bytes: int = MAX_REQUEST_BYTES
    """The largest record that a producer takes."""
    batch_bytes: int = 256 * 1024
    """What a producer sends at once when records are small. A topic that takes less would refuse batches of good records."""
    fetch_bytes: int = 50 * 1024 * 1024
    """What a consumer fetches at once, of all partitions."""
    partition_fetch_bytes: int = 4 * 1024 * 1024
    """What it fetches of one partition at once; a larger record comes alone. With `WindowLimits.bytes` it bounds what a stage holds."""
    isolation: str = READ_COMMITTED
    """Which records a consumer sees. Only with this one does it also wait for offsets whose transaction is still open."""

    @property
    def stands_seconds(self) -> float:
        """A last stable offset that stands still for longer stands before a transaction that nobody ends."""
        return 2 * self.transaction_ms / 1000

    def conflicts(self, window_seconds: float) -> Iterator[str]:
        """Yield what does not fit together, for a loop with windows of `window_seconds`."""
        if self.isolation != READ_COMMITTED:
            yield (
                f"isolation is {self.isolation}, not {READ_COMMITTED}: a stage would read records of transactions that are aborted "
                "later, and begin at offsets that do not hold yet"
            )
        times = (
            ("transaction_ms", self.transaction_ms / 1000),
            ("watchdog_seconds", self.watchdog_seconds),
            ("flush_seconds", self.flush_seconds),
            ("a window's seconds", window_seconds),
        )
        for (longer, more), (shorter, less) in itertools.pairwise(times):
            if more <= less:
                yield f"{longer} ({more:g} s) must be longer than {shorter} ({less:g} s)"
        if self.delivery_ms >= self.transaction_ms:
            yield (
                f"delivery_ms ({self.delivery_ms} ms) must be shorter than transaction_ms ({self.transaction_ms} ms): otherwise a record "
                "can arrive after its transaction was aborted"
            )
