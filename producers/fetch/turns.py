"""When a host may be asked: how many requests at a time, how long between them, and how long it wants to be left alone.

Pure but for its own memory: the time is an argument, nothing waits here. Not safe for threads; `gate.py` puts a lock around it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

_HOST_TROUBLE: Final = (
    3  # addresses of a host that say 503 at the same time until it counts as the host's own trouble
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Courtesy:
    """What every host is granted."""

    interval: float = 1.0
    """Seconds from the beginning of one request to the beginning of the next."""
    at_once: int = 1
    """Requests that may run at the same time."""
    crawl_delay_most: float = 60.0
    """A longer crawl-delay is kept at this: what it asks for would starve the source, which is then polled rarely anyway."""
    alone_most: float = 86400.0
    """Seconds that a host is left alone at most on its own wish."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now."""

    seconds: float | None
    """How long until it is worth asking again; None when a running request has to end first."""


@dataclass(slots=True)
class _Host:
    running: int = 0
    last_start: float = float("-inf")
    alone_until: float = float("-inf")
    troubled: dict[str, float] = field(default_factory=dict)
    """Addresses that want to be left alone, and until when."""


class Turns:
    """Deals out turns by host."""

    def __init__(self, courtesy: Courtesy | None = None) -> None:
        self._courtesy = courtesy or Courtesy()
        self._hosts: dict[str, _Host] = {}

    def ask(self, host: str, now: float, crawl_delay: float | None = None) -> Wait | None:
        """Take a turn, and return None; or return why not. A turn that was taken must be ended with `end`.

        `crawl_delay` is what the host's robots.txt asks for, in seconds, from the last request to this one.
        """
        known = self._hosts.setdefault(host, _Host())
        if known.alone_until > now:
            return Wait(known.alone_until - now)
        if known.running >= self._courtesy.at_once:
            return Wait(None)
        due = known.last_start + max(
            self._courtesy.interval, min(crawl_delay or 0.0, self._courtesy.crawl_delay_most)
        )
        if due > now:
            return Wait(due - now)
        known.running += 1
        known.last_start = now
        return None

    def end(self, host: str) -> None:
        """Give a turn back."""
        known = self._hosts[host]
        if known.running <= 0:
            raise ValueError(f"no request to {host} is running")
        known.running -= 1

    def leave_alone(self, host: str, now: float, seconds: float) -> None:
        """Note that the whole host asks for a pause (429 with Retry-After). A longer pause that runs already stays."""
        known = self._hosts.setdefault(host, _Host())
        known.alone_until = max(known.alone_until, now + min(seconds, self._courtesy.alone_most))

    def alone(self, now: float) -> dict[str, float]:
        """Return the hosts that are left alone now, each with the time at which that ends."""
        return {host: known.alone_until for host, known in self._hosts.items() if known.alone_until > now}

    def trouble(self, host: str, address: str, now: float, seconds: float) -> bool:
        """Note that one address of a host asks for a pause (503), and return whether that is now taken for a wish of the host.

        It is when three addresses ask for one at the same time; the host's pause is then the shortest of theirs.
        """
        known = self._hosts.setdefault(host, _Host())
        known.troubled = {at: until for at, until in known.troubled.items() if until > now}
        known.troubled[address] = now + seconds
        if len(known.troubled) < _HOST_TROUBLE:
            return False
        self.leave_alone(host, now, min(known.troubled.values()) - now)
        return True

    def forget_idle(self, now: float) -> None:
        """Forget hosts of which nothing has to be remembered, so that a long run over many hosts stays small."""
        longest = max(self._courtesy.interval, self._courtesy.crawl_delay_most)
        self._hosts = {
            host: known
            for host, known in self._hosts.items()
            if known.running
            or known.last_start + longest > now
            or max((known.alone_until, *known.troubled.values())) > now
        }
