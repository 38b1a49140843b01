"""Committed reads that stand still: a producer that opened a transaction with a long timeout and is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from waiting import PATIENCE, until
from wire import make_topics

from newswire.config import Settings
from newswire.doctor.finding import Finding
from newswire.doctor.kafka import look_at_broker
from newswire.log.client import (
    ConsumerGroupMetadata,
    OffsetAndMetadata,
    TopicPartition,
    transactional_producer,
)
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.standing import Watch, watching

GAUGE = "newswire_committed_reads_stand_seconds"


@contextmanager
def _left_open(log: KafkaLog) -> Iterator[None]:
    """A transaction of a producer that is gone, on news.raw.v1/0 and on an offset; aborted after the block by its successor."""
    patient = replace(log.connection, limits=Limits(transaction_ms=600_000))
    namespace = log.connection.namespace
    producer = transactional_producer(patient, f"{namespace}gone")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(f"{namespace}news.raw.v1", b"hidden", partition=0).get(30)
    producer.send_offsets_to_transaction(
        {TopicPartition(f"{namespace}news.raw.v1", 0): OffsetAndMetadata(1, "", -1)},
        ConsumerGroupMetadata(f"{namespace}newswire.normalize", -1, "", None),
    )
    producer._sender.force_close()
    producer._sender.join(PATIENCE)
    try:
        yield
    finally:
        successor = transactional_producer(patient, f"{namespace}gone")
        successor.init_transactions()
        successor.close()


def test_an_offset_that_moves_does_not_stand() -> None:
    watch = Watch()
    places = {("a", 0): (5, 9), ("b", 1): (5, 9)}
    assert {found.seconds for found in watch.look(places, 100.0)} == {0.0}
    found = watch.look({("a", 0): (6, 9), ("b", 1): (5, 20)}, 130.0)
    assert [(standing.topic, standing.seconds, standing.offset, standing.end) for standing in found] == [
        ("b", 30.0, 5, 20),
        ("a", 0.0, 6, 9),
    ]
    assert watch.look({}, 140.0) == []
    assert watch.look(places, 150.0)[0].seconds == 0.0


@pytest.mark.broker
def test_the_alarm_names_the_partition_and_ends_when_reads_go_on(kafka_log: KafkaLog) -> None:
    make_topics(kafka_log)

    def shown() -> float | None:
        return REGISTRY.get_sample_value(GAUGE, {"topic": "news.raw.v1", "partition": "0"})

    with capture_logs() as lines, watching(kafka_log.connection, seconds=1.0, every=0.1):

        def alarms(topic: str = "news.raw.v1") -> list[dict[str, object]]:
            return [line for line in lines if line["log_level"] == "error" and line.get("topic") == topic]

        with _left_open(kafka_log):
            until(alarms, "no alarm")
            assert (shown() or 0) > 1.0
            # The offset that stands in the same transaction, on the partition of the group in Kafka's own topic.
            until(lambda: alarms("__consumer_offsets"), "no alarm for the offset")
        until(lambda: shown() is None, "the gauge stays")
        until(lambda: any(line["event"] == "committed reads go on" for line in lines), "the end is not said")
    (alarm,) = alarms()
    assert (alarm["partition"], alarm["offset"], alarm["end"]) == (0, 0, 1)
    assert "newswire doctor" in str(alarm["event"])


@pytest.mark.broker
def test_the_doctor_names_who_holds_reads_up(kafka_log: KafkaLog) -> None:
    make_topics(kafka_log)
    settings = Settings(namespace=kafka_log.connection.namespace, partitions=2)

    def findings() -> dict[str, Finding]:
        looked = look_at_broker(kafka_log.connection.bootstrap_servers, settings, stands_seconds=0.5)
        return {finding.what: finding for finding in looked}

    with _left_open(kafka_log):
        found = findings()["committed reads"]
    assert found.level == "fail"
    assert "news.raw.v1/0 at 0 of 1" in found.shown
    assert f"the transaction of '{kafka_log.connection.namespace}gone'" in found.shown
    assert "the broker aborts it 600 s after its beginning" in found.shown
    assert "start the process that uses this transactional id again" in found.todo
    assert findings()["transactions"].level == "ok"


def test_the_alert_rule_names_the_gauge_and_waits_as_long_as_the_alarm() -> None:
    rules = yaml.safe_load((Path(__file__).parents[2] / "deploy/prometheus/alerts.yml").read_text())
    (rule,) = [
        rule for rule in rules["groups"][0]["rules"] if rule.get("alert") == "CommittedReadsStandStill"
    ]
    assert rule["expr"] == f"max by (topic, partition) ({GAUGE}) > {Limits().stands_seconds:g}"
