"""What hubs say, on its way from the threads of the web server to the one that has the state."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from producers.websub.lease import Lease

_MOST: Final = 10_000
"""Messages that wait: more are not needed, since of each lease only the last counts."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a hub has said about a lease."""

    token: str
    kind: Literal["confirmed", "denied", "changed"]
    seconds: float = 0.0
    """Of the lease, where it was confirmed."""
    reason: str = ""
    """Why it was denied."""


class Mailbox:
    """Leases as the web server may see them, and what it has heard. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._leases: dict[str, Lease] = {}
        self._heard: dict[tuple[str, str], Message] = {}

    def publish(self, leases: Iterable[Lease]) -> None:
        """Let the web server know these leases, and no others."""
        known = {lease.token: lease for lease in leases}
        with self._lock:
            self._leases = known

    def lease(self, token: str) -> Lease | None:
        """Return the lease of a callback's token."""
        with self._lock:
            return self._leases.get(token)

    def put(self, message: Message) -> None:
        """Note what a hub has said. Of a kind and lease the last counts."""
        with self._lock:
            key = (message.token, message.kind)
            if key in self._heard or len(self._heard) < _MOST:
                self._heard[key] = message

    def take(self) -> list[Message]:
        """Return what was heard since the last call, in its order."""
        with self._lock:
            heard, self._heard = list(self._heard.values()), {}
        return heard
