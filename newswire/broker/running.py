"""What a running broker left on disk about itself: so that others find it, and stop the right processes."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.node import STOP_GRACE, ProcessId

RUNNING_FILE = "running.json"


@dataclass(frozen=True, slots=True)
class RunningNode:
    """One broker process with its launcher, and the address where it takes clients."""

    node_id: int
    address: str
    launcher: ProcessId
    java: ProcessId


@dataclass(frozen=True, slots=True)
class Running:
    """A running embedded broker: `bootstrap` is what clients are given."""

    data_dir: Path
    cluster_id: str
    detached: bool
    nodes: tuple[RunningNode, ...]

    @property
    def bootstrap(self) -> str:
        """The addresses of all nodes, with commas between them."""
        return ",".join(node.address for node in self.nodes)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the brokers."""
        return tuple(node.java.pid for node in self.nodes)


def write_running(running: Running) -> None:
    """Record a running broker in its data folder."""
    values = asdict(running) | {"data_dir": str(running.data_dir)}
    path = running.data_dir / RUNNING_FILE
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")
    temporary.replace(path)


def status(data_dir: Path) -> Running | None:
    """Return the broker that runs on a data folder, or None. A record of processes that are gone counts for nothing."""
    try:
        values = json.loads((data_dir / RUNNING_FILE).read_bytes())
        nodes = tuple(
            RunningNode(
                node["node_id"], node["address"], ProcessId(**node["launcher"]), ProcessId(**node["java"])
            )
            for node in values["nodes"]
        )
        running = Running(data_dir, values["cluster_id"], values["detached"], nodes)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError):
        return None  # half written by a machine that lost power; the folder's locks tell the rest
    # A cluster of three with one killed is still running.
    alive = [node for node in nodes if node.launcher.process() or node.java.process()]
    return running if alive else None


def stop(data_dir: Path) -> bool:
    """Stop the broker that runs on a data folder, in order; return whether there was one.

    Only processes whose number *and* start time are the recorded ones are touched. Raises EmbeddedBrokerError when one
    does not end even when killed.
    """
    running = status(data_dir)
    if running is None:
        return False
    launchers = [process for node in running.nodes if (process := node.launcher.process())]
    for process in launchers:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    psutil.wait_procs(launchers, timeout=STOP_GRACE + 5)
    # Left over: a launcher that hangs, or a Java whose launcher was killed on a system without PR_SET_PDEATHSIG.
    rest = [
        process for node in running.nodes for id_ in (node.launcher, node.java) if (process := id_.process())
    ]
    for process in rest:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _, alive = psutil.wait_procs(rest, timeout=10)
    if alive:
        raise EmbeddedBrokerError(
            f"the broker could not be ended: pid {', '.join(str(process.pid) for process in alive)}",
            where=data_dir,
            todo="end these processes yourself, then try again",
        )
    (data_dir / RUNNING_FILE).unlink(missing_ok=True)
    return True
