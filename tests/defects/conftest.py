"""What the tests of the client's defects share. D1 to D19 are numbered as in our notes on kafka-python 3.0.12 (docs/architecture.md);
D20 to D22 were found by our own tests.

Each test makes the fault happen on a real broker and shows that our loop loses and repeats nothing. Where it is cheap, another test shows
that the client still has the defect: the day that one fails, a newer client has mended it, and the rule it is named in can go.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newswire.log.client import transactional_producer
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog


@pytest.fixture
def log(kafka_log: KafkaLog) -> KafkaLog:
    """The session's broker, with a topic to read and one to write."""
    kafka_log.create([TopicSpec("in", 2), TopicSpec("out", 2)])
    return kafka_log


@pytest.fixture
def bare(log: KafkaLog) -> Iterator[object]:
    """The client's own producer, with our settings, without our rules: named like the one that ours would have as `ours`."""
    producer = transactional_producer(log.connection, f"{log.connection.namespace}bare")
    producer.init_transactions()
    yield producer
    producer._sender.force_close()
