"""How far behind a stage is, counted in records."""

from __future__ import annotations

import pytest
from waiting import until

from newswire import topology
from newswire.lag import LagMeter
from newswire.log.contract import Log, Moved, Outgoing, WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.memory import MemoryLog
from newswire.topics import specs


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def log(request: pytest.FixtureRequest) -> Log:
    """Both logs: on Kafka, markers of transactions take offsets too."""
    if request.param == "memory":
        return MemoryLog()
    kafka: KafkaLog = request.getfixturevalue("kafka_log")
    return kafka


def test_records_are_counted_and_markers_are_not(log: Log) -> None:
    log.create(specs(1))
    raw = topology.topic("raw").name
    meter = LagMeter(log)
    assert meter.lag("normalize") == 0
    writer = log.writer("test-lag")
    for n in range(3):
        writer.write([Outgoing(raw, 0, b"k", str(n).encode(), 1000)])
    until(lambda: meter.lag("normalize") == 3, "what was written")
    slot = log.slot(topic=raw, group=topology.group("normalize"), slot_id=topology.slot_id("normalize", 0))
    seen = 0
    while seen < 3:
        try:
            window = slot.poll(WindowLimits(records=1), 0.5)
        except Moved:
            slot.rewind()
            continue
        if window is not None:
            slot.commit(window, [], {0: window.records[-1].offset + 1})
            seen += len(window.records)
            until(lambda seen=seen: meter.lag("normalize") == 3 - seen, "what was taken")
    slot.close()
    writer.close()
