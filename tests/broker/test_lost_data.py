"""A data folder that has lost what it had is refused: nobody shall find empty topics where the news was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newswire.broker import EmbeddedBroker, EmbeddedBrokerError
from newswire.log.client import Connection
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog

pytestmark = pytest.mark.broker


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a broker that had a topic and was stopped in order."""
    folder = tmp_path_factory.mktemp("left") / "b"
    with EmbeddedBroker(folder) as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        log.create([TopicSpec("t", 1)])
        log.close()
    return folder


@pytest.fixture
def used(left: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(left, tmp_path / "b")


def test_data_that_is_gone(used: Path) -> None:
    shutil.rmtree(used / "node-1" / "data")
    with pytest.raises(EmbeddedBrokerError, match="it had data, and now it is empty"):
        EmbeddedBroker(used).start()
    assert not (used / "node-1" / "data").exists()
    (used / "node-1" / "formatted").unlink()
    with EmbeddedBroker(used) as broker:
        assert broker.bootstrap


def test_metadata_that_is_damaged(used: Path) -> None:
    damaged = sorted((used / "node-1" / "data" / "__cluster_metadata-0").glob("*.log"))
    for file in damaged:
        file.write_bytes(b"\x00garbage" * 2_000)
    for file in (used / "node-1" / "data" / "__cluster_metadata-0").glob("*.checkpoint"):
        file.write_bytes(b"\x00garbage")
    with pytest.raises(EmbeddedBrokerError) as refused:
        EmbeddedBroker(used).start()
    assert "never deletes data" in str(refused.value) or "data folder" in str(refused.value)
    assert EmbeddedBroker(used).status() is None
