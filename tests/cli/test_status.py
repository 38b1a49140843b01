"""What an operator sees of a stage that stopped on purpose, one that is stuck, and a subscriber that is behind."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from forked import PYTHON
from running import distinct_articles, environment
from waiting import until
from wire import everything, make_topics, publish

from newswire import subscribe, topology
from newswire.cli.ending import run
from newswire.log.contract import Outgoing
from newswire.log.kafka import KafkaLog

pytestmark = pytest.mark.broker
RAW = topology.topic("raw").name


@pytest.fixture(autouse=True)
def here(kafka_log: KafkaLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run in this process, on the test's own topics and state."""
    monkeypatch.setattr("newswire.cli.logs.configure_logs", lambda _: None)
    for name, value in environment(kafka_log, tmp_path).items():
        monkeypatch.setenv(name, value)
    make_topics(kafka_log)


@pytest.fixture
def normalize(kafka_log: KafkaLog, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A stage as a process of its own."""
    process = subprocess.Popen(
        [*PYTHON, "run", "normalize"], env=environment(kafka_log, tmp_path), stderr=subprocess.DEVNULL
    )
    yield process
    process.kill()
    process.wait(30)


def lines(capsys: pytest.CaptureFixture[str], *command: str) -> list[dict[str, Any]]:
    run([*command, "-J"])
    return [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_stage_that_stopped_on_purpose_is_named_with_why_and_what_to_do(
    kafka_log: KafkaLog, normalize: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    publish(
        kafka_log,
        *(Outgoing(RAW, n % 2, b"k", b"{rubbish %d" % n, 1_700_000_000_000) for n in range(1_100)),
    )
    assert normalize.wait(120) == 7
    until(lambda: not kafka_log.groups.members(topology.group("normalize")) or None, "the session is over")

    found = [one for one in lines(capsys, "doctor") if one["what"] == "normalize"]
    assert found[0]["level"] == "fail"
    assert "with 7: normalize rejected " in found[0]["shown"]
    assert "`newswire run normalize`" in found[0]["todo"]
    assert "no process reads" in found[1]["shown"] or "never read" in found[1]["shown"]

    assert run(["status"]) == 1
    shown = capsys.readouterr().out
    assert "nobody reads" in shown
    assert "normalize (slot 0) ended at" in shown
    assert "See `newswire rejected list`" in shown


def test_a_process_that_is_stuck_is_told_from_one_that_works(
    kafka_log: KafkaLog, normalize: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    publish(kafka_log, *distinct_articles(kafka_log, 0, 3))
    until(lambda: len(everything(kafka_log, "normalized")) == 3 or None, "the stage works")
    # What it wrote and how far it has read are one transaction, but not seen at the same moment.
    until(lambda: lines(capsys, "status")[0]["state"] == "idle", "it has taken all")
    (stage, *_) = lines(capsys, "status")
    assert (stage["state"], stage["waiting"]) == ("idle", 0)
    assert list(stage["read_by"]) == ["newswire.normalize.0"]

    normalize.send_signal(signal.SIGSTOP)
    publish(kafka_log, *distinct_articles(kafka_log, 3, 5))
    until(lambda: not kafka_log.groups.members(topology.group("normalize")) or None, "the session is over")
    (stage, *_) = lines(capsys, "status")
    assert (stage["state"], stage["waiting"], stage["read_by"]) == ("nobody", 5, {})
    assert stage["waits_seconds"] > 0
    (stuck,) = [one for one in lines(capsys, "doctor") if one["what"] == "normalize"]
    assert stuck["level"] == "fail"
    assert stuck["shown"].startswith("5 records wait, since ")
    assert stuck["shown"].endswith("and no process reads")
    normalize.send_signal(signal.SIGCONT)


def test_a_subscriber_is_shown_with_what_waits_for_it_but_is_no_fault_of_ours(
    kafka_log: KafkaLog, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(kafka_log, *distinct_articles(kafka_log, 0, 4))
    with subscribe("raw", group="my-app", until_end=True) as raw:
        assert len(list(raw)) == 4
    publish(kafka_log, *distinct_articles(kafka_log, 4, 2))
    (mine,) = [row for row in lines(capsys, "status") if not row["is_stage"]]
    assert (mine["reader"], mine["topic"], mine["waiting"], mine["state"]) == ("my-app", RAW, 2, "nobody")
    run(["status"])
    assert "my-app" in capsys.readouterr().out
