"""What the broker's own tests share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from quick_broker import QUICK

from newswire.broker import EmbeddedBroker
from newswire.broker.ports import free_ports


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """A broker on a folder of its own, not started; stopped at the end."""
    made = EmbeddedBroker(tmp_path / "broker", settings=QUICK)
    yield made
    made.stop()


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    return free_ports(1)[0]


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Wait until a condition holds; fail after half a minute."""

    def wait(condition: Callable[[], bool], timeout: float = 30.0) -> None:
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, "the awaited state did not come"
            time.sleep(0.05)

    return wait
