"""The pipeline on a broker that refuses what no rule allows: each part under a login that `newswire broker start --secure` makes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
from forked import ForkingSupervisor
from kafka.protocol.consumer import FetchRequest
from kafka.protocol.producer import ProduceRequest
from kafka.record import MemoryRecordsBuilder

from newswire.broker import EmbeddedBroker
from newswire.broker.guard import Guard
from newswire.broker.secure import guard_for, open_doors
from newswire.log.client import Connection, admin, error_for_code
from newswire.supervisor import Supervisor

NAMESPACE = "paper."


@dataclass(frozen=True)
class Secure:
    """A running broker with the generated rules, and the folder in which its starter has put a login for each principal."""

    bootstrap: str
    guard: Guard
    folder: Path
    clients: Path

    def environment(self, principal: str) -> dict[str, str]:
        """Return the environment of a command of this principal: its file of settings, and nothing of ours beside it."""
        lines = shlex.split((self.clients / f"{principal}.env").read_text(encoding="utf-8"))
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSWIRE_", "KAFKA_"))}
        return (
            plain
            | dict(line.split("=", 1) for line in lines)
            | {"NEWSWIRE_NAMESPACE": NAMESPACE, "NEWSWIRE_STATE_DIR": str(self.folder / "state")}
        )

    def password(self, principal: str) -> str:
        """Return a principal's password."""
        return (self.clients / f"{principal}.password").read_text(encoding="ascii")

    def connection(self, principal: str) -> Connection:
        """Return how a principal reaches the broker."""
        login = {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": principal,
            "sasl_plain_password": self.password(principal),
        }
        return Connection(
            self.bootstrap,
            {"security_protocol": "SASL_SSL", "ssl_cafile": str(self.guard.ca)} | login,
            NAMESPACE,
        )

    def unbound(self) -> Connection:
        """Return how the broker's own user reaches it, whom no rule binds."""
        return Connection(self.bootstrap, dict(self.guard.security()), NAMESPACE)

    def run(self, principal: str, *command: str | Path, status: int = 0) -> str:
        """Run a command as a principal to its end, with that status; return what it wrote to standard output, then to standard error."""
        done = forked.run(command, self.environment(principal))
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == status, said
        return said

    @contextmanager
    def running(self, *parts: str, **more: str) -> Iterator[list[Supervisor]]:
        """Run parts of the pipeline as processes, each under its own login."""
        with ExitStack() as running:
            found = []
            for part in parts:
                supervisor = ForkingSupervisor(environment=self.environment(part) | more)
                running.callback(supervisor.stop)
                supervisor.add(part, [*forked.PYTHON, "run", part])
                found.append(supervisor)
            yield found


@contextmanager
def secure_broker(folder: Path) -> Iterator[Secure]:
    """Start a broker as `newswire broker start --secure` does, but one that ends with us."""
    guard = guard_for(folder)
    with EmbeddedBroker(folder, guard=guard) as broker:
        yield Secure(broker.bootstrap, guard, folder, open_doors(folder, broker.bootstrap, guard, NAMESPACE))


class Asker:
    """Asks the broker as one principal, with nothing between: a client that may not see a topic does not even send its request."""

    def __init__(self, to: Connection) -> None:
        self.admin = admin(to)

    def _send(self, request: Any) -> Any:
        manager = self.admin._manager

        async def send() -> Any:
            return await manager.send(request)

        return manager.run(send)

    def write(self, topic: str) -> None:
        """Write a record into partition 0; raise what the broker answers."""
        records = MemoryRecordsBuilder(2, 0, 1024)
        records.append(None, b"key", b"value")
        records.close()
        data = ProduceRequest.TopicProduceData
        partition = data.PartitionProduceData(index=0, records=records.buffer())
        self._raise(
            self._send(
                ProduceRequest(
                    transactional_id=None,
                    acks=-1,
                    timeout_ms=5_000,
                    topic_data=[data(name=topic, partition_data=[partition])],
                    max_version=9,
                )
            )
            .responses[0]
            .partition_responses[0]
            .error_code
        )

    def read(self, topic: str) -> None:
        """Read the first records of partition 0; raise what the broker answers."""
        of_topic = FetchRequest.FetchTopic
        partition = of_topic.FetchPartition(
            partition=0, fetch_offset=0, partition_max_bytes=1 << 20, current_leader_epoch=-1
        )
        answer = self._send(
            FetchRequest(
                replica_id=-1,
                max_wait_ms=0,
                min_bytes=0,
                max_bytes=1 << 20,
                isolation_level=1,
                topics=[of_topic(topic=topic, partitions=[partition])],
                max_version=12,
            )
        )
        self._raise(answer.responses[0].partitions[0].error_code)

    @staticmethod
    def _raise(code: int) -> None:
        if code:
            raise error_for_code(code)

    def close(self) -> None:
        self.admin.close()
