"""A stage that is asked to end: finishes its window, leaves the group, ends with 0; one that may not run says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import waiting
from running import distinct_articles, environment, settled, until
from wire import everything, make_topics, payloads, publish

from newswire import topology
from newswire.broker import EmbeddedBroker, status
from newswire.ledger import ledger
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor

pytestmark = pytest.mark.broker


def run(log: KafkaLog, folder: Path, stage: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "newswire", "run", stage]
    return subprocess.run(
        command,
        env=environment(log, folder),
        capture_output=True,
        text=True,
        timeout=waiting.PATIENCE,
        check=False,
    )


def test_sigterm_under_load_ends_with_0_and_nothing_half_done(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    publish(kafka_log, *distinct_articles(kafka_log, 0, 600))
    command = [sys.executable, "-m", "newswire", "run", "normalize"]
    process = subprocess.Popen(command, env=environment(kafka_log, tmp_path), stderr=subprocess.DEVNULL)
    until(lambda: everything(kafka_log, "normalized") or None, Supervisor())
    process.send_signal(signal.SIGTERM)
    assert process.wait(waiting.PATIENCE) == 0
    done = len(everything(kafka_log, "normalized"))
    assert ledger(kafka_log).balanced
    waiting.until(
        lambda: ledger(kafka_log).waiting.get("normalize", 0) == 600 - done, "what it has not taken waits"
    )
    group = kafka_log._admin.client.describe_groups(
        [kafka_log.connection.namespace + topology.group("normalize")]
    )
    assert [found["members"] for found in group.values()] == [[]]
    assert not (tmp_path / "normalize" / "0" / "journal.json").exists()


@pytest.mark.timeout(600)
@pytest.mark.chaos  # a broker of its own: a minute of computing
def test_sigterm_of_the_whole_under_load_ends_with_0_and_a_following_start_goes_on(
    tmp_path: Path,
) -> None:
    """The broker that `up` has started goes too. Nobody had to be killed, which is done, and said, after ten seconds."""
    folder = tmp_path / "data"
    articles = 1_200
    watched = Supervisor()
    with up(tmp_path, "--data-dir", str(folder)) as (process, said):
        running = until(lambda: status(folder) if "newswire: up;" in said() else None, watched, seconds=200)
        log = KafkaLog(Connection(running.bootstrap))
        publish(log, *distinct_articles(log, 0, articles // 2))
        # All four stages are at work when they are asked to end, and have more before them than they can have done until then.
        until(lambda: everything(log, "story") or None, watched, seconds=240)
        publish(log, *distinct_articles(log, articles // 2, articles // 2))
        log.close()
        children = psutil.Process(process.pid).children(recursive=True)
        # Four stages, the clock, Kafka and who looks after it.
        assert len(children) == 7
        asked_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(waiting.PATIENCE) == 0, said()
        print(f"ended within {time.monotonic() - asked_at:.1f} s")
    assert "did not end when asked" not in said()
    assert psutil.wait_procs(children, timeout=waiting.PATIENCE)[1] == []
    assert status(folder) is None
    with EmbeddedBroker(folder) as broker:
        # It was stopped in order: there was nothing to check.
        assert broker.checked is None
        log = KafkaLog(Connection(broker.bootstrap))
        book = ledger(log)
        assert book.balanced
        assert 0 < book.total.published < book.total.entered == articles
        # Nothing half done: no transaction is open, no group has a member, no window was begun and not committed.
        assert log.below_end() == {}
        described = log._admin.client.describe_groups(
            [topology.group(stage.name) for stage in topology.STAGES]
        )
        assert [found["members"] for found in described.values()] == [[]] * len(topology.STAGES)
        assert list(folder.glob("state/**/journal.json")) == []
        with up(tmp_path, "--data-dir", str(folder)) as (process, said):
            settled(log, watched, seconds=400)
            process.send_signal(signal.SIGTERM)
            assert process.wait(waiting.PATIENCE) == 0, said()
        assert "did not end when asked" not in said()
        guids = Counter(data["guid"] for data in payloads(log, "article"))
        assert guids == {f"chaos-{number}": 1 for number in range(articles)}
        book = ledger(log)
        assert book.balanced
        assert book.total.in_flight == 0
        log.close()


@contextmanager
def up(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    """Run `newswire up` where no broker is named; give its process, and what it has said."""
    inherited = {name: v for name, v in os.environ.items() if not name.startswith(("NEWSWIRE_", "KAFKA_"))}
    chosen = {"NEWSWIRE_BROKER": "embedded", "NEWSWIRE_PARTITIONS": "2", "NEWSWIRE_LOG_LEVEL": "warning"}
    kept = {name: v for name, v in os.environ.items() if name in {"NEWSWIRE_CACHE_DIR", "NEWSWIRE_JAVA"}}
    path = folder / "said"
    with path.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "newswire", "up", *options],
            env=inherited | kept | chosen,
            stdin=subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        yield process, path.read_text
    finally:
        process.kill()
        process.wait()


def test_two_holders_of_a_slot_on_one_machine(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    command = [sys.executable, "-m", "newswire", "run", "normalize"]
    first = subprocess.Popen(command, env=environment(kafka_log, tmp_path), stderr=subprocess.DEVNULL)
    try:
        publish(kafka_log, *distinct_articles(kafka_log, 0, 1))
        until(lambda: everything(kafka_log, "normalized") or None, Supervisor())
        second = run(kafka_log, tmp_path, "normalize")
        assert second.returncode == 7
        assert "slot 0 of normalize runs already on this machine" in second.stderr
        assert first.poll() is None
    finally:
        first.terminate()
        assert first.wait(waiting.PATIENCE) == 0


def test_a_changelog_that_does_not_fit_is_refused(kafka_log: KafkaLog, tmp_path: Path) -> None:
    kafka_log.create([TopicSpec(topology.changelog("normalize"), 5, {"cleanup.policy": "compact"})])
    make_topics(kafka_log)
    refused = run(kafka_log, tmp_path, "normalize")
    assert refused.returncode == 7
    assert "has 5 partitions" in refused.stderr


def test_a_topic_that_takes_only_small_records_is_refused(kafka_log: KafkaLog, tmp_path: Path) -> None:
    kafka_log.create([TopicSpec("news.articles.v1", 2, {"max.message.bytes": "1000000"})])
    make_topics(kafka_log)
    refused = run(kafka_log, tmp_path, "enrich")
    assert refused.returncode == 7
    assert "set max.message.bytes=18874368" in refused.stderr
