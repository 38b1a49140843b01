"""The embedded broker: the real Apache Kafka on loopback, with no Docker, Java or Maven needed on the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from newswire.broker import launcher, running
from newswire.broker.cluster import ClusterFile, open_cluster
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.jars import ensure_jars
from newswire.broker.java import Java, find_java
from newswire.broker.node import STOP_GRACE, Node, launch
from newswire.broker.ports import HOST
from newswire.broker.probe import probe
from newswire.broker.running import Running, RunningNode, write_running
from newswire.broker.settings import as_properties, java_options, server_properties
from newswire.broker.storage import check_node, check_writable, format_node

_log = structlog.get_logger("newswire.broker")

_START_TIMEOUT = 120.0  # seconds; 3 to 5 on an idle machine
_LOCK_WAIT = 150.0  # seconds: another start on the same folder, then its answer is that the broker runs
_PORT_TRIES = 3


def default_data_dir() -> Path:
    """Return the folder of the broker's data when none is given: in the user's data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir("newswire", appauthor=False)) / "broker"


class EmbeddedBroker:
    """Apache Kafka in KRaft mode, `brokers` processes (1 or 3) that are broker and controller at once, on loopback.

    `data_dir` is kept between starts (default: the user's data folder). `port` is that of the first broker, the others
    have the next ones; without it the last start's ports are taken again if they are free, otherwise any free ones.
    `detached` brokers outlive this process; others end with it, whatever way it ends. `settings` are further broker
    settings by Kafka's names. Usable as a context manager. Not thread-safe.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        port: int | None = None,
        brokers: int = 1,
        detached: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        if brokers not in {1, 3}:
            raise ValueError(f"brokers must be 1 or 3, not {brokers}: two have no more safety than one")
        self.data_dir = Path(data_dir or default_data_dir()).expanduser().absolute()
        self._port = port
        self._brokers = brokers
        self._detached = detached
        self._settings = dict(settings or {})
        self._nodes: dict[int, Node] = {}
        self._commands: dict[int, list[str]] = {}
        self._running: Running | None = None

    def start(self) -> str:
        """Start the broker, wait until it answers, return its bootstrap servers (`host:port`, commas between).

        After an unclean stop the K1 check runs before this returns (see newswire.broker.k1). Raises
        EmbeddedBrokerError: no jars, a wrong Java, a taken port, a broken folder, a running broker, a failed start.
        """
        import filelock

        check_writable(self.data_dir)
        try:
            with filelock.FileLock(self.data_dir / "start.lock", timeout=_LOCK_WAIT):
                return self._start()
        except filelock.Timeout as error:
            raise EmbeddedBrokerError(
                "another process has been starting a broker on this data folder for minutes",
                where=self.data_dir,
                todo="wait for it or end it, then try again",
            ) from error

    def _start(self) -> str:
        began = time.monotonic()
        other = running.status(self.data_dir)
        if other is not None:
            raise EmbeddedBrokerError(
                f"a broker is running on this data folder already: {other.bootstrap}, "
                f"pid {', '.join(map(str, other.pids))}",
                where=self.data_dir,
                todo="use it (--bootstrap-servers), stop it (newswire broker stop), or give another folder (--data-dir)",
            )
        java = find_java()
        jars = ensure_jars()
        cluster = open_cluster(self.data_dir, self._brokers)
        java_command = {node: self._java_command(java, jars, node) for node in cluster.node_ids}
        existed = self._prepare(cluster, java_command)
        unclean = [node for node in existed if not (self._folder(node) / launcher.CLEAN_MARKER).exists()]
        for last_try in (False,) * (_PORT_TRIES - 1) + (True,):
            cluster = cluster.with_ports(self._port)
            try:
                self._launch(cluster, java_command)
                break
            except EmbeddedBrokerError as error:
                # Another program took a port between our look and Kafka's bind.
                if last_try or self._port is not None or "Address already in use" not in error.what:
                    raise
        cluster.save()
        assert self._running is not None
        bootstrap = self._running.bootstrap
        _log.info(
            "broker is up",
            bootstrap=bootstrap,
            pids=self._running.pids,
            java=java.version,
            java_from=java.source,
            data_dir=str(self.data_dir),
            seconds=round(time.monotonic() - began, 1),
        )
        if unclean:
            _log.warning("the broker was not stopped in order last time", nodes=unclean)
        return bootstrap

    def stop(self) -> None:
        """Stop the broker in order and wait for its end; kill what does not end in time. Does nothing when stopped."""
        if self._detached:
            running.stop(self.data_dir)
        for node in self._nodes.values():
            node.stop()
        deadline = time.monotonic() + STOP_GRACE + 5
        for node in self._nodes.values():
            if not node.wait(max(0.1, deadline - time.monotonic())):
                node.kill()
        if self._nodes:
            (self.data_dir / running.RUNNING_FILE).unlink(missing_ok=True)
        self._nodes.clear()
        self._running = None

    def kill(self, index: int = 0) -> None:
        """SIGKILL the broker number `index` (0 is the first). For tests of what must survive that."""
        self._nodes[index + 1].kill()

    def revive(self, index: int = 0) -> None:
        """Start the killed broker number `index` of three again, at its old address, and wait until it has rejoined."""
        assert self._running is not None
        node_id = index + 1
        self._nodes[node_id] = launch(self._folder(node_id), self._commands[node_id], detached=self._detached)
        self._record(self._running.cluster_id, {node.node_id: node.address for node in self._running.nodes})
        self._await(self._running)

    def status(self) -> Running | None:
        """Return what runs on this broker's data folder, whoever started it, or None."""
        return running.status(self.data_dir)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _folder(self, node_id: int) -> Path:
        return self.data_dir / f"node-{node_id}"

    def _java_command(self, java: Java, jars: tuple[Path, ...], node_id: int) -> list[str]:
        temporary = self._folder(node_id) / "tmp"
        class_path = os.pathsep.join(map(str, jars))
        return [str(java.path), *java_options(java.version, temporary), "-cp", class_path]

    def _prepare(self, cluster: ClusterFile, java_command: Mapping[int, list[str]]) -> list[int]:
        """Make or check every node's folder; return the ids of those that had data."""
        existed: list[int] = []
        new: list[int] = []
        for node_id in cluster.node_ids:
            folder = self._folder(node_id)
            log_dir = folder / "data"
            (existed if check_node(log_dir, node_id, cluster.cluster_id) else new).append(node_id)
            # A killed JVM leaves its unpacked native libraries behind.
            shutil.rmtree(folder / "tmp", ignore_errors=True)
            (folder / "tmp").mkdir(parents=True)
        if new:
            cluster = cluster.with_ports(self._port)
            with ThreadPoolExecutor(len(new)) as pool:
                for _ in pool.map(lambda node_id: self._format(cluster, node_id, java_command[node_id]), new):
                    pass
        cluster.save()
        return existed

    def _format(self, cluster: ClusterFile, node_id: int, java_command: list[str]) -> None:
        """Format beside the final place and move it there: an interrupted format leaves nothing half done."""
        folder = self._folder(node_id)
        scratch = folder / "tmp" / "format"
        properties = folder / "tmp" / "format.properties"
        properties.write_text(
            as_properties(server_properties(node_id, cluster.ports, scratch, self._settings)),
            encoding="ascii",
        )
        format_node(java_command, properties, cluster.cluster_id)
        with contextlib.suppress(FileNotFoundError):
            (folder / "data").rmdir()  # an empty one is allowed
        scratch.rename(folder / "data")

    def _launch(self, cluster: ClusterFile, java_command: Mapping[int, list[str]]) -> None:
        try:
            for node_id in cluster.node_ids:
                folder = self._folder(node_id)
                properties = folder / "server.properties"
                values = server_properties(node_id, cluster.ports, folder / "data", self._settings)
                properties.write_text(as_properties(values), encoding="ascii")
                self._commands[node_id] = [*java_command[node_id], "kafka.Kafka", str(properties)]
                self._nodes[node_id] = launch(folder, self._commands[node_id], detached=self._detached)
            self._await(self._record(cluster.cluster_id, cluster.addresses))
        except BaseException:
            for node in self._nodes.values():
                node.kill()
            self.stop()
            raise

    def _record(self, cluster_id: str, addresses: Mapping[int, str]) -> Running:
        nodes = tuple(
            RunningNode(node_id, addresses[node_id], node.launcher, node.java)
            for node_id, node in self._nodes.items()
        )
        self._running = Running(self.data_dir, cluster_id, self._detached, nodes)
        write_running(self._running)
        return self._running

    def _await(self, expected: Running) -> None:
        """Wait until every node answers and sees all the others; raise with the log's end when one dies or is late."""
        deadline = time.monotonic() + _START_TIMEOUT
        waiting = {node.node_id: node.address for node in expected.nodes}
        said: Exception | None = None
        while waiting:
            for node_id, address in list(waiting.items()):
                node = self._nodes[node_id]
                if node.exit_code() is not None:
                    raise self._failed(node, f"broker {node_id} ended while it was starting")
                try:
                    cluster = probe(address)
                except (OSError, ValueError) as error:
                    said = error
                    continue
                if cluster.cluster_id != expected.cluster_id:
                    raise self._failed(
                        node, f"at {HOST} another broker answers, of cluster {cluster.cluster_id!r}"
                    )
                if len(cluster.brokers) == len(expected.nodes) and cluster.controller >= 0:
                    del waiting[node_id]
            if time.monotonic() > deadline:
                node = self._nodes[next(iter(waiting))]
                raise self._failed(node, f"the broker did not answer within {_START_TIMEOUT:.0f} s ({said})")
            time.sleep(0.05)

    def _failed(self, node: Node, what: str) -> EmbeddedBrokerError:
        return EmbeddedBrokerError(
            f"{what}; the end of its log:\n{node.log_tail()}",
            where=node.folder / launcher.LOG_FILE,
            todo="read the log above; a full disk, too little memory and a broken data folder are the usual causes",
        )
