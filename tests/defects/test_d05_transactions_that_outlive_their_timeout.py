"""D5: a transaction that outlives its timeout is aborted by the broker, and kafka-python may still say that it was committed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from copying import before, copied_by_restarts, copier, is_stopped, outgoing, publish, said, values
from waiting import until

from newswire.errors import BrokerError, StageError
from newswire.log.client import Connection, transactional_producer
from newswire.log.coordinator import Coordinator, NotReadyError
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.log.writer import KafkaWriter

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]
SHORT = Limits(transaction_ms=3_000, watchdog_seconds=100)
"""A watchdog that never bites in this process: the walls behind it are what is tested."""


def _with(log: KafkaLog, limits: Limits) -> Connection:
    return replace(log.connection, limits=limits)


def _aborted(log: KafkaLog, transactional_id: str) -> Callable[[], bool]:
    """Return what tells whether the broker has aborted a transaction because it took too long."""

    def look() -> bool:
        try:
            with Coordinator(log.connection) as coordinator:
                states = {row.transactional_id: row.state for row in coordinator.known()}
        except NotReadyError:
            return False
        return states[f"{log.connection.namespace}{transactional_id}"] == "CompleteAbort"

    return look


def test_d05_the_client_still_commits_what_the_broker_has_aborted(log: KafkaLog) -> None:
    producer = transactional_producer(_with(log, SHORT), f"{log.connection.namespace}late")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(f"{log.connection.namespace}out", b"early", partition=0).get(10)
    until(_aborted(log, "late"), "the broker aborts the transaction")
    producer.send(f"{log.connection.namespace}out", b"late", partition=0)
    # If this raises, D5 is mended: a commit fails when the broker has aborted its transaction.
    producer.commit_transaction()
    producer._sender.force_close()
    assert values(log, "out") == {}


@pytest.mark.parametrize("point", ["send", "flush", "commit_transaction"])
def test_d05_a_source_never_takes_an_aborted_transaction_for_committed(log: KafkaLog, point: str) -> None:
    """Without offsets in it, as sources write: the way on which the client lost records without a word."""
    writer = KafkaWriter(_with(log, SHORT), "late")
    writer.write([outgoing("out", "first")])

    def outlive() -> None:
        client = writer._producer._producer
        # A record of the transaction has to have arrived, or the broker has nothing to abort.
        client.send(f"{log.connection.namespace}out", b"early", partition=0).get(10)
        until(_aborted(log, "late"), "the broker aborts the transaction")

    before(writer, point, outlive)
    with pytest.raises(BrokerError, match="publish again what was not acknowledged"):
        writer.write([outgoing("out", "second"), outgoing("out", "third", 1)])
    successor = KafkaWriter(log.connection, "late")
    successor.write([outgoing("out", "again")])
    successor.close()
    assert values(log, "out") == {"first": 1, "again": 1}


@pytest.mark.chaos
@pytest.mark.parametrize("point", ["send_offsets_to_transaction", "commit_transaction"])
def test_d05_a_stage_suspended_beyond_its_transaction_ends_and_starts_again_exactly(
    log: KafkaLog, tmp_path: Path, point: str
) -> None:
    expected = publish(log, *(f"record-{number}" for number in range(20)))
    with copier(log, tmp_path, stops_at=point) as suspended:
        until(lambda: is_stopped(suspended), "the stage stops in its transaction")
        until(_aborted(log, "copy.0"), "the broker aborts the transaction")
        os.kill(suspended.pid, signal.SIGCONT)
        until(lambda: suspended.poll() is not None, "it ends")
        assert suspended.returncode == StageError.exit_code, said(tmp_path)
    assert values(log, "out") == {}
    copied_by_restarts(log, tmp_path, expected)
