"""A subscription at a hub, and when something is to be done about it. Pure: time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

State = Literal["wanted", "asked", "active", "refused"]

DAY: Final = 86400.0
WANTED_SECONDS: Final = 10 * DAY
"""The lease that is asked for. The hub says how long it is."""
_LEAST: Final = 60.0
_MOST: Final = 30 * DAY
_RENEW_AT: Final = 0.75
"""Share of a lease after which it is renewed: a hub that is away for a while has until the end of it."""
_FIRST_AGAIN: Final = 300.0
_MOST_AGAIN: Final = DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What is known of one subscription."""

    feed: str
    """Name of the feed as a source."""
    topic: str
    """Address of the feed as the hub knows it."""
    hub: str
    """Address of the hub."""
    token: str
    """Last part of the callback's path: whoever does not know it cannot speak for the hub."""
    secret: str
    """With which the hub signs what it sends; empty where it would travel in the open."""
    state: State = "wanted"
    due: float = 0.0
    """When to ask the hub (again), Unix time."""
    until: float | None = None
    """When an active lease ends, Unix time."""
    failures: int = 0
    """Requests in a row that the hub has not followed with a verification."""
    why: str | None = None
    """Why it is not active, for people."""


def active(lease: Lease, now: float) -> bool:
    """Whether the hub tells of changes now."""
    return lease.state == "active" and lease.until is not None and now < lease.until


def asked(lease: Lease, now: float, problem: str | None) -> Lease:
    """Return the lease after a request to the hub: it is asked again, later each time, until it has verified the request.

    `problem` is why the request failed, None when it was accepted. A lease that is active stays so until it ends.
    """
    again = min(_FIRST_AGAIN * 2.0 ** min(lease.failures, 20), _MOST_AGAIN)
    holds = active(lease, now)
    return replace(
        lease,
        state=lease.state if holds else "asked",
        due=now + again,
        failures=lease.failures + 1,
        why=problem or lease.why if holds or problem else None,
    )


def confirmed(lease: Lease, seconds: float, now: float) -> Lease:
    """Return the lease after the hub has verified it for that many seconds, from a minute to thirty days."""
    length = min(max(seconds, _LEAST), _MOST)
    return replace(
        lease, state="active", until=now + length, due=now + _RENEW_AT * length, failures=0, why=None
    )


def denied(lease: Lease, reason: str, now: float) -> Lease:
    """Return the lease after the hub has refused it (section 5.2): it is asked again after a day."""
    return replace(lease, state="refused", until=None, due=now + DAY, why=reason or "the hub gives no reason")
