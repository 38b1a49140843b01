"""The embedded broker: the real Apache Kafka on loopback, with no Docker, Java or Maven needed on the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from newswire.broker import launcher
from newswire.broker.cluster import ClusterFile
from newswire.broker.jars import ensure_jars
from newswire.broker.java import find_java
from newswire.broker.lifecycle import LocalBroker
from newswire.broker.settings import as_properties, java_options, server_properties
from newswire.broker.storage import FORMATTED, check_known, check_node, format_node

_log = structlog.get_logger("newswire.broker")


class EmbeddedBroker(LocalBroker):
    """Apache Kafka in KRaft mode as child processes: `brokers` of them (1 or 3), each broker and controller at once.

    See LocalBroker for the other parameters and for start, stop, kill, revive and status.
    """

    kind = "embedded"
    _java: list[list[str]]

    def _prepare(self, cluster: ClusterFile) -> bool:
        java = find_java()
        class_path = os.pathsep.join(map(str, ensure_jars()))
        _log.debug("java for the broker", path=str(java.path), version=java.version, source=java.source)
        self._java = [
            [
                str(java.path),
                *java_options(java.version, self._folder(node_id) / "tmp"),
                *(self._guard.java_options() if self._guard is not None else ()),
                "-cp",
                class_path,
            ]
            for node_id in cluster.node_ids
        ]
        new: list[int] = []
        unclean: list[int] = []
        for node_id in cluster.node_ids:
            folder = self._folder(node_id)
            if not check_node(folder / "data", node_id, cluster.cluster_id):
                new.append(node_id)
            elif not (folder / launcher.CLEAN_MARKER).exists():
                unclean.append(node_id)
            # A killed JVM leaves its unpacked native libraries behind.
            shutil.rmtree(folder / "tmp", ignore_errors=True)
            (folder / "tmp").mkdir(parents=True)
        if new:
            cluster.save()  # before the data: data of an unknown cluster would be refused
            with ThreadPoolExecutor(len(new)) as pool:
                for _ in pool.map(lambda node_id: self._format(cluster, node_id), new):
                    pass
        if unclean:
            _log.warning(
                "the broker was not stopped in order last time", nodes=unclean, data_dir=str(self.data_dir)
            )
        return bool(unclean)

    def _format(self, cluster: ClusterFile, node_id: int) -> None:
        """Format beside the final place and move it there: an interrupted format leaves nothing half done."""
        folder = self._folder(node_id)
        scratch = folder / "tmp" / "format"
        properties = folder / "tmp" / "format.properties"
        self._write_properties(properties, cluster, node_id, scratch)
        format_node(self._java[node_id - 1], properties, cluster.cluster_id)
        with contextlib.suppress(FileNotFoundError):
            (folder / "data").rmdir()  # an empty one is allowed
        scratch.rename(folder / "data")
        (folder / FORMATTED).touch()

    def _verify(self, cluster: ClusterFile) -> None:
        """See LocalBroker. One of three may have been away while a topic was deleted: only alone is it a sign of damage."""
        if len(cluster.node_ids) == 1:
            check_known(self._folder(cluster.node_ids[0]) / "data")

    def _command(self, cluster: ClusterFile, node_id: int) -> list[str]:
        folder = self._folder(node_id)
        properties = folder / "server.properties"
        self._write_properties(properties, cluster, node_id, folder / "data")
        return [*self._java[node_id - 1], "kafka.Kafka", str(properties)]

    def _write_properties(self, path: Path, cluster: ClusterFile, node_id: int, log_dir: Path) -> None:
        guarded = self._guard.properties(cluster.ports[node_id]) if self._guard is not None else {}
        values = server_properties(node_id, cluster.ports, str(log_dir), guarded | self._settings)
        # They may hold passwords: made for the owner's eyes before anything is in it.
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(as_properties(values), encoding="ascii")
