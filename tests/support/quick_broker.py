"""Settings of a broker that tests kill."""

from __future__ import annotations

from typing import Final

# What a start after SIGKILL waits for is the end of the dead broker's session: 9 s otherwise.
# Shorter than this, a loaded machine fences a live broker.
QUICK: Final = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "500"}
