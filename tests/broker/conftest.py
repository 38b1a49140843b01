"""What the broker's own tests share: a broker that comes back quickly, and a Java for every case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire.broker import EmbeddedBroker

# What a start after SIGKILL waits for is the end of the dead broker's session: 9 s otherwise.
QUICK = {"broker.session.timeout.ms": "1500", "broker.heartbeat.interval.ms": "300"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """A broker on a folder of its own, not started; stopped at the end."""
    made = EmbeddedBroker(tmp_path / "broker", settings=QUICK)
    yield made
    made.stop()
