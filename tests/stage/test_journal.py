"""A record that ends the process does not end it for ever: shown with processes that really end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import until
from wire import everything, make_topics, payloads, publish, raw_record

from newswire.log.contract import Record
from newswire.log.kafka import KafkaLog
from newswire.stage.journal import PATIENCE, Journal
from newswire.supervisor import Supervisor

DEADLY = """
import os, sys
sys.path[:0] = [{root!r}, {support!r}]
import newswire.stage.runner as runner
from wire import TinyNormalize
class Deadly(TinyNormalize):
    def handle(self, event, state):
        if event.data["body"] == "deadly":
            os._exit(139)
        return super().handle(event, state)
runner.load_handler = lambda stage: Deadly()
from newswire.config import load
runner.run_stage("normalize", os.environ["KAFKA_BOOTSTRAP_SERVERS"], load())
"""


def record(offset: int, partition: int = 0) -> Record:
    return Record("news.raw.v1", partition, offset, 0, b"k", b"v")


def ended_over(path: Path, *records: Record) -> Journal:
    """A process that begins these records and ends: what the next one finds."""
    Journal(path).begin(records)
    return Journal(path)


def test_a_clean_end_leaves_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.json")
    journal.begin([record(1)])
    journal.done()
    assert not (tmp_path / "journal.json").exists()
    assert not Journal(tmp_path / "journal.json").careful


def test_the_same_window_again_and_again_makes_the_stage_careful(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    window = [record(n) for n in range(5)]
    for _ in range(PATIENCE - 1):
        assert not ended_over(path, *window).careful
    journal = ended_over(path, *window)
    assert journal.careful
    for n in range(5):
        assert journal.careful
        journal.begin([record(n)])
        journal.done()
    assert not journal.careful
    assert not path.exists()


def test_a_record_that_ends_it_alone_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    for _ in range(PATIENCE):
        journal = ended_over(path, record(3), record(4))
    for _ in range(PATIENCE):
        assert not journal.deadly(record(3))
        journal = ended_over(path, record(3))
    journal.begin([record(3)])
    assert journal.deadly(record(3)) > PATIENCE
    assert not journal.deadly(record(4))


def test_kills_at_different_places_make_nobody_suspicious(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    for n in range(20):
        assert not ended_over(path, record(n * 10), record(n * 10 + 1)).careful


@pytest.mark.parametrize("rubbish", [b"", b"not json", b"[]"])
def test_a_broken_note_is_no_note(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "journal.json"
    path.write_bytes(rubbish)
    assert not Journal(path).careful


@pytest.mark.broker
def test_a_deadly_record_becomes_a_dead_letter_and_the_rest_goes_on(
    kafka_log: KafkaLog, tmp_path: Path
) -> None:
    make_topics(kafka_log)
    bodies = ["fine", "deadly", "fine", "fine"]
    publish(kafka_log, *(raw_record(kafka_log, f"g{n}", body, partition=0) for n, body in enumerate(bodies)))
    root = Path(__file__).resolve().parents[2]
    script = DEADLY.format(root=str(root), support=str(root / "tests" / "support"))
    supervisor = Supervisor(
        longest_pause=0.2,
        environment={
            "KAFKA_BOOTSTRAP_SERVERS": kafka_log.connection.bootstrap_servers,
            "NEWSWIRE_NAMESPACE": kafka_log.connection.namespace,
            "NEWSWIRE_STATE_DIR": str(tmp_path),
        },
    )
    supervisor.add("normalize", [sys.executable, "-c", script])
    try:
        until(lambda: True if len(everything(kafka_log, "normalized")) == 3 else None, supervisor)
    finally:
        supervisor.stop()
    assert [data["guid"] for data in payloads(kafka_log, "normalized")] == ["g0", "g2", "g3"]
    (letter,) = payloads(kafka_log, "rejected")
    assert (letter["verdict"], letter["reason"], letter["input"]["offset"]) == (
        "internal",
        "ends-the-process",
        1,
    )
