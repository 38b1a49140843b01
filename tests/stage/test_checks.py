"""What a stage refuses to start with: each wrong state is made on a real broker, and the message says what, where and what to do."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running import environment

from newswire import topology
from newswire.broker import EmbeddedBroker
from newswire.cli.ending import run
from newswire.config import Settings
from newswire.doctor.kafka import look_at_broker
from newswire.errors import StageStoppedError
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec, WindowLimits
from newswire.log.kafka import KafkaLog
from newswire.log.limits import Limits
from newswire.stage.checks import check
from newswire.topics import specs

pytestmark = [pytest.mark.broker, pytest.mark.timeout(400)]
NORMALIZE = topology.stage("normalize")
CHANGELOG = topology.changelog("normalize")


def _made(log: KafkaLog, *changed: TopicSpec) -> None:
    """Make all topics, some of them otherwise than they should be."""
    log.create(changed)
    log.create(specs(2))


def _spec(name: str, **configs: str) -> TopicSpec:
    """Return a topic as it should be, but for some settings."""
    (right,) = [spec for spec in specs(2) if spec.name == name]
    return replace(
        right,
        configs={**right.configs, **{key.replace("_", "."): value for key, value in configs.items()}},
    )


def test_a_stage_starts_with_the_topics_as_they_are_made(kafka_log: KafkaLog) -> None:
    kafka_log.create(specs(2))
    for stage in topology.STAGES:
        check(kafka_log, stage, WindowLimits())


@pytest.mark.parametrize(
    ("name", "configs", "shown", "todo"),
    [
        (CHANGELOG, {"cleanup_policy": "delete"}, "cleanup.policy=delete, not compact", "cleanup.policy=compact"),
        (CHANGELOG, {"cleanup_policy": "compact,delete"}, "cleanup.policy=compact,delete", "cleanup.policy=compact"),
        (CHANGELOG, {"max_message_bytes": "1048576"}, "max.message.bytes=1,048,576, but records of up to", "max.message.bytes=16777216"),
        ("news.raw.v1", {"message_timestamp_type": "CreateTime"}, "message.timestamp.type=CreateTime, not LogAppendTime", "LogAppendTime"),
        ("news.normalized.v1", {"message_timestamp_type": "LogAppendTime"}, "message.timestamp.type=LogAppendTime", "CreateTime"),
        ("news.normalized.v1", {"cleanup_policy": "compact"}, "cleanup.policy=compact, not delete", "cleanup.policy=delete"),
        ("news.normalized.v1", {"max_message_bytes": "1048576"}, "one would stop the stage", "max.message.bytes=16777216"),
        ("news.rejected.v1", {"max_message_bytes": "100000"}, "less than a producer sends at once", "max.message.bytes=18874368"),
        ("news.rejected.v1", {"retention_ms": "3600000"}, "shorter than that of news.raw.v1", "retention.ms="),
        ("news.raw.v1", {"max_message_bytes": "90000000"}, "more than a consumer fetches at once", "max.message.bytes=12582912"),
        ("news.normalized.v1", {"min_insync_replicas": "7"}, "min.insync.replicas=7, but is kept on", "min.insync.replicas=1"),
    ],
)  # fmt: skip
def test_a_topic_that_is_set_wrong_is_named_with_what_to_set(
    kafka_log: KafkaLog, name: str, configs: dict[str, str], shown: str, todo: str
) -> None:
    _made(kafka_log, _spec(name, **configs))
    with pytest.raises(StageStoppedError) as refused:
        check(kafka_log, NORMALIZE, WindowLimits())
    said = str(refused.value)
    assert said.startswith(
        f"normalize does not start at {kafka_log.connection.bootstrap_servers}: {name} has "
    )
    assert shown in said
    assert re.search(rf"set {re.escape(todo)}|set .*{re.escape(todo)}", said)
    assert f"on {name}" in said


def test_what_was_set_wrong_is_mended_by_a_command(
    kafka_log: KafkaLog, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("newswire.cli.logs.configure_logs", lambda _: None)
    for name, value in {
        "KAFKA_BOOTSTRAP_SERVERS": kafka_log.connection.bootstrap_servers,
        "NEWSWIRE_NAMESPACE": kafka_log.connection.namespace,
    }.items():
        monkeypatch.setenv(name, value)
    _made(
        kafka_log,
        _spec(CHANGELOG, cleanup_policy="delete", segment_ms="1000000"),
        _spec("news.raw.v1", message_timestamp_type="CreateTime"),
        _spec("news.normalized.v1", max_message_bytes="300", retention_ms="3600000"),
    )
    with pytest.raises(StageStoppedError, match="`newswire topics mend`"):
        check(kafka_log, NORMALIZE, WindowLimits())
    assert run(["topics", "mend", "--dry-run"]) == 0
    assert "max.message.bytes=300, but records of up to" in capsys.readouterr().out
    with pytest.raises(StageStoppedError):
        check(kafka_log, NORMALIZE, WindowLimits())

    assert run(["topics", "mend"]) == 0
    assert "4 settings were set" in capsys.readouterr().err
    check(kafka_log, NORMALIZE, WindowLimits())
    settings = kafka_log.configs([CHANGELOG])[CHANGELOG]
    # What stages run with is left as somebody has set it.
    assert (settings["cleanup.policy"], settings["segment.ms"]) == ("compact", "1000000")
    assert run(["topics", "mend"]) == 0
    assert "0 settings were set" in capsys.readouterr().err


def test_a_missing_topic_and_unequal_partitions_are_named(kafka_log: KafkaLog) -> None:
    with pytest.raises(
        StageStoppedError, match=r"there is no topic news\.raw\.v1, .*`newswire topics create`"
    ):
        check(kafka_log, NORMALIZE, WindowLimits())
    _made(kafka_log, replace(_spec(CHANGELOG), partitions=3))
    with pytest.raises(StageStoppedError, match=r"changelog has 3 partitions, news\.raw\.v1 has 2"):
        check(kafka_log, NORMALIZE, WindowLimits())


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({"isolation": "read_uncommitted"}, "isolation is read_uncommitted, not read_committed"),
        ({"watchdog_seconds": 12}, "transaction_ms (10 s) must be longer than watchdog_seconds (12 s)"),
        ({"flush_seconds": 9}, "watchdog_seconds (8 s) must be longer than flush_seconds (9 s)"),
        ({"flush_seconds": 0.1}, "flush_seconds (0.1 s) must be longer than a window's seconds (0.1 s)"),
        ({"delivery_ms": 10_000}, "delivery_ms (10000 ms) must be shorter than transaction_ms (10000 ms)"),
    ],
)
def test_times_that_do_not_fit_are_named(kafka_log: KafkaLog, limits: dict[str, Any], shown: str) -> None:
    log = KafkaLog(replace(kafka_log.connection, limits=Limits(**limits)))
    with pytest.raises(StageStoppedError, match=re.escape(shown)) as refused:
        check(log, NORMALIZE, WindowLimits())
    assert "newswire/log/limits.py" in str(refused.value)


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({"request_bytes": 1_000_000}, "but the producer takes 1,000,000 (request_bytes)"),
        ({"fetch_bytes": 1_000_000}, "more than a consumer fetches at once (fetch_bytes, 1,000,000)"),
    ],
)
def test_clients_that_take_less_than_the_topics_hold_are_named(
    kafka_log: KafkaLog, limits: dict[str, Any], shown: str
) -> None:
    kafka_log.create(specs(2))
    log = KafkaLog(replace(kafka_log.connection, limits=Limits(**limits)))
    with pytest.raises(StageStoppedError, match=re.escape(shown)):
        check(log, NORMALIZE, WindowLimits())
    log.close()


def test_the_doctor_says_what_the_stages_refuse(kafka_log: KafkaLog) -> None:
    _made(kafka_log, _spec("news.raw.v1", message_timestamp_type="CreateTime", segment_ms="1000000"))
    settings = Settings(namespace=kafka_log.connection.namespace, partitions=2)
    found = [
        finding
        for finding in look_at_broker(kafka_log.connection.bootstrap_servers, settings, stands_seconds=0.5)
        if finding.what == "topics"
    ]
    assert [finding.level for finding in found] == ["fail", "warn"]
    assert "message.timestamp.type=CreateTime, not LogAppendTime" in found[0].shown
    assert "refuse to start" in found[0].todo
    assert found[1].shown == "news.raw.v1 has segment.ms=1000000, not 86400000"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaLog]:
    """A broker that allows transactions of five seconds at most."""
    folder = tmp_path_factory.mktemp("strict")
    with EmbeddedBroker(folder, settings={"transaction.max.timeout.ms": "5000"}) as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        yield log
        log.close()


def test_a_broker_that_allows_only_shorter_transactions_is_named(strict: KafkaLog, tmp_path: Path) -> None:
    strict.create(specs(2))
    ended = subprocess.run(
        [sys.executable, "-m", "newswire", "run", "normalize"],
        env=environment(strict, tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == StageStoppedError.exit_code, ended.stderr
    assert "does not allow transactions of 10000 ms" in ended.stderr
    assert "transaction.max.timeout.ms to 10000 or more" in ended.stderr
