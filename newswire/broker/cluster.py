"""The cluster's own file in the data folder: its id, its size, and the ports of its last start."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.ports import HOST, free_ports, holder_of, is_free
from newswire.broker.settings import NodePorts
from newswire.broker.storage import new_cluster_id

CLUSTER_FILE = "cluster.json"


@dataclass(frozen=True, slots=True)
class ClusterFile:
    """What stays the same between starts (`cluster_id`, the number of nodes) and what is kept if it can be (ports)."""

    path: Path
    kind: str
    """What runs it: `embedded` or `docker`. The data of the one is not there for the other."""
    cluster_id: str
    brokers: int
    ports: dict[int, NodePorts]

    @property
    def node_ids(self) -> range:
        """The ids of the nodes, from 1."""
        return range(1, self.brokers + 1)

    @property
    def addresses(self) -> dict[int, str]:
        """Where each node takes clients."""
        return {node: f"{HOST}:{ports.client}" for node, ports in self.ports.items()}

    def with_ports(self, first: int | None) -> ClusterFile:
        """Return the same cluster with ports that are free now.

        With `first`, clients' ports are that one and the next ones, EmbeddedBrokerError when one is taken. Otherwise
        each is the last one if that is free.
        """
        clients: dict[int, int] = {}
        if first is not None:
            clients = {node: first + at for at, node in enumerate(self.node_ids)}
            for port in clients.values():
                if not is_free(port):
                    raise EmbeddedBrokerError(
                        f"port {port} is taken by {holder_of(port)}",
                        where=f"{HOST}:{port}",
                        todo="end that program, give another port with --port, or leave --port out for a free one",
                    )
        else:
            clients = {node: ports.client for node, ports in self.ports.items() if is_free(ports.client)}
        controllers = {
            node: ports.controller
            for node, ports in self.ports.items()
            if is_free(ports.controller) and ports.controller not in clients.values()
        }
        spare = iter(free_ports(2 * self.brokers, avoid=[*clients.values(), *controllers.values()]))
        ports = {
            node: NodePorts(clients.get(node) or next(spare), controllers.get(node) or next(spare))
            for node in self.node_ids
        }
        return replace(self, ports=ports)

    def aside(self) -> ClusterFile:
        """Return the same cluster with ports for clients that are free now and that nobody knows."""
        taken = [port for ports in self.ports.values() for port in (ports.client, ports.controller)]
        spare = iter(free_ports(self.brokers, avoid=taken))
        return replace(
            self,
            ports={node: NodePorts(next(spare), ports.controller) for node, ports in self.ports.items()},
        )

    def save(self) -> None:
        """Write the file, whole or not at all."""
        values = {
            "layout": 1,
            "kind": self.kind,
            "cluster_id": self.cluster_id,
            "brokers": self.brokers,
            "ports": {str(node): [ports.client, ports.controller] for node, ports in self.ports.items()},
        }
        temporary = self.path.with_suffix(".tmp")
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")
        temporary.replace(self.path)


def read_cluster(data_dir: Path) -> ClusterFile | None:
    """Return the cluster of a data folder, None if it is empty.

    Raises EmbeddedBrokerError when the file is broken or missing beside data.
    """
    path = data_dir / CLUSTER_FILE
    if not path.exists():
        data = sorted(data_dir.glob("node-*/data"))
        if data:
            raise EmbeddedBrokerError(
                f"the broker's data folder is broken: it has data but no {CLUSTER_FILE}",
                where=path,
                todo=f"restore {CLUSTER_FILE} from a backup, or move the folder away to begin anew; newswire never "
                "deletes data by itself",
            )
        return None
    try:
        values = json.loads(path.read_bytes())
        ports = {int(node): NodePorts(int(pair[0]), int(pair[1])) for node, pair in values["ports"].items()}
        return ClusterFile(
            path, str(values["kind"]), str(values["cluster_id"]), int(values["brokers"]), ports
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise EmbeddedBrokerError(
            f"the broker's data folder is broken: {CLUSTER_FILE} cannot be read ({error!r})",
            where=path,
            todo=f"restore {CLUSTER_FILE} from a backup, or move the folder away to begin anew; newswire never "
            "deletes data by itself",
        ) from error


def open_cluster(data_dir: Path, brokers: int, kind: str) -> ClusterFile:
    """Return the cluster of a data folder, a new one if it is empty.

    Raises EmbeddedBrokerError when the folder is broken, or when its cluster has another size or another kind.
    """
    cluster = read_cluster(data_dir)
    if cluster is None:
        return ClusterFile(data_dir / CLUSTER_FILE, kind, new_cluster_id(), brokers, {})
    if cluster.kind != kind:
        raise EmbeddedBrokerError(
            f"this data folder belongs to the {cluster.kind} broker, not to the {kind} one",
            where=data_dir,
            todo=f"start it with NEWSWIRE_BROKER={cluster.kind}, or give another folder with --data-dir",
        )
    if cluster.brokers != brokers:
        raise EmbeddedBrokerError(
            f"this data folder holds a cluster of {cluster.brokers}, not of {brokers}",
            where=data_dir,
            todo=f"start it with --brokers {cluster.brokers}, or give another folder with --data-dir",
        )
    return cluster
