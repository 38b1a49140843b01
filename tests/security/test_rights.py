"""A secure broker made by the command line: the pipeline runs on it with a principal for each part, and with nothing to spare."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource
from kafka.errors import (
    AuthorizationError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
)

from newswire import acls, config, topology
from newswire.log.client import Connection, admin

pytestmark = [pytest.mark.broker, pytest.mark.timeout(900)]
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
RUNNING = [*(stage.name for stage in topology.STAGES), acls.CLOCK]


@dataclass(frozen=True)
class Secure:
    """A data folder with a secure broker that runs on it."""

    folder: Path
    plain: dict[str, str]
    said: str

    @property
    def clients(self) -> Path:
        return self.folder / "security" / "clients"

    def settings(self, principal: str) -> dict[str, str]:
        """Return the settings that were written for a principal, as a shell reads them."""
        lines = (self.clients / f"{principal}.env").read_text().splitlines()
        return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}

    def environment(self, principal: str) -> dict[str, str]:
        return self.plain | self.settings(principal)

    def run(self, principal: str, *arguments: str, status: int = 0) -> str:
        """Run a command as a principal; return its output."""
        done = newswire(self.environment(principal), *arguments)
        assert done.returncode == status, done.stderr
        return done.stdout

    def connection(self, principal: str, monkeypatch: pytest.MonkeyPatch) -> Connection:
        for name, value in self.settings(principal).items():
            monkeypatch.setenv(name, value)
        return config.load().connection(os.environ["KAFKA_BOOTSTRAP_SERVERS"])


def newswire(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "newswire", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    base = tmp_path_factory.mktemp("secure")
    folder = base / "a broker's"  # not every folder is one word
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWSWIRE_", "KAFKA_"))
    }
    plain |= {
        "NEWSWIRE_STATE_DIR": str(base / "state"),
        "NEWSWIRE_DATA_DIR": str(folder),
        "NEWSWIRE_PARTITIONS": "1",
    }
    started = newswire(plain, "broker", "start", "--secure")
    try:
        assert started.returncode == 0, started.stderr
        yield Secure(folder, plain, started.stdout + started.stderr)
    finally:
        newswire(plain, "broker", "stop")


@pytest.fixture(scope="module")
def fed(secure: Secure, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """All parts at work, each as itself, and the seeds published. Yields part -> the file of its log lines."""
    logs = tmp_path_factory.mktemp("logs")
    secure.run(acls.OPERATOR, "topics", "create")
    with ExitStack() as opened:
        processes = []
        for part in RUNNING:
            log = opened.enter_context((logs / part).open("wb"))
            processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "newswire", "run", part],
                    env=secure.environment(part) | {"NEWSWIRE_LOG_LEVEL": "debug"},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            )
        try:
            # 3: some of the seeds are made to be unreadable.
            (logs / acls.SOURCE).write_text(secure.run(acls.SOURCE, "produce", "files", str(SEEDS), status=3))
            deadline = time.monotonic() + 400
            while json.loads(secure.run(acls.OPERATOR, "ledger", "--json"))["total"]["in_flight"]:
                ended = [name for name, one in zip(RUNNING, processes, strict=True) if one.poll() is not None]
                assert not ended, {name: (logs / name).read_text() for name in ended}
                assert time.monotonic() < deadline, "the pipeline did not take all of its input"
            yield {part: logs / part for part in (*RUNNING, acls.SOURCE)}
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(60)


def test_the_whole_pipeline_runs_with_a_principal_for_each_part(secure: Secure, fed: dict[str, Path]) -> None:
    total = json.loads(secure.run(acls.OPERATOR, "ledger", "--json"))["total"]
    assert total["published"] > 0
    assert total["duplicate"] > 0
    assert total["held"] > 0
    assert total["lost"] == total["twice"] == 0


def test_a_subscriber_reads_articles_and_stories_and_remembers_its_place(
    secure: Secure, fed: dict[str, Path]
) -> None:
    read = (
        "from newswire import subscribe\n"
        "for topic in ('articles', 'stories', 'duplicates'):\n"
        "    with subscribe(topic, group='subscriber.test', until_end=True) as events:\n"
        "        print(topic, sum(1 for _ in events))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", read],
        env=secure.environment(acls.SUBSCRIBER),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = dict(line.split() for line in done.stdout.splitlines())
    assert all(int(count) > 0 for count in counts.values()), counts


@pytest.mark.parametrize(
    "command",
    [
        ["topics", "list"],
        ["rejected", "list"],
        ["tail", "articles", "--from", "beginning", "--until-end"],
        ["doctor"],
    ],
    ids=" ".join,
)
def test_the_operator_sees_everything(secure: Secure, fed: dict[str, Path], command: list[str]) -> None:
    assert secure.run(acls.OPERATOR, *command)


def allowed_on(secure: Secure, principal: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Return topic -> what the broker says that this principal may do there."""
    client = admin(secure.connection(principal, monkeypatch))
    try:
        found = client.describe_topics()
    finally:
        client.close()
    return {
        topic["name"]: {str(getattr(name, "name", name)) for name in topic["authorized_operations"] or ()}
        for topic in found
    }


@pytest.mark.parametrize("principal", [who.name for who in acls.principals()])
def test_the_broker_allows_each_exactly_what_is_listed(
    secure: Secure, fed: dict[str, Path], principal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected: dict[str, set[str]] = {}
    for rule in acls.grants():
        if rule.principal == principal and rule.resource == "topic":
            words = {"DescribeConfigs": "DESCRIBE_CONFIGS"}
            expected[rule.name] = {words.get(o, o.upper()) for o in rule.operations} | {"DESCRIBE"}
    assert allowed_on(secure, principal, monkeypatch) == expected


def common(connection: Connection) -> dict[str, Any]:
    return {**connection._common(), "request_timeout_ms": 10_000}


@pytest.mark.parametrize(
    ("principal", "topic"),
    [
        ("normalize", "news.articles.v1"),
        ("enrich", "news.unique.v1"),
        (acls.SUBSCRIBER, "news.articles.v1"),
        (acls.CLOCK, "news.raw.v1"),
        (acls.SOURCE, "news.normalized.v1"),
    ],
)
def test_nobody_writes_what_is_not_theirs(
    secure: Secure, fed: dict[str, Path], principal: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = KafkaProducer(**common(secure.connection(principal, monkeypatch)), max_block_ms=20_000)
    try:
        with pytest.raises(AuthorizationError):
            producer.send(topic, b"{}", partition=0).get(timeout=30)
    finally:
        producer.close(timeout=5)


def read_something(reader: KafkaConsumer) -> None:
    reader.seek_to_beginning()
    for _ in range(20):
        if reader.poll(timeout_ms=1_000):
            return


@pytest.mark.parametrize(
    ("principal", "topic"),
    [
        ("enrich", "news.raw.v1"),
        (acls.SOURCE, "news.raw.v1"),
        (acls.SUBSCRIBER, "news.raw.v1"),
        (acls.SUBSCRIBER, "news.rejected.v1"),
        (acls.CLOCK, "news.normalized.v1"),
        ("cluster", "newswire.deduplicate.changelog"),
    ],
)
def test_nobody_reads_what_is_not_theirs(
    secure: Secure, fed: dict[str, Path], principal: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kafka import TopicPartition

    reader = KafkaConsumer(**common(secure.connection(principal, monkeypatch)), auto_offset_reset="earliest")
    try:
        reader.assign([TopicPartition(topic, 0)])
        with pytest.raises(TopicAuthorizationFailedError):
            read_something(reader)
    finally:
        reader.close()


def test_a_stage_may_not_join_the_group_of_another(
    secure: Secure, fed: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = admin(secure.connection("enrich", monkeypatch))
    try:
        with pytest.raises(GroupAuthorizationFailedError):
            client.list_group_offsets({topology.group("normalize"): None})
    finally:
        client.close()


@pytest.mark.parametrize("principal", [who.name for who in acls.principals()])
def test_nobody_changes_settings(
    secure: Secure, fed: dict[str, Path], principal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = admin(secure.connection(principal, monkeypatch))
    try:
        before = "max.message.bytes"
        asked = ConfigResource("TOPIC", "news.articles.v1", {before: "1000"})
        with pytest.raises(AuthorizationError):
            client.alter_configs([asked])
    finally:
        client.close()


def test_who_is_not_known_is_not_let_in(secure: Secure) -> None:
    guessed = secure.environment("normalize") | {"NEWSWIRE_SASL_PASSWORD": "guess"}
    del guessed["NEWSWIRE_SASL_PASSWORD_FILE"]
    done = newswire(guessed, "run", "normalize")
    assert done.returncode == 2
    assert "NEWSWIRE_SASL_PASSWORD" in done.stderr
    assert "guess" not in done.stderr


def test_a_command_that_is_refused_says_who_must_be_allowed_what(
    secure: Secure, fed: dict[str, Path]
) -> None:
    done = newswire(secure.environment(acls.SUBSCRIBER), "ledger")
    assert done.returncode == 4
    assert "subscriber" in done.stderr
    assert "newswire acls" in done.stderr
