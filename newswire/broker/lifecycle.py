"""The life of a local broker, whatever runs it: started once, awaited, recorded, stopped, checked after a crash."""

from __future__ import annotations

import contextlib
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Literal, Self

import structlog

from newswire.broker import launcher, running
from newswire.broker.cluster import ClusterFile, open_cluster
from newswire.broker.errors import EmbeddedBrokerError
from newswire.broker.guard import Guard
from newswire.broker.node import STOP_GRACE, Node, launch
from newswire.broker.ports import listens
from newswire.broker.probe import probe
from newswire.broker.running import Running, RunningNode, write_running
from newswire.broker.storage import check_writable
from newswire.errors import NewswireError

if TYPE_CHECKING:
    from newswire.broker.k1 import Report  # it imports the Kafka client, which most starts do without

_log = structlog.get_logger("newswire.broker")

_START_TIMEOUT = 120.0  # seconds; 3 to 5 on an idle machine, 12 after SIGKILL
_REFUSED_FOR = (
    15.0  # seconds that a port may answer as no broker of ours does, while ours is about to find it taken
)
_LOCK_WAIT = 150.0  # seconds: another start on the same folder, then its answer is that the broker runs
_PORT_TRIES = 3
_UNCHECKED = "transactions-unchecked"  # file: an unclean stop was seen, and no check has passed since


def default_data_dir() -> Path:
    """Return the folder of the broker's data when none is given: in the user's data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir("newswire", appauthor=False)) / "broker"


class LocalBroker(ABC):
    """A broker on this machine's loopback, with its data in a folder that one broker at a time may use.

    `data_dir` is kept between starts. `port` is that of the first of `brokers` nodes, the others have the next ones;
    without it the last start's ports are taken again if they are free, otherwise any free ones. A `detached` broker
    outlives this process; any other ends with it, whatever way it ends. `settings` are further broker settings by
    Kafka's names. `settle` is a person's decision for transactions that a crash left open and of which the broker's log
    does not tell the end; without it such a start is refused. With a `guard`, clients must be let in by it (embedded
    only). Usable as a context manager. Not thread-safe.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        port: int | None = None,
        brokers: int = 1,
        detached: bool = False,
        settings: Mapping[str, str] | None = None,
        settle: Literal["commit", "abort"] | None = None,
        guard: Guard | None = None,
    ) -> None:
        if brokers not in {1, 3}:
            raise ValueError(f"brokers must be 1 or 3, not {brokers}: two have no more safety than one")
        self.data_dir = Path(data_dir or default_data_dir()).expanduser().absolute()
        self._port = port
        self._brokers = brokers
        self._detached = detached
        self._settings = dict(settings or {})
        self._settle: Literal["commit", "abort"] | None = settle
        self._guard = guard
        self._nodes: dict[int, Node] = {}
        self._commands: dict[int, list[str]] = {}
        self._running: Running | None = None
        self._aside = False
        self.checked: Report | None = None
        """What the check after an unclean stop found at the last start; None if there was none to make."""

    kind: ClassVar[str]

    @abstractmethod
    def _prepare(self, cluster: ClusterFile) -> bool:
        """Make every node ready to be launched; return whether the cluster had data that was not closed in order."""

    @abstractmethod
    def _command(self, cluster: ClusterFile, node_id: int) -> list[str]:
        """Return the command that runs one node until SIGTERM, its settings written down for the ports in `cluster`."""

    @abstractmethod
    def _verify(self, cluster: ClusterFile) -> None:
        """Raise EmbeddedBrokerError when the broker that has just come up does not have the data that its folder has."""

    def start(self) -> str:
        """Start the broker, wait until it answers, return its bootstrap servers (`host:port`, commas between).

        After an unclean stop the K1 check runs before anybody can reach the broker (see newswire.broker.k1). Raises
        EmbeddedBrokerError: no jars, a wrong Java, a taken port, a broken folder, a running broker, a failed start, a
        hanging transaction of which nobody can know the end.
        """
        check_writable(self.data_dir)
        with self._start_lock():
            began = time.monotonic()
            self._refuse_second()
            cluster = open_cluster(self.data_dir, self._brokers, self.kind).with_ports(self._port)
            if self._prepare(cluster):
                # Until a check has passed: this start may itself be cut off, and the broker then stops in order.
                (self.data_dir / _UNCHECKED).touch()
            self.checked = None
            if (self.data_dir / _UNCHECKED).exists():
                self._check_aside(cluster)
            cluster = self._launch_all(cluster)
            cluster.save()
            try:
                self._verify(cluster)
            except EmbeddedBrokerError:
                self.stop()
                raise
            bootstrap = self.bootstrap
            _log.info(
                "broker is up",
                bootstrap=bootstrap,
                data_dir=str(self.data_dir),
                seconds=round(time.monotonic() - began, 1),
            )
            return bootstrap

    @property
    def bootstrap(self) -> str:
        """The bootstrap servers of the started broker."""
        assert self._running is not None, "the broker has not been started"
        return self._running.bootstrap

    def stop(self) -> None:
        """Stop the broker in order and wait for its end; kill what does not end in time. Does nothing when stopped."""
        if self._detached and not self._aside:
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

    def erase(self) -> None:
        """Delete the data of a stopped broker, for good: what a demo or a trial made."""
        shutil.rmtree(self.data_dir)

    def kill(self, index: int = 0) -> None:
        """SIGKILL the broker number `index` (0 is the first). For tests of what must survive that."""
        self._nodes[index + 1].kill()

    def revive(self, index: int = 0) -> None:
        """Start the killed broker number `index` of three again, at its old address, and wait until it has rejoined."""
        assert self._running is not None
        node_id = index + 1
        self._nodes[node_id] = launch(self._folder(node_id), self._commands[node_id], detached=self._detached)
        self._await(
            self._record(
                self._running.cluster_id, {node.node_id: node.address for node in self._running.nodes}
            )
        )

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

    def _security(self) -> dict[str, str | None]:
        return self._guard.security() if self._guard is not None else {}

    def _folder(self, node_id: int) -> Path:
        return self.data_dir / f"node-{node_id}"

    @contextlib.contextmanager
    def _start_lock(self) -> Iterator[None]:
        import filelock

        lock = filelock.FileLock(self.data_dir / "start.lock")
        try:
            lock.acquire(timeout=_LOCK_WAIT)
        except filelock.Timeout as error:
            raise EmbeddedBrokerError(
                "another process has been starting a broker on this data folder for minutes",
                where=self.data_dir,
                todo="wait for it or end it, then try again",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _refuse_second(self) -> None:
        other = running.status(self.data_dir)
        if other is not None:
            raise EmbeddedBrokerError(
                f"a broker is running on this data folder already: {other.bootstrap}, "
                f"pid {', '.join(map(str, other.pids))}",
                where=self.data_dir,
                todo="use it (--bootstrap-servers), stop it (newswire broker stop), or give another folder (--data-dir)",
            )

    def _check_aside(self, cluster: ClusterFile) -> None:
        """Run the broker for the check alone, at ports that nobody knows.

        Clients that come back at once would write on in the transactions that were left open: what was decided to be committed would end
        as their next transaction does.
        """
        from newswire.broker.k1 import check_and_repair
        from newswire.log.client import Connection

        self._aside = True
        try:
            self._launch_all(cluster.aside())
            self._verify(cluster)
            self.checked = check_and_repair(Connection(self.bootstrap, self._security()), settle=self._settle)
        finally:
            self.stop()
            self._aside = False
        (self.data_dir / _UNCHECKED).unlink()

    def _launch_all(self, cluster: ClusterFile) -> ClusterFile:
        for last_try in (False,) * (_PORT_TRIES - 1) + (True,):
            try:
                self._launch(cluster)
                break
            except EmbeddedBrokerError as error:
                # Another program took a port between our look and Kafka's bind.
                if last_try or self._port is not None or "Address already in use" not in error.what:
                    raise
                cluster = cluster.with_ports(None)
        return cluster

    def _launch(self, cluster: ClusterFile) -> None:
        try:
            for node_id in cluster.node_ids:
                self._commands[node_id] = self._command(cluster, node_id)
                self._nodes[node_id] = launch(
                    self._folder(node_id),
                    self._commands[node_id],
                    detached=self._detached and not self._aside,
                )
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
        if not self._aside:
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
                    raise _failed(node, f"broker {node_id} ended while it was starting")
                try:
                    cluster = probe(address, security=self._security())
                    if cluster.cluster_id != expected.cluster_id:
                        what = f"at {address} another broker answers, of cluster {cluster.cluster_id!r}"
                        raise _failed(node, what)
                except (OSError, ValueError) as error:
                    said = error
                    continue
                except NewswireError as error:
                    # Who took the port after our look answers too; then Kafka is about to end, with a better reason.
                    if listens(node.java.pid, int(address.rpartition(":")[2])):
                        raise
                    said = error
                    continue
                if len(cluster.brokers) == len(expected.nodes) and cluster.controller >= 0:
                    del waiting[node_id]
            if time.monotonic() > deadline:
                node = self._nodes[next(iter(waiting))]
                raise _failed(node, f"the broker did not answer within {_START_TIMEOUT:.0f} s ({said})")
            time.sleep(0.05)


def _failed(node: Node, what: str) -> EmbeddedBrokerError:
    return EmbeddedBrokerError(
        f"{what}; from its log:\n{node.log_tail()}",
        where=node.folder / launcher.LOG_FILE,
        todo="read the log above; a full disk, too little memory and a broken data folder are the usual causes",
    )
