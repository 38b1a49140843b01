"""`newswire purge` on a real broker, with the stages running as processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import forked
import orjson
import pytest
from purged_wire import MARK, articles, capture, contents_of, text
from running import environment, settled, stages, until
from wire import everything, publish

from newswire import subscribe, topology
from newswire.broker import EmbeddedBroker
from newswire.envelope import is_control
from newswire.ledger import ledger
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog
from newswire.supervisor import Supervisor
from newswire.topics import specs

pytestmark = [pytest.mark.broker, pytest.mark.long, pytest.mark.timeout(900)]
OTHERS = 12


def newswire(log: KafkaLog, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return forked.run(arguments, environment(log, folder), timeout=240)


def purged(log: KafkaLog, folder: Path, *arguments: str, status: int = 0) -> dict[str, Any]:
    done = newswire(log, folder, "purge", *arguments, "--json")
    assert done.returncode == status, done.stderr.decode()
    data: dict[str, Any] = orjson.loads(done.stdout)
    return data


def found(report: dict[str, Any]) -> dict[str, int]:
    return {where["place"]: where["found"] for where in report["found"]}


def test_a_publisher_opts_out(kafka_log: KafkaLog, tmp_path: Path) -> None:
    kafka_log.create(specs(2))
    state = tmp_path / "state"
    until_then = {"status": "usable", "embargoed_until": datetime.now(UTC) + timedelta(days=2)}
    publish(
        kafka_log,
        *(capture(kafka_log, f"https://herald.example/{n}", text(n), source="Herald") for n in range(3)),
        capture(kafka_log, "https://herald.example/held", text(50), source="Herald", rights=until_then),
        capture(kafka_log, "https://herald.example/bad", "", source="Herald"),
        *(capture(kafka_log, f"https://post.example/{n}", text(100 + n), source="Post") for n in range(4)),
    )
    with stages(kafka_log, state) as supervisor:
        book = settled(kafka_log, supervisor)
        assert (book.total.published, book.total.held, book.total.rejected) == (7, 1, 1)

        before = contents_of(kafka_log)
        report = purged(kafka_log, state, "--publisher", "herald", "--dry-run")
        assert (len(report["articles"]), report["raw_records"]) == (4, 5)
        assert contents_of(kafka_log) == before
        unknown = newswire(kafka_log, state, "purge", "--publisher", "Herold", "--reason", "by letter")
        assert unknown.returncode == 2
        assert b"there are: Herald" in unknown.stderr
        typo = newswire(
            kafka_log, state, "purge", "--url", "https://herald.example/00", "--reason", "by letter"
        )
        assert (typo.returncode, typo.stdout) == (2, b"")
        assert b"0 articles, 0 raw records" in typo.stderr
        assert contents_of(kafka_log) == before

        # A copy of state that no stage keeps up to date: the proof finds it.
        stale = state / "deduplicate" / "7"
        shutil.copytree(state / "deduplicate" / "0", stale)
        report = purged(kafka_log, state, "--publisher", "herald", "--reason", "by letter", status=1)
        assert {place for place, count in found(report).items() if count and str(stale) in place}
        shutil.rmtree(stale)
        purge_id = report["purge"]["purge_id"]
        report = purged(kafka_log, state, "check", purge_id)
        assert report["proved"]
        # What is not there to be looked into is not proved.
        elsewhere = purged(kafka_log, state, "check", purge_id, "--state-dir", str(tmp_path / "no"), status=1)
        assert (elsewhere["proved"], len(elsewhere["unseen"])) == (False, 3)
        left = {place: count for place, count in found(report).items() if count}
        assert set(left) <= {topic.name for topic in topology.TOPICS if not topic.compacted}
        assert left["news.raw.v1"] == 5
        assert all(where["until"] for where in report["found"] if where["found"])

        [listed] = [
            orjson.loads(line)
            for line in newswire(kafka_log, state, "purge", "list", "-J").stdout.splitlines()
        ]
        assert (listed["purge_id"], listed["name"], listed["refuse_later"]) == (purge_id, "herald", True)
        with subscribe("articles", log=kafka_log, until_end=True) as events:
            told = [event.data for event in events if event.data.revision.purge is not None]
        assert Counter(article.article_id for article in told) == dict.fromkeys(report["articles"], 1)
        assert {article.source.name for article in told} == {"Herald"}

        # The same again, something new, and the dead letter once more: all refused, none of their bytes kept.
        publish(
            kafka_log,
            capture(kafka_log, "https://herald.example/0", text(0), source="Herald"),
            capture(kafka_log, "https://herald.example/9", text(9), source="Herald"),
        )
        assert newswire(kafka_log, state, "rejected", "retry", "--reason", "empty-body").returncode == 0
        book = settled(kafka_log, supervisor)
        assert book.balanced
        assert (book.total.withdrawn, book.total.rejected, book.total.published) == (4, 4, 4)
        letters = [orjson.loads(record.value or b"") for record in everything(kafka_log, "rejected")]
        refused = [letter for letter in letters if letter["reason"] == "purged"]
        assert len(refused) == 3
        assert not [letter for letter in refused if "value" in letter["original"]]

        traced = newswire(kafka_log, state, "trace", report["articles"][0]).stdout.decode()
        assert "by letter" in traced
        assert purge_id in traced
        assert MARK not in traced

        # By address, in another form, and by id; and what all records of a topic's beginning are of is deleted.
        post = {article["url"]: article["article_id"] for article in articles(kafka_log) if "url" in article}
        by_url = purged(
            kafka_log, state, "--url", "HTTP://POST.example/0?utm_medium=x", "--reason", "court order"
        )
        assert by_url["articles"] == [post["https://post.example/0"]]
        by_id = purged(
            kafka_log,
            state,
            "--id",
            post["https://post.example/1"],
            "--reason",
            "court order",
            "--allow-later",
        )
        assert by_id["articles"] == [post["https://post.example/1"]]
        kept = sum(kafka_log.first_offsets("news.raw.v1").values())
        report = purged(kafka_log, state, "check", purge_id, "--delete-records")
        assert report["proved"]
        assert sum(kafka_log.first_offsets("news.raw.v1").values()) > kept
        assert settled(kafka_log, supervisor).balanced
    late = newswire(
        kafka_log, state, "purge", "--publisher", "Post", "--reason", "too late", "--timeout", "1"
    )
    assert late.returncode == 6
    assert b"normalize has not read the purge" in late.stderr


@pytest.mark.chaos
def test_kills_in_a_purge_and_compaction_leave_no_byte(tmp_path: Path) -> None:
    """SIGKILL while a purge is handled; then compaction, after which the disk of the compacted topics does not have the words."""
    count, state = 1_200, tmp_path / "state"
    with EmbeddedBroker(tmp_path / "broker", settings={"log.cleaner.backoff.ms": "200"}) as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        try:
            log.create([_hasty(spec) for spec in specs(1)])
            publish(
                log,
                *(
                    capture(log, f"https://herald.example/{n}", text(n, 30), source="Herald")
                    for n in range(count)
                ),
            )
            publish(
                log,
                *(
                    capture(
                        log, f"https://post.example/{n}", text(9_000 + n), source="Post", headline=f"Post {n}"
                    )
                    for n in range(OTHERS)
                ),
            )
            with stages(log, state) as supervisor:
                assert settled(log, supervisor, seconds=400).total.published == count + OTHERS
                assert _on_disk(tmp_path / "broker")
                asked = subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "newswire",
                        "purge",
                        "--publisher",
                        "Herald",
                        "--reason",
                        "by letter",
                        "--timeout",
                        "300",
                        "--json",
                    ],
                    env=environment(log, state),
                    stdout=subprocess.PIPE,
                )
                _kill_while(supervisor, asked, log)
                report = orjson.loads(asked.communicate()[0])
                assert asked.returncode == 0, report
                book = settled(log, supervisor, seconds=300)
                assert book.balanced
                assert (book.total.withdrawn, book.total.published) == (count, OTHERS)
                changes = Counter(
                    (article["article_id"], article["revision"]["change"]) for article in articles(log)
                )
                assert set(changes.values()) == {1}
                assert sum(change == "withdrawn" for _, change in changes) == count
                number = iter(range(OTHERS, 100_000))

                def compacted() -> bool | None:
                    # Segments are closed when something is written after their time: other articles come, and one that is held.
                    n = next(number)
                    held = {"status": "usable", "embargoed_until": datetime.now(UTC) + timedelta(days=2)}
                    publish(
                        log,
                        capture(
                            log,
                            f"https://post.example/{n}",
                            text(9_000 + n),
                            source="Post",
                            headline=f"Post {n}",
                        ),
                        capture(
                            log,
                            f"https://post.example/h{n}",
                            text(90_000 + n),
                            source="Post",
                            rights=held,
                            headline="Held",
                        ),
                    )
                    settled(log, supervisor)
                    return True if not _on_disk(tmp_path / "broker") else None

                until(compacted, supervisor, seconds=180)
            for name in (
                *(topology.changelog(s.name) for s in topology.STAGES if s.stateful),
                "news.stories.v1",
                "news.held.v1",
            ):
                for record in everything(log, name):
                    assert MARK.encode() not in (record.value or b"")
            assert ledger(log).balanced
        finally:
            log.close()


def _hasty(spec: TopicSpec) -> TopicSpec:
    if spec.configs.get("cleanup.policy") != "compact":
        return spec
    hasty = {
        "min.compaction.lag.ms": "0",
        "max.compaction.lag.ms": "500",
        "segment.ms": "500",
        "min.cleanable.dirty.ratio": "0.01",
    }
    return TopicSpec(spec.name, spec.partitions, {**spec.configs, **hasty})


def _kill_while(supervisor: Supervisor, asked: subprocess.Popen[bytes], log: KafkaLog) -> None:
    """Kill deduplicate and cluster, each as soon as it has been seen at work on the purge, up to six times."""
    kills = 0
    while asked.poll() is None and kills < 6:
        supervisor.watch()
        name = ("deduplicate", "cluster", "normalize")[kills % 3]
        topic = topology.topic(topology.stage(name).reads).name
        at = log.group_offsets(topology.group(name), topic).get(0, 0)
        behind = any(is_control(record) for record in log.read(topic, 0, at, log.end_offsets(topic)[0]))
        pid = supervisor.pids().get(name)
        if behind and pid is not None:
            os.kill(pid, signal.SIGKILL)
            until(lambda name=name, pid=pid: supervisor.pids().get(name, pid) != pid or None, supervisor)
            kills += 1
    until(lambda: True if asked.poll() is not None else None, supervisor, seconds=400)


def _on_disk(folder: Path) -> list[str]:
    """Return the files of compacted topics that hold the mark."""
    return [
        path.name
        for path in folder.rglob("*.log")
        if ("changelog" in path.parent.name or path.parent.name.startswith(("news.stories", "news.held")))
        and path.exists()
        and MARK.encode() in path.read_bytes()
    ]
