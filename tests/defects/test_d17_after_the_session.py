"""D17: a member whose session was lost goes on for some windows before it notices. None of them may count."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from copying import copied_by_restarts, copier, is_stopped, publish, values
from waiting import until

from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]
SESSION_MS = 3_000


def test_d17_what_is_handled_after_the_session_was_lost_is_thrown_away(log: KafkaLog, tmp_path: Path) -> None:
    """Another slot than its own has taken over: nothing has fenced its producer, and it has records in hand that were copied meanwhile."""
    first = publish(log, *(f"record-{number}" for number in range(50)))
    with copier(log, tmp_path / "late", stops_at="begin_transaction", session_ms=SESSION_MS) as late:
        until(lambda: is_stopped(late), "the first slot stops with a window in hand")
        with copier(log, tmp_path / "heir", slot=1, session_ms=SESSION_MS):
            until(lambda: values(log, "out") == first, "the other slot has taken over, and has copied all")
            os.kill(late.pid, signal.SIGCONT)
            # Both run, or the late one ends; whoever has the partition copies these.
            more = publish(log, *(f"later-{number}" for number in range(50)))
            until(lambda: values(log, "out").total() >= (first + more).total(), "what comes later is copied")
            assert values(log, "out") == first + more
    copied_by_restarts(log, tmp_path / "again", first + more)
