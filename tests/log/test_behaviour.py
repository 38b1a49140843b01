"""One behaviour suite for every log: what `newswire.log.contract` promises, on Kafka and in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from waiting import PATIENCE, until

from newswire.log.contract import Log, Moved, Outgoing, Record, Slot, TopicSpec, Window, WindowLimits
from newswire.log.memory import MemoryLog

SOON = WindowLimits(seconds=0.05)


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    if request.param == "memory":
        yield MemoryLog()
    else:
        yield request.getfixturevalue("kafka_log")


@pytest.fixture
def topic(log: Log) -> str:
    name = "in"
    log.create([TopicSpec(name, 2)])
    return name


@pytest.fixture
def output(log: Log) -> str:
    name = "out"
    log.create([TopicSpec(name, 2)])
    return name


def out(topic: str, value: str, *, partition: int = 0, timestamp_ms: int = 1_706_745_600_000) -> Outgoing:
    return Outgoing(
        topic, partition, f"k-{value}".encode(), value.encode(), timestamp_ms, (("ce_id", value.encode()),)
    )


def fill(log: Log, topic: str, *values: str, partition: int = 0) -> list[int]:
    writer = log.writer(f"filler-{topic}")
    try:
        return writer.write([out(topic, value, partition=partition) for value in values])
    finally:
        writer.close()


def values(log: Log, topic: str, partition: int = 0) -> list[str]:
    end = log.end_offsets(topic, committed=False)[partition]
    return [(record.value or b"").decode() for record in log.read(topic, partition, 0, end)]


def poll(slot: Slot) -> Window:
    """Poll until something comes, through the rebalances that a group goes through when members join."""
    for _ in range(50):
        try:
            found = slot.poll(SOON, PATIENCE)
        except Moved:
            slot.rewind()
            continue
        assert found is not None, "nothing came"
        return found
    raise AssertionError("the group never settled")


def settle(*slots: Slot) -> None:
    """Poll all until every one holds partitions and no two the same."""

    def poll_all() -> None:
        for slot in slots:
            try:
                slot.poll(SOON, 0.05)
            except Moved:
                slot.rewind()

    def settled() -> bool:
        held = [slot.partitions() for slot in slots]
        return all(held) and sorted(p for h in held for p in h) == [0, 1]

    until(settled, "the group settles", meanwhile=poll_all)


def window(slot: Slot) -> list[Record]:
    return list(poll(slot).records)


def test_a_written_record_reads_back_whole(log: Log, topic: str) -> None:
    offsets = fill(log, topic, "a", "b")
    assert log.read(topic, 0, offsets[0], offsets[0] + 1).__next__() == Record(
        topic, 0, offsets[0], 1_706_745_600_000, b"k-a", b"a", (("ce_id", b"a"),)
    )
    assert values(log, topic) == ["a", "b"]


def test_a_tombstone_reads_back_as_one(log: Log, topic: str) -> None:
    log.writer("tombstones").write([Outgoing(topic, 1, b"k", None, 0)])
    (found,) = log.read(topic, 1, 0, log.end_offsets(topic, committed=False)[1])
    assert (found.key, found.value) == (b"k", None)


def test_creating_a_topic_twice_makes_it_once(log: Log, topic: str) -> None:
    before = log.identity(topic)
    assert log.create([TopicSpec(topic, 2)]) == []
    assert log.topics()[topic] == 2
    assert log.identity(topic) == before


def test_a_slot_reads_writes_and_commits(log: Log, topic: str, output: str) -> None:
    fill(log, topic, "a", "b", "c")
    slot = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    found = poll(slot)
    assert [record.value for record in found.records] == [b"a", b"b", b"c"]
    (at, _) = slot.commit(found, [out(output, "A"), out(output, "B")], {0: found.records[-1].offset + 1})
    assert values(log, output) == ["A", "B"]
    assert next(log.read(output, 0, at, at + 1)).value == b"A"
    # A transaction is committed on each of its topics in its own time; the group's offsets stand on one of their own.
    until(lambda: log.group_offsets(f"g-{topic}", topic), "the group's offset")
    assert log.group_offsets(f"g-{topic}", topic) == {0: found.records[-1].offset + 1}
    slot.close()


def test_what_was_not_committed_comes_again(log: Log, topic: str) -> None:
    fill(log, topic, "a", "b")
    slot = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    assert [r.value for r in window(slot)] == [b"a", b"b"]
    slot.rewind()
    assert [r.value for r in window(slot)] == [b"a", b"b"]
    slot.close()
    again = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    found = poll(again)
    again.commit(found, [], {0: found.records[0].offset + 1})
    again.rewind()
    assert [r.value for r in window(again)] == [b"b"]
    again.close()


def test_an_idle_slot_returns_none(log: Log, topic: str) -> None:
    slot = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    assert slot.poll(SOON, 0.1) is None
    slot.close()


def test_a_new_holder_of_a_slot_fences_the_old_one(log: Log, topic: str, output: str) -> None:
    fill(log, topic, "a")
    old = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    stale = poll(old)
    new = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    assert [r.value for r in window(new)] == [b"a"]
    with pytest.raises(Exception, match=r".+") as refused:
        old.commit(stale, [out(output, "ZOMBIE")], {0: 1})
    assert type(refused.value).__name__ in {"Moved", "StageError"}
    assert values(log, output) == []
    new.rewind()
    found = poll(new)
    new.commit(found, [out(output, "A")], {0: 1})
    assert values(log, output) == ["A"]
    new.close()
    old.close()


def test_partitions_are_shared_between_slots_and_move_when_one_leaves(log: Log, topic: str) -> None:
    fill(log, topic, "a", partition=0)
    fill(log, topic, "b", partition=1)
    slots = {n: log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s{n}-{topic}") for n in (0, 1)}

    settle(*slots.values())
    slots.pop(0).close()
    remaining = slots[1]
    settle(remaining)
    remaining.rewind()
    seen: set[bytes | None] = set()
    for _ in range(10):
        seen |= {record.value for record in window(remaining)}
        if len(seen) == 2:
            break
    assert seen == {b"a", b"b"}
    remaining.close()


def test_a_window_read_before_a_rebalance_cannot_be_committed(log: Log, topic: str, output: str) -> None:
    """D14: the membership is the one noted beside the records, not the one at commit time."""
    fill(log, topic, "a", partition=0)
    fill(log, topic, "b", partition=1)
    first = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s0-{topic}")
    stale = poll(first)
    second = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s1-{topic}")
    settle(first, second)
    with pytest.raises(Moved):
        first.commit(stale, [out(output, "STALE")], {0: 1, 1: 1})
    assert values(log, output) == []
    first.close()
    second.close()


def test_a_held_partition_waits_and_goes_on_where_it_was_told(log: Log, topic: str) -> None:
    fill(log, topic, "a", "b", partition=0)
    fill(log, topic, "c", partition=1)
    slot = log.slot(topic=topic, group=f"g-{topic}", slot_id=f"s-{topic}")
    seen: list[bytes | None] = []
    while len(seen) < 3:
        seen += [record.value for record in window(slot)]
    slot.hold(0, 1)
    fill(log, topic, "d", partition=1)
    assert [record.value for record in window(slot)] == [b"d"]
    assert slot.poll(SOON, 0.3) is None
    slot.keep_alive()
    assert slot.poll(SOON, 0.3) is None
    slot.resume(0)
    assert [record.value for record in window(slot)] == [b"b"]
    slot.close()


def test_a_new_writer_under_an_id_fences_the_old_one(log: Log, topic: str) -> None:
    old = log.writer(f"w-{topic}")
    old.write([out(topic, "a")])
    new = log.writer(f"w-{topic}")
    new.write([out(topic, "b")])
    with pytest.raises(Exception, match=r".+"):
        old.write([out(topic, "c")])
    # The new holder may be fenced by the old one's last gasp (D8): a fresh one under the id always works.
    fresh = log.writer(f"w-{topic}")
    fresh.write([out(topic, "d")])
    assert values(log, topic) == ["a", "b", "d"]
    for writer in (old, new, fresh):
        writer.close()


def test_a_writer_can_note_in_the_same_transaction_where_its_records_are(
    log: Log, topic: str, output: str
) -> None:
    fill(log, topic, "before")
    writer = log.writer(f"w-{topic}")
    offsets = writer.write(
        [out(topic, "a"), out(topic, "b", partition=1)],
        lambda offsets: [out(output, f"at {' '.join(map(str, offsets))}")],
    )
    [noted] = values(log, output)
    assert noted == f"at {offsets[0]} {offsets[1]}"
    assert len(offsets) == 3
    [b] = log.read(topic, 1, offsets[1], offsets[1] + 1)
    assert b.value == b"b"


def test_what_cannot_be_noted_is_not_written(log: Log, topic: str) -> None:
    def fails(offsets: list[int]) -> list[Outgoing]:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        log.writer(f"w-{topic}").write([out(topic, "a")], fails)
    log.writer(f"w-{topic}").write([out(topic, "b")])
    assert values(log, topic) == ["b"]


def test_offsets_are_found_by_time(log: Log, topic: str) -> None:
    log.writer(f"w-{topic}").write(
        [out(topic, v, timestamp_ms=t) for v, t in (("a", 1000), ("b", 2000), ("c", 3000))]
    )
    assert log.offsets_at(topic, 1500) == {0: 1, 1: 0}
    assert log.offsets_at(topic, 9000)[0] >= 3


def test_a_subscription_follows_from_where_it_is_told(log: Log, topic: str) -> None:
    fill(log, topic, "a", "b", "c")
    following = log.subscribe(topic, start={0: 1, 1: 0})
    seen: list[bytes | None] = []
    while len(seen) < 2:
        seen += [record.value for record in following.poll(PATIENCE)]
    assert seen == [b"b", b"c"]
    until(following.at_end, "the end", meanwhile=lambda: seen.extend(following.poll(0.2)))
    assert seen == [b"b", b"c"]
    with pytest.raises(ValueError, match="give it a group"):
        following.commit({0: 2})
    following.close()


def test_a_group_goes_on_where_it_committed(log: Log, topic: str) -> None:
    fill(log, topic, "a", "b", "c")
    first = log.subscribe(topic, start=None, group=f"readers-{topic}")
    seen: list[Record] = []
    while len(seen) < 3:
        seen += first.poll(PATIENCE)
    first.commit({0: seen[0].offset + 1})
    first.close()
    second = log.subscribe(topic, start=None, group=f"readers-{topic}")
    again: list[Record] = []
    while len(again) < 2:
        again += second.poll(PATIENCE)
    assert [record.value for record in again] == [b"b", b"c"]
    second.close()


def test_a_group_without_a_position_begins_where_it_is_told(log: Log, topic: str) -> None:
    fill(log, topic, "a", "b", "c")
    first = log.subscribe(topic, start={0: 2}, group=f"readers-{topic}")
    seen: list[Record] = []
    while len(seen) < 1:
        seen += first.poll(PATIENCE)
    assert [record.value for record in seen] == [b"c"]
    first.commit({0: seen[0].offset, 1: 0})
    first.close()
    assert log.group_offsets(f"readers-{topic}", topic)[0] == 2
    # It has one now, and goes on there whatever it is told.
    second = log.subscribe(topic, start={0: 0, 1: 0}, group=f"readers-{topic}")
    again: list[Record] = []
    while not again:
        again += second.poll(PATIENCE)
    assert [record.value for record in again] == [b"c"]
    second.close()


def test_an_unknown_topic_is_named(log: Log) -> None:
    with pytest.raises(Exception, match=r"there is no topic (test-\w+\.)?nowhere"):
        log.end_offsets("nowhere")
