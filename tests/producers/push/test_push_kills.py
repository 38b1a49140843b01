"""The push server is killed at random moments while clients push; the broker is real. Nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from waiting import PATIENCE, until
from wire import everything, make_topics

from newswire.broker import EmbeddedBroker
from newswire.broker.ports import free_ports
from newswire.log.client import Connection
from newswire.log.kafka import KafkaLog

pytestmark = [pytest.mark.broker, pytest.mark.timeout(300)]
CLIENTS = 3
REQUESTS = 25
"""Of each client."""
KILLS = 4


class Server:
    """`newswire produce push`, started again whenever it is killed."""

    def __init__(self, log: KafkaLog, folder: Path) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self._said = (folder / "server.log").open("wb")
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("NEWSWIRE_", "KAFKA_"))},
            "KAFKA_BOOTSTRAP_SERVERS": log.connection.bootstrap_servers,
            "NEWSWIRE_NAMESPACE": log.connection.namespace,
            "NEWSWIRE_STATE_DIR": str(folder / "state"),
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "newswire",
                "produce",
                "push",
                "--port",
                str(self.port),
                "--insecure-loopback",
            ],
            env=self._environment,
            stderr=self._said,
            stdin=subprocess.DEVNULL,
        )

    def ready(self) -> None:
        ends_at = time.monotonic() + PATIENCE
        while True:
            try:
                if httpx2.get(f"{self.url}/healthz").status_code == 200:
                    return
            except httpx2.TransportError:
                assert self.process.poll() is None, "it ended by itself"
            assert time.monotonic() < ends_at
            time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        self._said.close()


@contextmanager
def running(log: KafkaLog, folder: Path) -> Iterator[Server]:
    server = Server(log, folder)
    try:
        server.ready()
        yield server
    finally:
        server.close()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True


def push(url: str, key: str, articles: list[dict[str, str]]) -> dict[str, object]:
    """Push until it is acknowledged, as a client should: the same bytes under the same key."""
    ends_at = time.monotonic() + PATIENCE
    with httpx2.Client(timeout=30) as client:
        while True:
            try:
                answer = client.post(f"{url}/v1/articles", json=articles, headers={"idempotency-key": key})
                if answer.status_code == 202:
                    found: dict[str, object] = answer.json()
                    return found
                assert answer.status_code == 503, answer.text
            except httpx2.TransportError:
                pass  # killed, or not up yet
            assert time.monotonic() < ends_at
            time.sleep(0.05)


def articles(name: str) -> list[dict[str, str]]:
    return [{"guid": f"{name}-{n}", "headline": name, "text": "text"} for n in range(2)]


@pytest.mark.chaos
def test_kills_lose_nothing_and_repeat_nothing(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    chance = random.Random(int(os.environ.get("NEWSWIRE_CHAOS_SEED", "11")))
    receipts: dict[str, list[dict[str, object]]] = {}

    with running(kafka_log, tmp_path) as server:

        def client(number: int) -> None:
            for n in range(REQUESTS):
                name = f"c{number}-{n}"
                receipts[name] = push(server.url, name, articles(name))["receipts"]  # type: ignore[assignment]

        clients = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
        for each in clients:
            each.start()
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.1, 0.6))
            server.kill()
            server.start()
            server.ready()
        for each in clients:
            each.join(PATIENCE)
        assert len(receipts) == CLIENTS * REQUESTS
        again = push(server.url, "c0-0", articles("c0-0"))
        assert again == {"receipts": receipts["c0-0"], "repeated": True}

    wanted = sorted(f"push:{each['guid']}" for name in receipts for each in articles(name))
    records = everything(kafka_log, "raw")
    assert sorted((record.key or b"").decode() for record in records) == wanted
    places = {(r.topic, r.partition, r.offset): (r.key or b"").decode() for r in records}
    for receipt in (each for of_one in receipts.values() for each in of_one):
        assert places[receipt["topic"], receipt["partition"], receipt["offset"]] == receipt["key"]  # type: ignore[index]


@pytest.mark.chaos
def test_while_the_broker_is_away_it_says_so_and_takes_the_same_request_afterwards(tmp_path: Path) -> None:
    """Stopped in order, then killed, each time with a request that had no answer but 503."""
    with EmbeddedBroker(tmp_path / "broker") as broker:
        log = KafkaLog(Connection(broker.bootstrap))
        make_topics(log)
        with running(log, tmp_path) as server, httpx2.Client(timeout=PATIENCE) as client:

            def post(name: str) -> httpx2.Response:
                return client.post(
                    f"{server.url}/v1/articles", json=articles(name), headers={"idempotency-key": name}
                )

            assert post("before").status_code == 202
            for name, away in (("stopped", broker.stop), ("killed", broker.kill)):
                away()
                for _ in range(3):
                    answer = post(name)
                    assert answer.status_code == 503
                    assert int(answer.headers["retry-after"]) >= 1
                    assert answer.json()["type"] == "urn:newswire:problem:unavailable"
                assert client.get(f"{server.url}/healthz").status_code == 503
                broker.stop()
                broker.start()
                assert "repeated" in push(server.url, name, articles(name))
                assert post(name).json()["repeated"] is True
        records = everything(log, "raw")
        log.close()
    wanted = [f"push:{each['guid']}" for name in ("before", "stopped", "killed") for each in articles(name)]
    assert sorted((record.key or b"").decode() for record in records) == sorted(wanted)


def test_asked_to_end_it_finishes_what_it_has_taken(kafka_log: KafkaLog, tmp_path: Path) -> None:
    make_topics(kafka_log)
    answers: list[int] = []
    with running(kafka_log, tmp_path) as server:
        body = b'{"guid": "g1", "headline": "h", "text": "t"}'
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
            head = (
                "POST /v1/articles HTTP/1.1",
                "host: localhost",
                "content-type: application/json",
                "expect: 100-continue",
            )
            client.sendall("\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode())
            # It has begun with the request: it asks for the body.
            assert int(client.recv(4096).split()[1]) == 100
            client.sendall(body[:5])
            server.process.send_signal(signal.SIGTERM)
            until(lambda: not listens(server.port), "nobody else is let in")
            client.sendall(body[5:])
            answers.append(int(client.recv(4096).split()[1]))
        assert server.process.wait(PATIENCE) == 0
    assert answers == [202]
    assert [record.key for record in everything(kafka_log, "raw")] == [b"push:g1"]
