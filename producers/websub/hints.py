"""What the poller of feeds learns from hubs: subscriptions, and the server that hubs call."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import urlsplit

from newswire.errors import UsageError
from newswire.state.contract import State
from producers.fetch import Client
from producers.push.limits import Limits
from producers.push.server import server
from producers.websub.callback import callback_app
from producers.websub.subscriptions import Subscriptions

_THREADS: Final = 4
_JOIN_SECONDS: Final = 8.0


class WebSubHints:
    """`producers.polling.polled.Hints` by WebSub. Belongs to the poller's thread; the callback's server runs beside it."""

    def __init__(
        self, state: State, client: Client, names: Collection[str], *, url: str, host: str, port: int
    ) -> None:
        """Begin to listen.

        `names` are the feeds that are polled; `url` is where hubs reach this process (`https://push.example.org`, behind whatever
        forwards to `host` and `port`). UsageError when it is no address of the web; OSError when the port cannot be had.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UsageError(
                f"the address for hubs has to be one of the web, without query, as in https://push.example.org: {url!r}"
            )
        self._pool = ThreadPoolExecutor(_THREADS, "websub")
        self._subscriptions = Subscriptions(state, url, client.submit, self._pool)
        self._subscriptions.keep_only(names)
        self._server = server(callback_app(self._subscriptions.mailbox), host, port, Limits())
        self._thread = threading.Thread(target=self._serve, name="websub", daemon=True)
        self._failed: BaseException | None = None
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.02)
        if not self._server.started:
            self.close()
            raise UsageError(
                f"port {port} of {host} cannot be had for hubs ({self._failed}): choose another one"
            )

    def keep_only(self, names: Collection[str]) -> None:
        """Drop the leases of feeds that are polled no more."""
        self._subscriptions.keep_only(names)

    def saw(self, name: str, url: str, notes: Mapping[str, Any], now: float) -> None:
        """Take over the hubs that a feed names."""
        self._subscriptions.saw(name, url, notes.get("hubs", ()), notes.get("topic"), now)

    def step(self, now: float) -> Sequence[str]:
        """Do what is due at hubs; return the names of the feeds that have changed."""
        return self._subscriptions.step(now)

    def close(self) -> None:
        """Stop listening. Leases stay: the next process goes on with them."""
        self._server.should_exit = True
        self._thread.join(_JOIN_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _serve(self) -> None:
        try:
            self._server.run()
        except (OSError, SystemExit) as error:  # uvicorn ends the process where a port is taken
            self._failed = error
