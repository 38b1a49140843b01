"""The desk: each submission whole and once, on Kafka and in memory."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from waiting import until
from wire import everything, make_topics

from newswire import topology
from newswire.capture import Captured
from newswire.errors import BrokerError, Reject
from newswire.intake import desk as desk_module
from newswire.intake import keys
from newswire.intake.contract import Accepted, KeyReusedError, Receipt, Submission, UnavailableError
from newswire.intake.desk import Desk
from newswire.log.contract import Log, Outgoing, Writer
from newswire.log.kafka import KafkaLog
from newswire.log.memory import MemoryLog
from newswire.state.memory import MemoryState
from schemas.core.source import Source
from schemas.raw.model import Raw

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
SOON = 20.0


def article(number: int, body: str = "text") -> Captured:
    url = f"https://herald.example/{number}"
    raw = Raw(
        source=Source(name="herald", kind="push"),
        captured_at=NOW,
        media_type="text/plain",
        body=body,
        url=url,
    )
    return Captured(raw, url)


def submission(
    *numbers: int, key: str | None = None, digest: str = "d", sender: str = "herald"
) -> Submission:
    return Submission(sender, [article(number) for number in numbers], key, digest)


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.broker)])
def connect(request: pytest.FixtureRequest) -> Iterator[Callable[[], Log]]:
    if request.param == "memory":
        memory = MemoryLog()
        make_topics(memory)
        yield lambda: memory
        return
    kafka: KafkaLog = request.getfixturevalue("kafka_log")
    make_topics(kafka)
    with ExitStack() as opened:
        yield lambda: opened.enter_context(closing(KafkaLog(kafka.connection)))


@pytest.fixture
def open_desk(connect: Callable[[], Log], state_dir: Path) -> Iterator[Callable[[], Desk]]:
    made: list[Desk] = []

    def one() -> Desk:
        made.append(Desk("push", connect, state_dir))
        made[-1].start()
        until(lambda: made[-1].ready)
        return made[-1]

    yield one
    for each in made:
        each.close(SOON)


def urls(log: Log) -> list[str]:
    return sorted(
        (record.key or b"").decode().rpartition("/")[2] for record in everything(log, "news.raw.v1")
    )


def test_what_is_acknowledged_is_in_the_log_where_the_receipt_says(
    connect: Callable[[], Log], open_desk: Callable[[], Desk]
) -> None:
    desk, log = open_desk(), connect()
    answers = [desk.submit(submission(n, n + 100, key=f"k{n}")) for n in range(5)]
    for n, answer in enumerate(answers):
        accepted = answer.result(SOON)
        assert not accepted.repeated
        for receipt, number in zip(accepted.receipts, (n, n + 100), strict=True):
            [record] = log.read(receipt.topic, receipt.partition, receipt.offset, receipt.offset + 1)
            assert record.key == receipt.key.encode() == f"https://herald.example/{number}".encode()
    assert len(urls(log)) == 10


def test_the_same_key_publishes_nothing_again_and_gives_the_same_receipts_also_after_a_restart(
    connect: Callable[[], Log], open_desk: Callable[[], Desk], state_dir: Path
) -> None:
    first = open_desk()
    accepted = first.submit(submission(1, 2, key="k")).result(SOON)
    again = first.submit(submission(1, 2, key="k")).result(SOON)
    assert again.repeated
    assert again.receipts == accepted.receipts
    first.close(SOON)
    (state_dir / "0.sqlite").unlink()  # only a copy of what the changelog says
    later = open_desk().submit(submission(1, 2, key="k")).result(SOON)
    assert later.repeated
    assert later.receipts == accepted.receipts
    assert urls(connect()) == ["1", "2"]


def test_the_same_key_at_the_same_time_is_one(
    connect: Callable[[], Log], open_desk: Callable[[], Desk]
) -> None:
    desk = open_desk()
    answers = [desk.submit(submission(1, key="k")) for _ in range(8)]
    found = [answer.result(SOON) for answer in answers]
    assert [each.repeated for each in found].count(False) == 1
    assert len({tuple(each.receipts) for each in found}) == 1
    assert urls(connect()) == ["1"]


def test_a_key_for_something_else_is_refused_and_other_senders_keys_do_not_meet(
    connect: Callable[[], Log], open_desk: Callable[[], Desk]
) -> None:
    desk = open_desk()
    desk.submit(submission(1, key="k", digest="one")).result(SOON)
    with pytest.raises(KeyReusedError):
        desk.submit(submission(2, key="k", digest="two")).result(SOON)
    both = [desk.submit(submission(3, key="new", digest=digest)) for digest in ("one", "two")]
    assert not both[0].result(SOON).repeated
    with pytest.raises(KeyReusedError):
        both[1].result(SOON)
    desk.submit(submission(4, key="k", digest="two", sender="other")).result(SOON)
    assert urls(connect()) == ["1", "3", "4"]


def test_without_a_key_every_submission_is_published(
    connect: Callable[[], Log], open_desk: Callable[[], Desk]
) -> None:
    desk = open_desk()
    for _ in range(2):
        assert not desk.submit(submission(1)).result(SOON).repeated
    assert urls(connect()) == ["1", "1"]


def test_an_article_that_no_record_can_hold_is_refused_at_once(open_desk: Callable[[], Desk]) -> None:
    with pytest.raises(Reject, match="too-large"):
        open_desk().submit(Submission("herald", [article(1, "x" * (13 * topology.MIB))]))


class Failing(MemoryLog):
    """A log whose transactions fail when told to: before they are committed, or only in what the writer hears of them."""

    fails: str = ""

    def writer(self, writer_id: str) -> Writer:
        if self.fails == "away":
            raise BrokerError("away")
        inner = super().writer(writer_id)
        write = inner.write

        def failing(
            outputs: Sequence[Outgoing], then: Callable[[list[int]], Sequence[Outgoing]] | None = None
        ) -> list[int]:
            fails, self.fails = self.fails, ""
            if fails == "before":
                raise BrokerError("not written")
            offsets = write(outputs, then)
            if fails == "after":
                raise BrokerError("the answer was lost")
            return offsets

        inner.write = failing  # type: ignore[method-assign]
        return inner


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_failed_transaction_the_same_key_is_still_published_once(
    when: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_PAUSES", (0.05,))
    log = Failing()
    make_topics(log)
    desk = Desk("push", lambda: log, state_dir)
    desk.start()
    until(lambda: desk.ready)
    log.fails = when
    with pytest.raises(UnavailableError) as raised:
        desk.submit(submission(1, key="k")).result(SOON)
    assert raised.value.after > 0
    until(lambda: desk.ready)
    accepted = desk.submit(submission(1, key="k")).result(SOON)
    assert accepted.repeated is (when == "after")
    assert urls(log) == ["1"]
    [receipt] = accepted.receipts
    [record] = log.read(receipt.topic, receipt.partition, receipt.offset, receipt.offset + 1)
    assert record.key == receipt.key.encode()
    desk.close(SOON)


def test_while_the_broker_is_away_nothing_is_taken_and_afterwards_it_is(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_PAUSES", (0.05,))
    log = Failing()
    make_topics(log)
    log.fails = "away"
    desk = Desk("push", lambda: log, state_dir)
    with pytest.raises(UnavailableError):
        desk.submit(submission(1, key="k"))
    desk.start()
    time.sleep(0.2)
    assert not desk.ready
    log.fails = ""
    until(lambda: desk.ready)
    desk.submit(submission(1, key="k")).result(SOON)
    desk.close(SOON)
    with pytest.raises(UnavailableError):
        desk.submit(submission(2))
    assert urls(log) == ["1"]


def test_more_than_can_be_held_is_sent_away(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "WAITING_BYTES", 10_000)
    log = MemoryLog()
    make_topics(log)
    goes_on = threading.Event()
    write = MemoryLog.writer

    def slow(self: MemoryLog, writer_id: str) -> Writer:
        inner = write(self, writer_id)
        inner_write = inner.write
        inner.write = lambda *a: (goes_on.wait(SOON), inner_write(*a))[1]  # type: ignore[method-assign]
        return inner

    monkeypatch.setattr(MemoryLog, "writer", slow)
    desk = Desk("push", lambda: log, state_dir)
    desk.start()
    until(lambda: desk.ready)
    taken = [desk.submit(submission(0))]

    def fill() -> None:
        for n in range(1, 100):
            taken.append(desk.submit(submission(n)))  # noqa: PERF401 - those before the one that fails count

    with pytest.raises(UnavailableError, match="more is handed in"):
        fill()
    goes_on.set()
    assert all(answer.result(SOON).receipts for answer in taken)
    desk.close(SOON)
    assert len(urls(log)) == len(taken)


def test_what_was_taken_is_written_when_the_desk_closes(state_dir: Path) -> None:
    log = MemoryLog()
    make_topics(log)
    desk = Desk("push", lambda: log, state_dir)
    desk.start()
    until(lambda: desk.ready)
    answers = [desk.submit(submission(n)) for n in range(50)]
    desk.close(SOON)
    assert all(answer.done() and answer.result().receipts for answer in answers)


def test_keys_are_kept_a_day_and_then_taken_away() -> None:
    state = MemoryState()
    receipts = [Receipt("t", 1, 2, "https://herald.example/1")]
    given = submission(1, key="k")
    keys.note(state, given, receipts, NOW)
    for later in (timedelta(0), timedelta(hours=23, minutes=59), timedelta(days=1)):
        keys.forget(state, NOW + later)
        assert keys.find(state, given, NOW + later) == Accepted(receipts, repeated=True)
    assert not any(b"herald" in name.encode() + value for name, value in state.data.items())
    keys.forget(state, NOW + timedelta(days=2))
    assert keys.find(state, given, NOW + timedelta(days=2)) is None
    assert not state.data


def test_old_keys_leave_the_state_of_a_desk_that_runs(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "_FORGET_SECONDS", 0.05)
    log = MemoryLog()
    make_topics(log)
    desk = Desk("push", lambda: log, state_dir)
    desk.start()
    until(lambda: desk.ready)
    desk.submit(submission(1, key="k")).result(SOON)
    monkeypatch.setattr(keys, "KEPT", timedelta(days=-3))

    def rows() -> int:
        with sqlite3.connect(state_dir / "0.sqlite") as db:
            return int(db.execute("SELECT count(*) FROM kv").fetchone()[0])

    until(lambda: rows() == 0)
    desk.close(SOON)
    tombstones = [r for r in everything(log, topology.source_changelog("push")) if r.value is None]
    assert len(tombstones) == 1
