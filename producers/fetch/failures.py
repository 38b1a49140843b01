"""What a failed fetch means: whether it will pass, whether somebody has to do something, or whether the thing is gone for good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from producers.fetch.errors import Deferred, FetchError, Refused


class FailureClass(StrEnum):
    """How a failure is treated."""

    SOFT = "soft"
    """Passes by itself: overload, network, time. Asked again soon, then less and less often."""
    HARD = "hard"
    """Somebody has to change something: not found, forbidden, refused by us, too large. Asked again rarely: a 404 may revive."""
    DEFERRED = "deferred"
    """Not asked: the host wants to be left alone. Says nothing of the address, and counts as no failure of it."""
    GONE = "gone"
    """The publisher says that it will not come back (410): never asked again."""


class Scope(StrEnum):
    """What a wish to be left alone speaks for."""

    FEED = "feed"
    """The address that answered."""
    HOST = "host"
    """All that is on its host."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a fetch has no content."""

    kind: FailureClass
    """How it is treated."""
    reason: str
    """Short stable name, for metrics: `http-503`, `dns`, `robots`, `body-bytes` …"""
    detail: str
    """A sentence for a person."""
    retry_after: float | None = None
    """Seconds that the server, or the queue for its host, asks us to wait."""
    scope: Scope = Scope.FEED
    """What that speaks for."""


# RFC 9110, 15.5 and RFC 6585, 8470: those of 4xx that speak of the moment, not of the thing.
_SOFT_CLIENT_ERRORS: Final = frozenset({408, 421, 425, 429})
_NOT_YET: Final = 202  # accepted, and nothing to show: challenge pages come with it
# Of 5xx those that speak of the thing: not implemented, HTTP version, network login.
_HARD_SERVER_ERRORS: Final = frozenset({501, 505, 511})
_HARD_REASONS: Final = frozenset({"body-bytes", "header-bytes", "wire-bytes", "redirects", "encoding"})


def of_status(status: int, retry_after: float | None) -> Failure:
    """Return what a status code that brings no content means.

    429 counts requests of a client, so it speaks for the host (RFC 6585); 503 speaks for the address that answered: one broken
    route says nothing about its neighbours. `Turns` widens it to the host when several addresses of it say so.
    """
    name = f"http-{status}"
    detail = f"the server answered with status {status}"
    if status == 410:
        return Failure(FailureClass.GONE, name, detail)
    soft = (
        status == _NOT_YET
        or status in _SOFT_CLIENT_ERRORS
        or (status >= 500 and status not in _HARD_SERVER_ERRORS)
    )
    scope = Scope.HOST if status == 429 else Scope.FEED
    return Failure(FailureClass.SOFT if soft else FailureClass.HARD, name, detail, retry_after, scope)


def of_error(error: FetchError) -> Failure:
    """Return what an error of ours or of the network means."""
    if isinstance(error, Deferred):
        return Failure(FailureClass.DEFERRED, error.reason, error.detail, error.seconds, Scope.HOST)
    hard = (
        isinstance(error, Refused) and error.reason != "robots-unreachable"
    ) or error.reason in _HARD_REASONS
    return Failure(FailureClass.HARD if hard else FailureClass.SOFT, error.reason, error.detail)
