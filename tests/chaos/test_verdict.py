"""The fault suite's own instruments: a verdict must find what it looks for, and a seed must give the same rounds again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import FAULTS
from faults.rounds import plan
from faults.segments import offsets
from faults.verdict import Verdict, examine
from running import distinct_article
from seeded import copied, run_stage_on
from wire import everything, publish

from newswire import topology
from newswire.envelope import Encoder
from newswire.log.contract import Outgoing, Record
from newswire.log.memory import MemoryLog
from newswire.state.store import Store

ARTICLES = 6


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[MemoryLog, Path]:
    """A log through which articles have gone, and the stages' state."""
    state = tmp_path_factory.mktemp("state")
    log = copied([])
    encoder = Encoder("files", log.topics())
    publish(log, *(distinct_article(encoder, number) for number in range(ARTICLES)))
    for stage in topology.STAGES:
        run_stage_on(log, stage.name, state / stage.name)
    return log, state


@pytest.fixture
def log(done: tuple[MemoryLog, Path]) -> MemoryLog:
    """A copy of that log, to be spoilt; what is written anew is written after what was there."""
    log, _ = done
    names = [topic.event for topic in topology.TOPICS]
    names += [topology.changelog(stage.name) for stage in topology.STAGES if stage.stateful]
    return copied([record for name in names for record in everything(log, name)])


def verdict_on(log: MemoryLog, state: Path, *, acknowledged: int = ARTICLES) -> Verdict:
    return examine(log, acknowledged=acknowledged, extra=set(), refused=set(), state=state)


def again(log: MemoryLog, record: Record, made: bytes) -> None:
    """Write a record once more, under another identity."""
    headers = tuple((name, made if name == "ce_id" else value) for name, value in record.headers)
    publish(
        log,
        Outgoing(
            record.topic, record.partition, record.key or b"", record.value, record.timestamp_ms, headers
        ),
    )


def test_all_is_well(done: tuple[MemoryLog, Path]) -> None:
    log, state = done
    found = verdict_on(log, state)
    assert found.good, str(found)
    assert (found.entered, found.out) == (ARTICLES, ARTICLES)


def test_an_article_that_is_not_there_is_lost(log: MemoryLog, tmp_path: Path) -> None:
    found = verdict_on(log, tmp_path, acknowledged=ARTICLES + 1)
    assert found.lost == [f"chaos-{ARTICLES} was not published"]
    assert not found.good


def test_an_article_that_is_there_twice_is_duplicated(log: MemoryLog, tmp_path: Path) -> None:
    article = everything(log, "article")[0]
    again(log, article, dict(article.headers)["ce_id"])
    found = verdict_on(log, tmp_path)
    assert len(found.duplicated) == 2  # by its guid, and by what it is made of
    assert not found.good
    assert not found.balanced


def test_what_is_made_of_a_record_that_is_not_there_was_read_though_aborted(
    log: MemoryLog, tmp_path: Path
) -> None:
    article = everything(log, "article")[0]
    again(log, article, f"enrich:news.unique.v1:{article.partition}:999:0".encode())
    found = verdict_on(log, tmp_path)
    assert [text for text in found.aborted_reads if ":999:0 is made of a record" in text]
    assert not found.good


def test_state_that_is_not_its_changelog_disagrees(log: MemoryLog, tmp_path: Path) -> None:
    changes = everything(log, topology.changelog("deduplicate"))
    one = changes[0]
    store = Store(tmp_path / "deduplicate" / "0" / f"{one.partition}.sqlite", "any")
    store.apply({(one.key or b"").decode(): b"something else"}, one.offset + 1)
    store.close()
    [said] = verdict_on(log, tmp_path).disagreements
    assert repr((one.key or b"").decode()) in said


def batch(first: int, count: int, *, producer: int, commits: bool | None = None) -> bytes:
    """Return a transactional record batch as a broker has it on disk; of the records, only what a control record says."""
    key = struct.pack(">hh", 0, int(commits)) if commits is not None else b""
    # Length, attributes, time and offset deltas, key length: varints of one byte, as zigzag has them.
    records = bytes((2 * (5 + len(key)), 0, 0, 0, 2 * len(key))) + key
    attributes = 0x10 | (0 if commits is None else 0x20)
    rest = struct.pack(
        ">ibIhiqqqhii", 0, 2, 0, attributes, count - 1, 0, 0, producer, 0, 0, count if commits is None else 1
    )
    return struct.pack(">qi", first, len(rest) + len(records)) + rest + records


def test_control_records_decide_what_is_committed(tmp_path: Path) -> None:
    (tmp_path / "00000000000000000000.log").write_bytes(
        batch(0, 2, producer=1)
        + batch(2, 3, producer=2)
        + batch(5, 1, producer=2, commits=False)
        + batch(6, 1, producer=1, commits=True)
        + batch(7, 2, producer=2)
    )
    (tmp_path / "00000000000000000009.log").write_bytes(
        batch(9, 1, producer=2, commits=True) + batch(10, 1, producer=3) + bytes(100)
    )
    assert offsets(tmp_path) == ({0, 1, 7, 8}, {2, 3, 4, 10})


@pytest.mark.parametrize("brokers", [1, 3])
def test_a_seed_gives_the_same_rounds_and_every_fault_its_turn(brokers: int) -> None:
    def choices(seed: str) -> Iterator[tuple[str, float]]:
        for number in range(60):
            name, rng = plan(seed, number, brokers)
            yield name, rng.random()

    first = list(choices("7"))
    assert first == list(choices("7"))
    assert first != list(choices("8"))
    possible = {name for name, fault in FAULTS.items() if brokers in fault.brokers}
    assert {name for name, _ in first} == possible
