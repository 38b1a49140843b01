"""What a source remembers is written with what it publishes, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from wire import everything, make_topics, payloads, raw

from newswire import topology
from newswire.capture import Captured, Unreadable
from newswire.errors import BrokerError, StageStoppedError
from newswire.keeping import SourceState
from newswire.log.contract import Log
from newswire.log.kafka import KafkaLog
from newswire.log.memory import MemoryLog
from newswire.source import SourceLoop
from newswire.state.contract import State

CHANGELOG = topology.source_changelog("feeds")


@dataclass
class Counting:
    """Publishes `upto` items, each once in its life: it remembers the next number. `None` in `script` is a pause."""

    state: State
    script: list[Any] = field(default_factory=list)
    name: str = "counting"
    rule_version: str = "1"

    def captures(self) -> Iterator[Captured | Unreadable | None]:
        for step in self.script:
            if step is None:
                yield None
                continue
            if isinstance(step, str):
                self.state.put("note", step.encode())
                continue
            number = int(self.state.get("next") or b"0")
            self.state.put("next", str(number + 1).encode())
            body = "x" * step if step > 1 else "One plain sentence."
            yield Captured(raw(f"n{number}", body=body), key=f"n{number}")


@pytest.fixture
def memory() -> MemoryLog:
    log = MemoryLog()
    make_topics(log)
    return log


def run(log: Log, folder: Path, script: list[Any]) -> None:
    kept = SourceState(log, "feeds", folder)
    try:
        SourceLoop(Counting(kept.state, script), log, kept.writer, kept=kept).run()
    finally:
        kept.close()


def remembered(log: Log, folder: Path) -> dict[str, bytes]:
    kept = SourceState(log, "feeds", folder)
    try:
        return dict(kept.state.scan(""))
    finally:
        kept.close()


def test_state_goes_on_where_it_was(memory: MemoryLog, tmp_path: Path) -> None:
    run(memory, tmp_path / "a", [1, 1, None, 1])
    run(memory, tmp_path / "a", [1])
    assert [found["guid"] for found in payloads(memory, "raw")] == ["n0", "n1", "n2", "n3"]
    assert remembered(memory, tmp_path / "a") == {"next": b"4"}


def test_the_folder_is_only_a_copy(memory: MemoryLog, tmp_path: Path) -> None:
    run(memory, tmp_path / "a", [1, 1])
    assert remembered(memory, tmp_path / "elsewhere") == {"next": b"2"}


def test_a_change_without_an_item_goes_out_with_the_next_pause(memory: MemoryLog, tmp_path: Path) -> None:
    run(memory, tmp_path / "a", ["asked", None])
    assert remembered(memory, tmp_path / "a") == {"note": b"asked"}
    assert payloads(memory, "raw") == []


class Broken:
    """A writer whose second transaction fails."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self._writes = 0

    def write(self, outputs: Any) -> Any:
        self._writes += 1
        if self._writes == 2:
            raise BrokerError("the broker went away")
        return self._writer.write(outputs)

    def close(self) -> None:
        self._writer.close()


def test_what_was_not_written_is_not_remembered(memory: MemoryLog, tmp_path: Path) -> None:
    kept = SourceState(memory, "feeds", tmp_path / "a")
    loop = SourceLoop(Counting(kept.state, [1, None, 1, 1, None]), memory, Broken(kept.writer), kept=kept)
    with pytest.raises(BrokerError):
        loop.run()
    kept.close()
    assert remembered(memory, tmp_path / "a") == {"next": b"1"}
    run(memory, tmp_path / "a", [1, 1])
    assert [found["guid"] for found in payloads(memory, "raw")] == ["n0", "n1", "n2"]


def test_a_capture_too_large_for_its_topic_becomes_a_dead_letter(memory: MemoryLog, tmp_path: Path) -> None:
    run(memory, tmp_path / "a", [1, 13 * 1024 * 1024, 1])
    assert [found["guid"] for found in payloads(memory, "raw")] == ["n0", "n2"]
    [letter] = payloads(memory, "rejected")
    assert letter["reason"] == "too-large"
    assert letter["original"]["truncated"]


def test_what_breaks_the_contract_becomes_a_dead_letter(memory: MemoryLog, tmp_path: Path) -> None:
    class Odd(Counting):
        def captures(self) -> Iterator[Captured | Unreadable | None]:
            yield Captured(raw("half a surrogate: \ud800"), key="odd")
            yield from super().captures()

    kept = SourceState(memory, "feeds", tmp_path / "a")
    SourceLoop(Odd(kept.state, [1]), memory, kept.writer, kept=kept).run()
    kept.close()
    assert [found["guid"] for found in payloads(memory, "raw")] == ["n0"]
    assert [letter["reason"] for letter in payloads(memory, "rejected")] == ["contract"]


def test_two_on_one_machine_are_refused(memory: MemoryLog, tmp_path: Path) -> None:
    first = SourceState(memory, "feeds", tmp_path / "a")
    with pytest.raises(StageStoppedError, match="runs already on this machine"):
        SourceState(memory, "feeds", tmp_path / "a")
    first.close()
    SourceState(memory, "feeds", tmp_path / "a").close()


def test_without_its_topic_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StageStoppedError, match="newswire topics create"):
        SourceState(MemoryLog(), "feeds", tmp_path / "a")


@pytest.mark.broker
def test_on_kafka_state_and_items_are_one_transaction(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    run(kafka_log, tmp_path / "a", [1, "asked", 1, None, 1])
    assert {record.key: record.value for record in _changes(kafka_log)} == {b"next": b"3", b"note": b"asked"}
    assert remembered(kafka_log, tmp_path / "b") == {"next": b"3", "note": b"asked"}


@pytest.mark.broker
def test_on_kafka_a_second_machine_takes_over(kafka_log: KafkaLog, tmp_path: Path) -> None:
    """The first cannot write any more, and the second knows all that the first has published."""
    make_topics(kafka_log)
    first = SourceState(kafka_log, "feeds", tmp_path / "first")
    SourceLoop(Counting(first.state, [1, 1]), kafka_log, first.writer, kept=first).run()
    second = SourceState(kafka_log, "feeds", tmp_path / "second")
    with pytest.raises(BrokerError, match="another process has taken"):
        SourceLoop(Counting(first.state, [1]), kafka_log, first.writer, kept=first).run()
    SourceLoop(Counting(second.state, [1]), kafka_log, second.writer, kept=second).run()
    first.close()
    second.close()
    assert [found["guid"] for found in payloads(kafka_log, "raw")] == ["n0", "n1", "n2"]


def _changes(log: Log) -> list[Any]:
    ends = log.end_offsets(CHANGELOG, committed=False)
    assert list(ends) == [0]
    return list(log.read(CHANGELOG, 0, 0, ends[0]))


def test_everything_has_a_topic() -> None:
    log = MemoryLog()
    make_topics(log)
    assert everything(log, CHANGELOG) == []
