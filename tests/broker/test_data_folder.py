"""Broken data folders: each refused with what is wrong, where, and what to do, and left as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newswire.broker import EmbeddedBroker, EmbeddedBrokerError
from newswire.broker.cluster import ClusterFile, open_cluster, read_cluster
from newswire.broker.ports import free_ports
from newswire.broker.settings import NodePorts, as_properties
from newswire.broker.storage import check_node, check_writable, new_cluster_id, tail_of

CLUSTER = "5H2ewGwHQRu-PzUgIz6uOw"
META = f"#\nnode.id=1\nversion=1\ncluster.id={CLUSTER}\ndirectory.id=Q0-BFvMY4_aALDUKkuTVvg\n"


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """A data folder as a first start leaves it, as far as it is looked at before Kafka is started."""
    log_dir = tmp_path / "node-1" / "data"
    log_dir.mkdir(parents=True)
    (log_dir / "meta.properties").write_text(META)
    (log_dir / "t-0").mkdir()
    ClusterFile(tmp_path / "cluster.json", "embedded", CLUSTER, 1, {}).save()
    return tmp_path


def refused(folder: Path) -> EmbeddedBrokerError:
    before = {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "start.lock"
    }
    with pytest.raises(EmbeddedBrokerError) as caught:
        EmbeddedBroker(folder).start()
    after = {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "start.lock"
    }
    assert before == after
    assert caught.value.todo in str(caught.value)
    return caught.value


@pytest.mark.broker
class TestRefusedAtStart:
    def test_meta_properties_missing(self, used: Path) -> None:
        (used / "node-1" / "data" / "meta.properties").unlink()
        error = refused(used)
        assert "has data but no meta.properties" in error.what
        assert error.where == str(used / "node-1" / "data" / "meta.properties")
        assert "restore" in error.todo
        assert "never deletes data" in error.todo

    @pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"\xff\xfe\x00", b"cluster.id"])
    def test_meta_properties_corrupt(self, used: Path, damage: bytes) -> None:
        (used / "node-1" / "data" / "meta.properties").write_bytes(damage)
        assert "version is None where '1' belongs" in refused(used).what

    def test_data_of_another_cluster(self, used: Path) -> None:
        other = new_cluster_id()
        (used / "node-1" / "data" / "meta.properties").write_text(META.replace(CLUSTER, other))
        assert f"cluster.id is '{other}' where '{CLUSTER}' belongs" in refused(used).what

    def test_data_of_another_node(self, used: Path) -> None:
        (used / "node-1" / "data" / "meta.properties").write_text(META.replace("node.id=1", "node.id=2"))
        assert "node.id is '2' where '1' belongs" in refused(used).what

    def test_cluster_file_missing(self, used: Path) -> None:
        (used / "cluster.json").unlink()
        assert "has data but no cluster.json" in refused(used).what

    @pytest.mark.parametrize(
        "damage",
        [
            "",
            "{",
            "[]",
            '{"cluster_id": "x"}',
            '{"cluster_id": "x", "kind": "embedded", "brokers": 1, "ports": 3}',
        ],
    )
    def test_cluster_file_corrupt(self, used: Path, damage: str) -> None:
        (used / "cluster.json").write_text(damage)
        assert "cluster.json cannot be read" in refused(used).what

    def test_data_of_the_broker_in_docker(self, used: Path) -> None:
        text = (used / "cluster.json").read_text()
        (used / "cluster.json").write_text(text.replace("embedded", "docker"))
        error = refused(used)
        assert "belongs to the docker broker" in error.what
        assert "NEWSWIRE_BROKER=docker" in error.todo

    def test_the_folder_is_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_text("mine")
        with pytest.raises(EmbeddedBrokerError, match="cannot be written"):
            EmbeddedBroker(path).start()
        assert path.read_text() == "mine"


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    # /proc refuses new files even to the superuser, whom no permission bits stop.
    folder = Path("/proc/newswire") if os.geteuid() == 0 else tmp_path / "closed"
    if os.geteuid() != 0:
        folder.mkdir(mode=0o500)
    with pytest.raises(EmbeddedBrokerError, match="cannot be written") as caught:
        check_writable(folder)
    assert "--data-dir" in caught.value.todo


def test_a_full_disk(tmp_path: Path) -> None:
    check_writable(tmp_path)
    with pytest.raises(EmbeddedBrokerError, match="disk of the broker's data folder is full") as caught:
        check_writable(tmp_path, least_free=1 << 60)
    assert caught.value.where == str(tmp_path)


def test_new_empty_and_good_folders(used: Path, tmp_path: Path) -> None:
    assert check_node(used / "node-1" / "data", 1, CLUSTER) is True
    assert check_node(tmp_path / "none", 1, CLUSTER) is False
    (tmp_path / "empty").mkdir()
    assert check_node(tmp_path / "empty", 1, CLUSTER) is False
    assert read_cluster(tmp_path / "empty") is None


def test_cluster_ids_are_kafkas() -> None:
    ids = {new_cluster_id() for _ in range(500)}
    assert len(ids) == 500
    assert all(len(id_) == 22 and not id_.startswith("-") for id_ in ids)


def test_last_ports_are_kept_while_they_are_free(tmp_path: Path) -> None:
    first = open_cluster(tmp_path, 3, "embedded").with_ports(None)
    numbers = [number for ports in first.ports.values() for number in (ports.client, ports.controller)]
    assert len(set(numbers)) == 6
    first.save()
    again = open_cluster(tmp_path, 3, "embedded")
    assert again == first
    assert again.with_ports(None).ports == first.ports


def test_given_ports_follow_each_other_and_controllers_make_way(tmp_path: Path) -> None:
    (start,) = free_ports(1)
    last = {1: NodePorts(1, start)}
    cluster = ClusterFile(tmp_path, "embedded", CLUSTER, 1, last).with_ports(start)
    assert cluster.ports[1].client == start
    assert cluster.ports[1].controller != start
    assert cluster.addresses == {1: f"127.0.0.1:{start}"}


def test_properties_of_every_path() -> None:
    assert as_properties({"a.b": "C:\\d\n", "é": "/home/jürgen/数据/😀"}) == (
        "a.b=C:\\\\d\\n\n\\u00e9=/home/j\\u00fcrgen/\\u6570\\u636e/\\ud83d\\ude00\n"
    )


def test_errors_are_picked_out_of_a_long_log() -> None:
    log = (
        "INFO start\n2026 ERROR kafka.Kafka$ - no\njava.io.IOException: broken\n\tat a.b.c(D.java:1)\nCaused by: x\n"
        + "INFO bye\n" * 50
    )
    assert tail_of(log, 5).split("\n") == [
        "    2026 ERROR kafka.Kafka$ - no",
        "    java.io.IOException: broken",
        "    Caused by: x",
    ]
    assert tail_of("one\n\ntwo\n", 1) == "    two"
