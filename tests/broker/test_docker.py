"""The broker in Docker. What needs an engine is marked `containers`."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import PATIENCE

from newswire.broker import DockerBroker, EmbeddedBrokerError, status
from newswire.broker.docker import docker_answers, ensure_image, environment_name
from newswire.broker.locate import _use_docker
from newswire.broker.probe import probe


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `docker` program that does what the test writes into it, the only one on the path."""
    path = tmp_path / "bin" / "docker"
    path.parent.mkdir()
    monkeypatch.setenv("PATH", f"{path.parent}:/bin:/usr/bin")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.delenv("NEWSWIRE_BROKER", raising=False)
    # On a busy machine a shell may take a second to say a word.
    monkeypatch.setattr("newswire.broker.docker._ANSWER_TIMEOUT", PATIENCE)
    return path


def write(program: Path, script: str) -> None:
    program.write_text("#!/bin/sh\n" + script)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.mark.parametrize(
    ("setting", "variable"),
    [
        ("process.roles", "KAFKA_PROCESS_ROLES"),
        ("message.max.bytes", "KAFKA_MESSAGE_MAX_BYTES"),
        ("a.b_c-d", "KAFKA_A_B__C___D"),
    ],
)
def test_settings_become_the_images_variables(setting: str, variable: str) -> None:
    assert environment_name(setting) == variable


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("echo 28.1.1", True),
        ("echo 'Cannot connect to the Docker daemon' >&2; exit 1", False),
        ("exit 0", False),
    ],
)
def test_only_an_engine_that_answers_counts(program: Path, script: str, answers: bool) -> None:
    write(program, script)
    assert docker_answers() is answers


def test_an_engine_that_does_not_answer_at_once_does_not_count(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(program, "exec sleep 300")
    monkeypatch.setattr("newswire.broker.docker._ANSWER_TIMEOUT", 0.5)
    assert not docker_answers()


def test_an_engine_on_another_machine_does_not_count(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(program, "echo 28.1.1")
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    assert not docker_answers()
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/user/1000/docker.sock")
    assert docker_answers()


def test_no_docker_at_all(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert not docker_answers()


def test_an_image_that_cannot_be_pulled_means_the_embedded_broker(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(program, 'case "$1" in version) echo 28.1.1;; *) echo "manifest unknown" >&2; exit 1;; esac')
    with pytest.raises(EmbeddedBrokerError, match="cannot be pulled: manifest unknown"):
        ensure_image()
    assert _use_docker(tmp_path / "data") is False
    monkeypatch.setenv("NEWSWIRE_BROKER", "docker")
    with pytest.raises(EmbeddedBrokerError, match="cannot be pulled"):
        DockerBroker(tmp_path / "data").start()


def test_data_stays_with_what_wrote_it(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(program, "echo 28.1.1")
    assert _use_docker(tmp_path) is True
    for kind, docker in (("embedded", False), ("docker", True)):
        (tmp_path / "cluster.json").write_text(
            f'{{"kind": "{kind}", "cluster_id": "x", "brokers": 1, "ports": {{}}}}'
        )
        assert _use_docker(tmp_path) is docker
    monkeypatch.setenv("NEWSWIRE_BROKER", "embedded")
    assert _use_docker(tmp_path) is False


def test_three_brokers_are_not_dockers(program: Path, tmp_path: Path) -> None:
    write(program, "exit 0")
    with pytest.raises(EmbeddedBrokerError, match="a single one"):
        DockerBroker(tmp_path / "data", brokers=3).start()


@pytest.fixture
def in_docker(tmp_path: Path) -> Iterator[DockerBroker]:
    if not docker_answers():
        pytest.skip("no container engine answers")
    made = DockerBroker(tmp_path / "data")
    yield made
    made.stop()
    os.system(f"docker volume rm --force {made.name} >/dev/null 2>&1")


@pytest.mark.containers
@pytest.mark.broker
def test_the_broker_in_a_container_lives_as_the_embedded_one_does(in_docker: DockerBroker) -> None:
    first = in_docker.start()
    assert probe(first).brokers == {1: first}
    cluster = status(in_docker.data_dir).cluster_id
    in_docker.stop()
    assert status(in_docker.data_dir) is None
    host, port = first.split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))

    assert in_docker.start() == first
    assert probe(first).cluster_id == cluster
    in_docker.kill()
    in_docker.stop()
    assert in_docker.start() == first
