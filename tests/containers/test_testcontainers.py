"""The testcontainers path of the suite's broker fixture, once, on the engine at hand."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.containers, pytest.mark.timeout(300)]


def test_the_container_class_starts_a_broker_that_tells_its_mapped_address() -> None:
    from kafka_container import KafkaContainer, engine_answers

    from newswire.log.client import Connection
    from newswire.log.kafka import KafkaLog

    assert engine_answers()
    with KafkaContainer() as kafka:
        log = KafkaLog(Connection(kafka.bootstrap_servers))
        print(kafka.bootstrap_servers, [n for n in dir(log) if not n.startswith("_")])
        log.close()
