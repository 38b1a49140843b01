"""The client as the settings say, for commands."""

from __future__ import annotations

from dataclasses import replace

from newswire.config import Settings
from newswire.errors import UsageError
from producers.fetch.client import Client
from producers.fetch.limits import Identity, Limits
from producers.fetch.turns import Courtesy

_WEB_PORTS = frozenset({80, 443})


def identity(settings: Settings) -> Identity:
    """Return who asks. UsageError where the settings do not say it: a publisher must be able to find us."""
    if not settings.contact_url:
        raise UsageError(
            "nothing is fetched without saying who asks: set NEWSWIRE_CONTACT_URL to a page or mailto: of yours, as in "
            "NEWSWIRE_CONTACT_URL=https://example.org/bot (docs/fetching.md)"
        )
    try:
        return Identity(contact_url=settings.contact_url)
    except ValueError as error:
        raise UsageError(f"NEWSWIRE_CONTACT_URL: {error}") from None


def allowed_ports(settings: Settings) -> frozenset[int]:
    """Return the ports that may be asked."""
    return _WEB_PORTS | {int(port) for port in settings.loopback_ports.split(",") if port}


def client(
    settings: Settings,
    *,
    body_bytes: int | None = None,
    courtesy: Courtesy | None = None,
    most_wait: float = 120.0,
) -> Client:
    """Return a client. `body_bytes` is the largest body where it is not that of an article (sitemaps, feeds)."""
    limits = Limits()
    if body_bytes is not None:
        limits = replace(limits, body_bytes=body_bytes, wire_bytes=max(limits.wire_bytes, body_bytes))
    return Client(
        identity(settings),
        limits=limits,
        courtesy=courtesy or Courtesy(interval=settings.fetch_interval),
        ports=allowed_ports(settings),
        most_wait=most_wait,
        allow_loopback=bool(settings.loopback_ports),
    )
