"""D8, D9: a process that was suspended inside a transaction wakes up after another has taken its slot.

Its errors have many classes (D9), and waking up it can fence its successor (D8): both end, and start again; nothing of the zombie is ever
seen, nothing is lost, nothing is there twice.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from copying import (
    POINTS,
    before,
    copied_by_restarts,
    copier,
    is_stopped,
    outgoing,
    publish,
    said,
    values,
)
from waiting import until

from newswire.errors import StageError
from newswire.log.client import KafkaError, transactional_producer
from newswire.log.kafka import KafkaLog
from newswire.log.transaction import TransactionalProducer

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]


@pytest.mark.parametrize("point", [point for point in POINTS if point != "send_offsets_to_transaction"])
def test_d09_whatever_the_error_of_a_fenced_producer_is_it_is_not_used_again(
    log: KafkaLog, point: str
) -> None:
    zombie = TransactionalProducer(log.connection, "ours")
    heirs = []

    class Slot:
        _producer = zombie

    before(Slot, point, lambda: heirs.append(TransactionalProducer(log.connection, "ours")))
    with pytest.raises(KafkaError):
        zombie.write([outgoing("out", "zombie")])
    with pytest.raises(StageError, match="not to be used again"):
        zombie.write([outgoing("out", "zombie")])
    zombie.close()
    successor = TransactionalProducer(log.connection, "ours")
    successor.write([outgoing("out", "a")])
    successor.close()
    heirs[0].abandon()
    assert values(log, "out") == {"a": 1}


def test_d08_the_client_still_fences_its_successor_when_it_wakes_up(log: KafkaLog) -> None:
    name = f"{log.connection.namespace}twice"
    topic = f"{log.connection.namespace}out"
    zombie, heir = (transactional_producer(log.connection, name) for _ in range(2))
    zombie.init_transactions()
    zombie.begin_transaction()
    zombie.send(topic, b"zombie", partition=0).get(10)
    heir.init_transactions()
    heir.begin_transaction()
    heir.send(topic, b"heir", partition=0).get(10)
    with pytest.raises(KafkaError):
        zombie.send(topic, b"zombie again", partition=0).get(10)
    fenced = False
    try:
        heir.send(topic, b"heir again", partition=0).get(10)
        heir.commit_transaction()
    except KafkaError:
        fenced = True
    for producer in (zombie, heir):
        producer._sender.force_close()
    # Either way the zombie is never seen. That the heir may be fenced is why our supervisor starts it again.
    assert "zombie" not in values(log, "out")
    assert fenced == (not values(log, "out"))


@pytest.mark.parametrize(
    "point", ["send", *(pytest.param(point, marks=pytest.mark.chaos) for point in POINTS if point != "send")]
)
def test_d08_d09_a_zombie_that_wakes_up_beside_its_busy_successor_harms_nothing(
    log: KafkaLog, tmp_path: Path, point: str
) -> None:
    expected = publish(log, *(f"record-{number}" for number in range(50)))
    with copier(log, tmp_path / "zombie", stops_at=point) as zombie:
        until(lambda: is_stopped(zombie), "the first holder stops in its transaction")
        with copier(log, tmp_path / "heir", stops_at="send_offsets_to_transaction") as heir:
            # The successor has a transaction open as well, with everything in it but the offsets.
            until(lambda: is_stopped(heir), "the second holder stops in its transaction")
            os.kill(zombie.pid, signal.SIGCONT)
            until(lambda: zombie.poll() is not None, "the zombie ends")
            os.kill(heir.pid, signal.SIGCONT)
            assert zombie.returncode == StageError.exit_code, said(tmp_path / "zombie")
            until(
                lambda: heir.poll() is not None or values(log, "out") == expected,
                "the successor goes on, or ends because it was fenced",
            )
    copied_by_restarts(log, tmp_path / "again", expected)
