"""Clients for tests: loopback allowed, names of their own, and a clock whose waiting costs no time."""

from __future__ import annotations

import threading
from typing import Any

from web_server import Web

from producers.fetch import Client, Identity

BEGIN = 1_795_000_000.0
"""Unix time at which simulated clocks start: in November 2026."""


class SimulatedClock:
    """Stands still but for sleeping."""

    def __init__(self) -> None:
        self.time = BEGIN
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            return self.time

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.time += seconds
            self.slept.append(seconds)


def loopback_names(host: str, port: int) -> list[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


def polite_client(*webs: Web, clock: SimulatedClock | None = None, **more: Any) -> Client:
    return Client(
        Identity(contact_url="https://example.org/bot"),
        ports=frozenset(web.port for web in webs),
        clock=clock or SimulatedClock(),
        **({"resolver": loopback_names, "allow_loopback": True} | more),
    )
