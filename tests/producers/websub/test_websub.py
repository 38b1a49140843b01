"""WebSub with a real hub on loopback: it verifies, signs, denies and sends rubbish; the callback is a real server."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from hub import Hub, a_hub, call
from polite import SimulatedClock, polite_client
from waiting import until
from web_server import Web, unused_port

from newswire.state.memory import MemoryState
from producers.websub import Lease, Subscriptions, callback_app
from producers.websub.lease import DAY, active
from producers.websub.subscriptions import LEAST_BETWEEN

FEED = "example-news"
URL = "https://news.example/feed"
TOPIC = "https://news.example/self"


class Running:
    """Subscriptions with their callback's server, on a clock of their own."""

    def __init__(self, hub: Hub, state: MemoryState, pool: ThreadPoolExecutor) -> None:
        self.clock = SimulatedClock()
        self.state = state
        self.port = unused_port()
        self._client = polite_client(Web(hub.port), clock=self.clock)
        self._pool = pool
        self.subscriptions = self.begin()
        config = uvicorn.Config(
            callback_app(self.subscriptions.mailbox), port=self.port, log_config=None, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        until(lambda: self._server.started)

    def begin(self) -> Subscriptions:
        return Subscriptions(self.state, f"http://127.0.0.1:{self.port}", self._client.submit, self._pool)

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def saw(self, *hubs: str) -> None:
        self.subscriptions.saw(FEED, URL, hubs, TOPIC, self.clock.now())

    def step(self) -> list[str]:
        return self.subscriptions.step(self.clock.now())

    def until(self, condition: Callable[[], bool]) -> None:
        until(lambda: self.step() is not None and condition())

    @property
    def lease(self) -> Lease:
        [lease] = self.subscriptions.leases()
        return lease


@pytest.fixture
def hub() -> Iterator[Hub]:
    with a_hub() as hub:
        yield hub


@pytest.fixture
def running(hub: Hub) -> Iterator[Running]:
    with ThreadPoolExecutor(2) as pool:
        running = Running(hub, MemoryState(), pool)
        yield running
        running.close()


def subscribed(hub: Hub, running: Running, *, seconds: int = 3600) -> None:
    running.saw(hub.url)
    running.until(lambda: len(hub.forms) == 1)
    assert hub.verify(seconds) == (200, "c<b>h&allenge")
    running.until(lambda: running.lease.state == "active")


def test_a_feed_that_names_a_hub_is_subscribed_to_once_and_renewed_before_the_lease_ends(
    hub: Hub, running: Running
) -> None:
    subscribed(hub, running, seconds=1000)
    assert hub.forms[0] == {
        "hub.mode": "subscribe",
        "hub.topic": "https://news.example/self",
        "hub.callback": f"http://127.0.0.1:{running.port}/websub/{running.lease.token}",
        "hub.lease_seconds": str(int(10 * DAY)),
    }
    running.saw(hub.url)
    running.clock.sleep(740)
    running.step()
    assert len(hub.forms) == 1
    running.clock.sleep(20)
    running.until(lambda: len(hub.forms) == 2)
    assert active(running.lease, running.clock.now())
    hub.verify(5000)
    running.until(lambda: (running.lease.until or 0) > running.clock.now() + 4000)


def test_news_make_the_feed_due_at_once_but_not_more_often_than_once_a_minute(
    hub: Hub, running: Running
) -> None:
    subscribed(hub, running)
    assert call(hub.callback, b"<feed/>") == (202, "noted")
    assert running.step() == [FEED]
    call(hub.callback, b"<feed/>")
    assert running.step() == []
    running.clock.sleep(LEAST_BETWEEN + 1)
    assert running.step() == [FEED], "what came too early is not forgotten"
    assert running.step() == []


def test_leases_survive_a_restart_and_secrets_are_kept(hub: Hub, running: Running) -> None:
    subscribed(hub, running)
    before = running.lease
    running.subscriptions = running.begin()
    assert running.lease == before
    assert running.step() == []


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_what_is_signed_counts_and_what_is_not_is_answered_alike_and_ignored(
    hub: Hub, running: Running, method: str
) -> None:
    now = running.clock.now()
    secret = Lease(
        feed=FEED, topic=TOPIC, hub="https://hub.example/", token="token", secret="s3cret", state="active",
        due=now + 900, until=now + 900,
    )  # fmt: skip
    running.subscriptions._keep(secret)
    url = f"http://127.0.0.1:{running.port}/websub/token"
    right = hmac.new(b"s3cret", b"<feed/>", getattr(hashlib, method)).hexdigest()
    for wrong in ("", f"{method}={right[:-1]}0x", f"{method}=" + "0" * len(right), "md5=00", right):
        assert call(url, b"<feed/>", X_Hub_Signature=wrong)[0] == 202
    assert running.step() == []
    assert call(url, b"<feed/>", X_Hub_Signature=f"{method}={right}")[0] == 202
    assert running.step() == [FEED]


def test_a_hub_that_refuses_fails_or_never_verifies_is_asked_again_later_each_time(
    hub: Hub, running: Running
) -> None:
    hub.status = 500
    running.saw(hub.url)
    running.until(lambda: running.lease.state == "asked")
    assert "status 500" in (running.lease.why or "")
    first = running.lease.due - running.clock.now()
    running.clock.sleep(first + 1)
    running.until(lambda: running.lease.failures == 2)
    assert running.lease.due - running.clock.now() > 1.5 * first
    assert call(f"{hub.callback}?hub.mode=denied&hub.topic=https://news.example/self&hub.reason=no")[0] == 200
    running.until(lambda: running.lease.state == "refused")
    assert running.lease.why == "no"


@pytest.mark.parametrize(
    "changed",
    [
        {"hub_topic": "https://other.example/"},
        {"hub_mode": "unsubscribe"},
        {"hub_challenge": ""},
        {"hub_challenge": "x" * 2000},
        {"hub_lease_seconds": "-5"},
        {"hub_lease_seconds": "1e9"},
    ],
)
def test_a_verification_of_what_was_not_asked_for_is_refused(
    hub: Hub, running: Running, changed: dict[str, str]
) -> None:
    running.saw(hub.url)
    running.until(lambda: len(hub.forms) == 1)
    assert hub.verify(**changed)[0] == 404
    running.step()
    assert running.lease.state != "active"


def test_a_stranger_cannot_guess_and_a_body_without_end_is_cut_off(hub: Hub, running: Running) -> None:
    subscribed(hub, running)
    stranger = f"http://127.0.0.1:{running.port}/websub/guess"
    assert call(f"{stranger}?hub.mode=subscribe&hub.topic=x&hub.challenge=y")[0] == 404
    # As most clients do, a hub sends all of the body first; it can read the answer then.
    for body in (b"x", b"x" * (9 * 1024 * 1024)):
        assert call(stranger, body)[0] == 410
    for mib in (9, 40):
        assert call(hub.callback, b"x" * (mib * 1024 * 1024))[0] == 413
    assert running.step() == []


def test_a_hub_that_has_moved_is_followed_and_another_hub_or_none_ends_the_lease(
    hub: Hub, running: Running
) -> None:
    running.saw(hub.url + "moved")
    running.until(lambda: len(hub.forms) == 2 and running.lease.state == "asked")
    assert hub.forms[0] == hub.forms[1]
    old = running.lease.token
    running.saw(hub.url)
    assert running.lease.token != old
    running.saw()
    assert running.subscriptions.leases() == []
    assert list(running.state.scan("websub ")) == []


def test_an_address_inside_the_network_is_no_hub(hub: Hub, running: Running) -> None:
    running.saw(f"http://10.0.0.1:{hub.port}/hub")
    running.until(lambda: running.lease.state == "asked")
    assert "10.0.0.1" in (running.lease.why or "")
