"""Clients let go of what they have opened, without waiting for the garbage collector: a process that waits for a broker stays as it is."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest
from waiting import until
from web_server import unused_port

from newswire.log.client import Connection, KafkaError, admin
from newswire.log.contract import TopicSpec
from newswire.log.kafka import KafkaLog


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def held() -> tuple[int, int]:
    """Open files and threads of this process."""
    return psutil.Process().num_fds(), threading.active_count()


def leaves_nothing(what: Callable[[], None], times: int) -> None:
    """Check that what is done again and again holds no more than done once. What other tests have closed may still be ending."""
    what()
    files, threads = held()
    for _ in range(times):
        what()

    def ended() -> bool:
        now = held()
        return now[0] <= files and now[1] <= threads

    until(ended, f"no more than {files} open files and {threads} threads")


def test_a_client_that_finds_no_broker_leaves_no_socket_and_no_thread() -> None:
    nobody = Connection(f"127.0.0.1:{unused_port()}")

    def ask() -> None:
        with pytest.raises(KafkaError):
            admin(nobody, bootstrap_timeout_ms=200)

    leaves_nothing(ask, 5)


@pytest.mark.broker
def test_clients_that_are_closed_leave_no_socket_and_no_thread(
    bootstrap_servers: str, namespace: str
) -> None:
    to = Connection(bootstrap_servers, namespace=namespace)
    first = KafkaLog(to)
    first.create([TopicSpec("t", 1)])
    first.close()

    def use() -> None:
        log = KafkaLog(to)
        end = log.end_offsets("t")[0]
        assert list(log.read("t", 0, 0, end)) == []
        subscription = log.subscribe("t", start={})
        subscription.poll(0.05)
        subscription.close()
        log.writer("w").close()
        log.close()

    leaves_nothing(use, 15)
