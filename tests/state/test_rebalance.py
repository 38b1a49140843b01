"""State follows its partition: slots that join and leave while articles flow decide as one slot would; a standby reads only the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from news import by_input, deduplicate_on, drain, expected, normalized_news
from waiting import until
from wire import make_topics

from newswire import topology
from newswire.log.contract import Log, Record
from newswire.log.kafka import KafkaLog
from newswire.log.memory import MemoryLog
from newswire.stage.loop import StageLoop

# A busy machine may take minutes over what takes seconds.
pytestmark = pytest.mark.timeout(900)
CHANGELOG = topology.changelog("deduplicate")


@pytest.mark.broker
def test_slots_that_join_and_leave_decide_as_one_would(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log, partitions=3)
    news = normalized_news(tmp_path / "normalize", 80)
    writer = kafka_log.writer("news")
    held: list[set[int]] = []

    def flow(part: int, *loops: StageLoop) -> None:
        """Write a quarter of the news, and let the slots handle it, once all of them hold something."""
        now = [record for n, record in enumerate(news) if n % 80 // 20 == part]
        writer.write(now)
        drain(*loops, records=len(now))
        held.append(set(loops[0]._slot.partitions()))

    first = deduplicate_on(kafka_log, tmp_path / "0", slot=0)
    flow(0, first)
    second = deduplicate_on(kafka_log, tmp_path / "1", slot=1)
    _until_both_hold(first, second)
    flow(1, first, second)
    first.close()
    flow(2, second)
    # It comes back with what it has of three partitions, two of which have changed elsewhere since.
    again = deduplicate_on(kafka_log, tmp_path / "0", slot=0)
    _until_both_hold(again, second)
    flow(3, again, second)
    for loop in (again, second):
        loop.close()
    writer.close()
    assert held[0] == held[2] == {0, 1, 2}
    assert 0 < len(held[1]) < 3
    assert 0 < len(held[3]) < 3
    assert by_input(kafka_log) == expected(tmp_path / "expected", news)


def _until_both_hold(*loops: StageLoop) -> None:
    def shared() -> bool:
        shares = [loop._slot.partitions() for loop in loops]
        return all(shares) and sum(map(len, shares)) == 3

    until(shared, "a share of the partitions for each", meanwhile=lambda: [loop.step(0.1) for loop in loops])


class Counting:
    """A log that counts the changelog records that are read, by partition."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.read_of: dict[int, int] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    def read(self, topic: str, partition: int, start: int, end: int) -> Iterator[Record]:
        for record in self._log.read(topic, partition, start, end):
            if topic == CHANGELOG:
                self.read_of[partition] = self.read_of.get(partition, 0) + 1
            yield record


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def log(request: pytest.FixtureRequest) -> Log:
    log: Log = MemoryLog() if request.param == "memory" else request.getfixturevalue("kafka_log")
    make_topics(log, partitions=3)
    return log


def test_a_standby_takes_over_by_reading_the_end(log: Log, tmp_path: Path) -> None:
    news = normalized_news(tmp_path / "normalize", 60)
    writer = log.writer("news")
    counting = Counting(log)
    first = deduplicate_on(log, tmp_path / "0", slot=0)
    second = deduplicate_on(counting, tmp_path / "1", slot=1, standby=True)  # type: ignore[arg-type]
    _until_both_hold(first, second)
    before = [record for n, record in enumerate(news) if n % 60 < 50]
    writer.write(before)
    drain(first, second, records=len(before))
    standby = second._stores._standby  # type: ignore[union-attr]
    assert standby is not None
    others = first._slot.partitions()
    ends = log.end_offsets(CHANGELOG, committed=False)
    until(
        lambda: {p: store.next_offset for p, store in standby._warm.items()} == {p: ends[p] for p in others},
        "what the standby is to catch up with",
        meanwhile=lambda: (first.step(0.01), second.step(0.1)),
    )
    written = {p: len(list(log.read(CHANGELOG, p, 0, ends[p]))) for p in others}
    assert min(written.values()) > 30
    # What the other one does in its last moments is all that is left to read.
    after = [record for n, record in enumerate(news) if n % 60 >= 50 and record.partition in others]
    counting.read_of.clear()
    standby._due_at = float("inf")
    writer.write(after)
    drain(first, records=len(after))
    first.close()
    while second._slot.partitions() != {0, 1, 2}:
        second.step(0.1)
    tail = {p: log.end_offsets(CHANGELOG, committed=False)[p] - ends[p] for p in others}
    read = {p: counting.read_of.get(p, 0) for p in others}
    # The last record that was known is read once more.
    assert all(0 < read[p] <= tail[p] + 1 for p in others), (read, tail, written)
    rest = [record for n, record in enumerate(news) if n % 60 >= 50 and record.partition not in others]
    writer.write(rest)
    drain(second, records=len(rest))
    second.close()
    writer.close()
    assert by_input(log) == expected(tmp_path / "expected", news)
