"""The embedded broker with a second listener for stages, advertised at the port of a proxy."""

from __future__ import annotations

from pathlib import Path

from faults.proxy import HOST, Network
from newswire.broker import EmbeddedBroker
from newswire.broker.cluster import ClusterFile
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.ports import free_ports, is_free


class ProxiedBroker(EmbeddedBroker):
    """Stages reach it at `proxied` through `network`; the brokers among themselves, and whoever looks on, go directly."""

    def __init__(self, data_dir: Path, *, brokers: int = 1) -> None:
        super().__init__(data_dir, brokers=brokers)
        self._behind: dict[int, int] = {}
        self.network = Network([lambda node=node: self._behind[node] for node in range(1, brokers + 1)])
        self.network.start()

    @property
    def proxied(self) -> str:
        """What stages are given as bootstrap servers."""
        return ",".join(f"{HOST}:{port}" for port in self.network.ports)

    def start(self) -> str:
        """Start it; on a machine that is so busy that two minutes are not enough, once more."""
        for last_try in (False, False, True):
            try:
                return super().start()
            except EmbeddedBrokerError as error:
                if last_try or "did not answer within" not in error.what:
                    raise
        raise AssertionError

    def _command(self, cluster: ClusterFile, node_id: int) -> list[str]:
        if self._aside:
            return super()._command(cluster, node_id)  # nobody is to come in
        own = cluster.ports[node_id]
        port = self._behind.get(node_id)
        if port is None or not is_free(port):
            taken = [p for ports in cluster.ports.values() for p in (ports.client, ports.controller)]
            [self._behind[node_id]] = free_ports(1, avoid=[*taken, *self._behind.values()])
        settings = self._settings
        plain = f"PLAINTEXT://{HOST}:{own.client}"
        self._settings = settings | {
            "listeners": f"{plain},CONTROLLER://{HOST}:{own.controller},STAGES://{HOST}:{self._behind[node_id]}",
            "advertised.listeners": f"{plain},STAGES://{HOST}:{self.network.ports[node_id - 1]}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,STAGES:PLAINTEXT",
        }
        try:
            return super()._command(cluster, node_id)
        finally:
            self._settings = settings

    def pid(self, index: int = 0) -> int:
        """Return the process id of broker number `index` (0 is the first)."""
        return self._nodes[index + 1].java.pid
