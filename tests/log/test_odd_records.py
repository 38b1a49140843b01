"""Records that other producers can write and kafka-python cannot read as it is."""

from __future__ import annotations

import pytest
from kafka import KafkaProducer
from wire import make_topics

from newswire.log.kafka import KafkaLog


class NotUtf8(str):
    """A header name whose bytes are not UTF-8: a Java or C producer may write any."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return b"\xff\xfe-name"


@pytest.mark.broker
@pytest.mark.parametrize("compression", [None, "lz4"])
def test_a_header_name_that_is_not_utf_8_stops_nobody(kafka_log: KafkaLog, compression: str | None) -> None:
    make_topics(kafka_log)
    producer = KafkaProducer(
        bootstrap_servers=kafka_log.connection.bootstrap_servers, compression_type=compression
    )
    topic = f"{kafka_log.connection.namespace}news.raw.v1"
    names = [[("before", b"1"), (NotUtf8("xx"), b"\xff\xfe-name"), ("after", b"3")], [("plain", b"1")]]
    for number, headers in enumerate(names):
        producer.send(topic, value=f"value-{number} ÿþ".encode(), key=b"k", headers=headers, partition=0)
    producer.flush()
    producer.close()
    found = list(kafka_log.read("news.raw.v1", 0, 0, 2))
    assert [record.value for record in found] == ["value-0 ÿþ".encode(), "value-1 ÿþ".encode()]
    assert found[0].headers == (("before", b"1"), ("??-name", b"\xff\xfe-name"), ("after", b"3"))
    assert found[1].headers == (("plain", b"1"),)
