"""Transactions: whether one hangs, whether committed reads reach the end, and who holds them up where they do not."""

from __future__ import annotations

import time
from collections.abc import Iterator

from newswire.broker import k1
from newswire.doctor.finding import Finding, fail, ok
from newswire.log.coordinator import Coordinator, NotReadyError
from newswire.log.kafka import KafkaLog


def look_at_transactions(log: KafkaLog, stands_seconds: float) -> Iterator[Finding]:
    """Yield what hangs, and what stands still for `stands_seconds`: after that a transaction has ended, or nobody ends it soon."""
    report = k1.look(log.connection)
    for found in report.hanging:
        place = f"{found.open.topic}/{found.open.partition}"
        yield fail(
            "transactions",
            f"one hangs on {place} from offset {found.open.start_offset} on, and hides all that follows: {found.evidence}",
            "stop the stages, then `newswire doctor --repair` ends it as it was decided"
            if found.decision != "unknown"
            else "look at these records, then `newswire broker start --settle commit` or `--settle abort`",
        )
    standing = _standing(log, stands_seconds)
    if standing:
        shown = ", ".join(f"{topic}/{partition} at {at}" for (topic, partition), at in standing.items())
        holders = _holders(log, standing)
        yield fail(
            "committed reads",
            f"stand still for {stands_seconds:.0f} s below the end: {shown}{''.join(f'; {holder}' for holder in holders)}",
            "start the process that uses this transactional id again, which ends what it had begun, or wait for the broker to abort it"
            if holders
            else "a transaction is open and does not end: see the line above, and the broker's log",
        )
    elif not report.hanging:
        yield ok("transactions", "none hangs; committed reads reach the end of every topic")


def _standing(log: KafkaLog, seconds: float) -> dict[tuple[str, int], str]:
    """Return where the last stable offset does not reach what was written when we began to look, and how far it is."""
    ends = {place: end for place, (_, end) in log.below_end().items()}
    until = time.monotonic() + seconds
    while True:
        below = log.below_end()
        ends = {place: end for place, end in ends.items() if place in below and below[place][0] < end}
        if not ends or time.monotonic() > until:
            return {place: f"{below[place][0]} of {end}" for place, end in ends.items()}
        time.sleep(0.5)


def _holders(log: KafkaLog, standing: dict[tuple[str, int], str]) -> list[str]:
    """Say which transactions, begun and in the hands of their coordinator, are open on these partitions."""
    namespace = log.connection.namespace
    try:
        with Coordinator(log.connection) as coordinator:
            producers = {
                found.producer_id
                for found in coordinator.open_transactions()
                if (found.topic.removeprefix(namespace), found.partition) in standing
            }
            running = coordinator.running(producers)
    except NotReadyError:
        return []
    return [
        f"the transaction of {found.transactional_id!r} (producer id {found.producer_id}) is open since "
        f"{max(0.0, time.time() - found.began_ms / 1000):.0f} s, and the broker aborts it {found.timeout_ms / 1000:.0f} s after its "
        "beginning if its producer does not end it"
        for found in running
    ]
