"""Clients let go of what they have opened, without waiting for the garbage collector: a process that waits for a broker stays as it is."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import psutil
import pytest
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


def repeated(what: Callable[[], None], times: int) -> tuple[tuple[int, int], tuple[int, int]]:
    what()
    before = held()
    for _ in range(times):
        what()
    return before, held()


def test_a_client_that_finds_no_broker_leaves_no_socket_and_no_thread() -> None:
    nobody = Connection(f"127.0.0.1:{unused_port()}")

    def ask() -> None:
        with pytest.raises(KafkaError):
            admin(nobody, bootstrap_timeout_ms=200)

    before, after = repeated(ask, 5)
    assert after == before


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

    before, after = repeated(use, 15)
    assert after[1] == before[1]
    assert after[0] <= before[0] + 2  # a connection may just be ending
