"""The subscriptions of all feeds, by name: asked for where a feed names a hub, renewed before they end, dropped where it names none."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import asdict
from typing import Final

import structlog
from pydantic_core import from_json, to_json

from newswire.state.contract import State
from producers.websub.callback import PATH
from producers.websub.lease import WANTED_SECONDS, Lease, active, asked, confirmed, denied
from producers.websub.mailbox import Mailbox

_LOG = structlog.get_logger("newswire.websub")
_PREFIX: Final = "websub "
LEAST_BETWEEN: Final = 60.0
"""Seconds between two polls of a feed that its hub asks for."""


Submit = Callable[[str, Mapping[str, str]], str | None]
"""Sends a form to an address; returns why that failed, or None."""


class Subscriptions:
    """Belongs to the thread that has the state. `mailbox` connects it with the callback's server."""

    def __init__(
        self,
        state: State,
        callback_url: str,
        submit: Submit,
        pool: Executor,
    ) -> None:
        """Take over what the state holds.

        `callback_url` is the address under which hubs reach this process, without a path. `submit` is called in `pool`.
        """
        self.mailbox = Mailbox()
        self._state = state
        self._callback = callback_url.rstrip("/") + PATH
        self._submit = submit
        self._pool = pool
        self._leases: dict[str, Lease] = {}
        self._requests: dict[str, Future[str | None]] = {}
        self._told: dict[str, float] = {}
        self._waiting: set[str] = set()
        """Feeds that have changed, and were asked too short a time ago."""
        for _, value in state.scan(_PREFIX):
            lease = Lease(**from_json(value))
            self._leases[lease.feed] = lease
        self._publish()

    def saw(self, feed: str, url: str, hubs: Sequence[str], topic: str | None, now: float) -> None:
        """Take over what a feed that was just read says: its hubs, and its address for them; `url` where it says none."""
        hub = next(iter(hubs), None)
        topic = topic or url
        known = self._leases.get(feed)
        if hub is None:
            if known is not None:
                self._drop(feed)
            return
        if known is not None and (known.hub, known.topic) == (hub, topic):
            return
        # The secret goes to the hub over TLS or not at all (section 5.1).
        secret = secrets.token_urlsafe(32) if hub.startswith("https:") else ""
        self._keep(
            Lease(feed=feed, topic=topic, hub=hub, token=secrets.token_urlsafe(24), secret=secret, due=now)
        )

    def keep_only(self, polled: Collection[str]) -> None:
        """Drop the leases of feeds that are polled no more."""
        for feed in [feed for feed in self._leases if feed not in polled]:
            self._drop(feed)

    def step(self, now: float) -> list[str]:
        """Do what is due; return the names of feeds that have changed, as their hubs say."""
        self._answered(now)
        self._heard(now)
        changed = [feed for feed in self._waiting if now - self._told.get(feed, 0.0) >= LEAST_BETWEEN]
        self._waiting.difference_update(changed)
        self._told.update(dict.fromkeys(changed, now))
        for feed, lease in self._leases.items():
            if lease.due <= now and feed not in self._requests:
                self._requests[feed] = self._pool.submit(self._submit, lease.hub, self._form(lease))
        return changed

    def leases(self) -> list[Lease]:
        """Return all, for people."""
        return list(self._leases.values())

    def _answered(self, now: float) -> None:
        for feed, request in list(self._requests.items()):
            if not request.done():
                continue
            del self._requests[feed]
            lease, problem = self._leases.get(feed), request.result()
            if lease is None:
                continue
            if problem is not None:
                _LOG.warning("a hub did not take a subscription", feed=feed, hub=lease.hub, why=problem)
            # The hub may verify before its answer has come: then there is nothing to wait for.
            if problem is not None or lease.due <= now:
                self._keep(asked(lease, now, problem))

    def _heard(self, now: float) -> None:
        by_token = {lease.token: lease.feed for lease in self._leases.values()}
        for message in self.mailbox.take():
            feed = by_token.get(message.token)
            if feed is None:
                continue
            lease = self._leases[feed]
            if message.kind == "confirmed":
                self._keep(confirmed(lease, message.seconds, now))
            elif message.kind == "denied":
                self._keep(denied(lease, message.reason, now))
            elif active(lease, now):
                self._waiting.add(feed)

    def _form(self, lease: Lease) -> dict[str, str]:
        form = {
            "hub.callback": f"{self._callback}/{lease.token}",
            "hub.mode": "subscribe",
            "hub.topic": lease.topic,
            "hub.lease_seconds": str(int(WANTED_SECONDS)),
        }
        return form | {"hub.secret": lease.secret} if lease.secret else form

    def _keep(self, lease: Lease) -> None:
        self._leases[lease.feed] = lease
        self._state.put(_key(lease.feed), to_json(asdict(lease)))
        self._publish()

    def _drop(self, feed: str) -> None:
        del self._leases[feed]
        self._told.pop(feed, None)
        self._waiting.discard(feed)
        self._state.delete(_key(feed))
        self._publish()

    def _publish(self) -> None:
        self.mailbox.publish(self._leases.values())


def _key(feed: str) -> str:
    return _PREFIX + hashlib.sha256(feed.encode()).hexdigest()[:32]
