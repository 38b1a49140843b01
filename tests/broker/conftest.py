"""What the broker's own tests share."""

from __future__ import annotations

from collections.abc import Iterator
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
