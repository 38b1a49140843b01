"""Subscribers on a real broker: crashes, a broker that goes away, and the documented example as it stands."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import wire
from waiting import PATIENCE, until

from newswire import subscribe
from newswire.broker import EmbeddedBroker
from newswire.cli.ending import run as run_command
from newswire.envelope import Encoder
from newswire.errors import BrokerError
from newswire.event import Emit
from newswire.log.client import Connection, transactional_producer
from newswire.log.contract import Log
from newswire.log.kafka import KafkaLog
from schemas.article.model import Article
from schemas.tick.model import Tick

pytestmark = [pytest.mark.broker, pytest.mark.long]
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "subscribe.md"
MINIMAL = orjson.loads((ROOT / "schemas/article/examples/minimal.json").read_bytes())

READER = """
import sys
from newswire import subscribe
with subscribe("articles", group="crash") as articles:
    for event in articles:
        print(event.data.headline, flush=True)
        if sys.argv[1:] == [event.data.headline]:
            sys.stdin.read()  # in the middle of handling it
"""


def article(headline: str) -> Article:
    return Article.from_data(MINIMAL | {"headline": headline})


def publish(log: Log, *headlines: str, partition: int = 0) -> None:
    encoder = Encoder("enrich", log.topics())
    now = datetime.now(UTC)
    wire.publish(
        log,
        *(
            encoder.record(
                Emit("article", headline, article(headline)),
                article(headline).to_data(),
                event_id=f"enrich:test:{headline}",
                timestamp_ms=int(now.timestamp() * 1000),
                now=now,
                partition=partition,
            )
            for headline in headlines
        ),
    )


@pytest.fixture
def log(kafka_log: KafkaLog) -> KafkaLog:
    wire.make_topics(kafka_log, 2)
    return kafka_log


@contextmanager
def program(log: KafkaLog, code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "KAFKA_BOOTSTRAP_SERVERS": log.connection.bootstrap_servers,
        "NEWSWIRE_NAMESPACE": log.connection.namespace,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def lines(running: subprocess.Popen[str], until: str) -> list[str]:
    """Return what a program prints, up to a line that begins with `until`."""
    assert running.stdout is not None
    seen: list[str] = []
    for line in running.stdout:
        seen.append(line.rstrip("\n"))
        if line.startswith(until):
            return seen
    raise AssertionError(f"it ended without printing {until!r}: {seen}")


def test_what_a_killed_reader_had_at_hand_comes_again(log: KafkaLog) -> None:
    names = [f"n{number:03d}" for number in range(300)]
    publish(log, *names)
    with program(log, READER, "n200") as running:
        before = lines(running, "n200")
        running.send_signal(signal.SIGKILL)
        running.wait(PATIENCE)
    publish(log, "last")
    with program(log, READER) as running:
        after = lines(running, "last")
    assert before == names[:201]
    # Nothing is missing: what comes again begins at or before the event at hand, and goes on to the end.
    assert after == [*names, "last"][-len(after) :]
    assert after[0] <= "n200"


def test_what_was_committed_does_not_come_again_after_a_kill(log: KafkaLog) -> None:
    publish(log, "a", "b", "c")
    with subscribe("articles", log=log, group="crash", until_end=True) as articles:
        assert [event.data.headline for event in articles] == ["a", "b", "c"]
    publish(log, "d", "e")
    with program(log, READER, "d") as running:
        assert lines(running, "d") == ["d"]
        running.send_signal(signal.SIGKILL)
        running.wait(PATIENCE)
    with program(log, READER) as running:
        assert lines(running, "e") == ["d", "e"]


def test_the_documented_example_runs_as_it_stands(log: KafkaLog) -> None:
    found = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    publish(log, "first")
    with program(log, found[1]) as running:
        lines(running, "first ")
        running.send_signal(signal.SIGINT)
        running.wait(PATIENCE)
    publish(log, "second")
    with program(log, found[1]) as running:
        # The first was at hand when it was interrupted, or waited behind: at least once.
        assert lines(running, "second ")[-1].startswith("second ")


def test_reading_begins_where_it_is_told(log: KafkaLog) -> None:
    publish(log, "a", "b", "c")
    publish(log, "x", partition=1)

    def read(**options: object) -> set[str]:
        with subscribe("articles", log=log, until_end=True, **options) as articles:  # type: ignore[arg-type]
            return {event.data.headline for event in articles}

    assert read() == {"a", "b", "c", "x"}
    assert read(start={0: 1, 1: 9}) <= {"a", "b", "c", "x"}
    assert read(start={0: 1, 1: 1}) == {"b", "c"}
    assert read(start=datetime(2020, 1, 1, tzinfo=UTC)) == {"a", "b", "c", "x"}
    assert read(start="end") == set()
    assert read(group="late", start="end") == set()
    publish(log, "d")
    assert read(group="late") == {"d"}


def test_two_members_share_the_partitions(log: KafkaLog) -> None:
    seen: list[str] = []
    enough = threading.Event()

    def read() -> None:
        with (
            closing(KafkaLog(log.connection)) as own,
            subscribe("articles", log=own, group="pair") as articles,
        ):
            open_now.append(articles)
            for event in articles:
                seen.append(event.data.headline)
                if {"a", "b"} <= set(seen):
                    enough.set()

    open_now: list[object] = []
    members = [threading.Thread(target=read) for _ in range(2)]
    for member in members:
        member.start()
    publish(log, "a", partition=0)
    publish(log, "b", partition=1)
    try:
        assert enough.wait(PATIENCE)
        ends = log.end_offsets("news.articles.v1", committed=False)

        def remembered() -> bool:
            at = log.group_offsets("pair", "news.articles.v1")
            return all(at.get(partition, 0) >= end - 1 for partition, end in ends.items())

        # While both still read: what one of them leaves uncommitted when it goes, the other gets again.
        until(remembered, "the group's position")
    finally:
        # One may have handled all before the other was there.
        until(lambda: len(open_now) == len(members), "both members")
        for articles in open_now:
            articles.close()  # type: ignore[attr-defined]
    for member in members:
        member.join(PATIENCE)
        assert not member.is_alive()


def test_a_broker_that_goes_away_is_waited_for(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "broker") as broker:
        bootstrap = broker.bootstrap
        with new_log(bootstrap) as log:
            wire.make_topics(log, 1)
            publish(log, "before")
        seen: list[str] = []
        with subscribe("articles", bootstrap_servers=bootstrap, group="patient") as articles:

            def read() -> None:
                for event in articles:
                    seen.append(event.data.headline)
                    if event.data.headline == "after":
                        break

            assert next(articles).data.headline == "before"
            broker.stop()
            reader = threading.Thread(target=read)
            reader.start()
            assert broker.start() == bootstrap
            with new_log(bootstrap) as log:
                publish(log, "after")
            reader.join(PATIENCE)
            assert not reader.is_alive()
        with new_log(bootstrap) as log:
            end = log.end_offsets("news.articles.v1", committed=False)[0]
            assert log.group_offsets("patient", "news.articles.v1")[0] == end - 1
    # Its position could not be committed before the broker went: then "before" comes again, too.
    assert [name for name in seen if name != "before"] == ["after"]


@contextmanager
def new_log(bootstrap: str) -> Iterator[KafkaLog]:
    log = KafkaLog(Connection(bootstrap))
    yield log
    log.close()


def test_a_broker_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    from newswire.broker.ports import free_ports

    with pytest.raises(BrokerError, match=r"no Kafka broker answers at 127\.0\.0\.1:"):
        subscribe("articles", bootstrap_servers=f"127.0.0.1:{free_ports(1)[0]}")


def test_the_plain_consumer_of_the_docs_runs_as_it_stands(log: KafkaLog, tmp_path: Path) -> None:
    """But for the topic and the group, which are in the namespace of the test."""
    assert run_command(["schemas", "export", str(tmp_path / "schemas-of-newswire")]) == 0
    namespace = log.connection.namespace
    index = tmp_path / "schemas-of-newswire" / "index.json"
    known = orjson.loads(index.read_bytes())
    known["article"]["topic"] = namespace + known["article"]["topic"]
    index.write_bytes(orjson.dumps(known))
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    (code,) = [block for block in blocks if "KafkaConsumer" in block]
    code = f"import os; os.chdir({str(tmp_path)!r})\n{code.replace('my-plain-app', f'{namespace}plain')}"

    publish(log, "one")
    producer = transactional_producer(log.connection, f"{namespace}aborts")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(f"{namespace}news.articles.v1", b"never committed", partition=0).get(PATIENCE)
    producer.abort_transaction()
    producer.close()
    now = datetime.now(UTC)
    tick = Encoder("clock", log.topics()).record(
        Emit("tick", "", Tick(at=now)),
        Tick(at=now).to_data(),
        event_id="tick",
        timestamp_ms=0,
        now=now,
        partition=0,
        topic="news.articles.v1",
    )
    wire.publish(log, tick)
    publish(log, "two")
    with program(log, code) as running:
        assert lines(running, "enrich:test:two") == ["enrich:test:one one", "enrich:test:two two"]
        running.send_signal(signal.SIGKILL)
        running.wait(PATIENCE)
    publish(log, "three")
    with program(log, code) as running:
        # What was at hand when it was killed may come again, under its id; nothing else does.
        assert lines(running, "enrich:test:three")[-2:] in (
            ["enrich:test:three three"],
            ["enrich:test:two two", "enrich:test:three three"],
        )
