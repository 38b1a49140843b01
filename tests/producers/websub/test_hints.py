"""A feed that names a hub is read again when the hub says so, long before it is due."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hub import Hub, a_hub, call
from newsroom import Newsroom, item, newsroom, rss
from polite import polite_client
from waiting import until
from web_server import Web, page, unused_port

from newswire.errors import UsageError
from newswire.keeping import SourceState
from newswire.source import SourceLoop
from producers.feeds import FeedsSource
from producers.websub import WebSubHints


@contextmanager
def produced(room: Newsroom, hub: Hub) -> Iterator[WebSubHints]:
    """Run what `newswire produce feeds --websub-url` runs."""
    client = polite_client(room.web, Web(hub.port), clock=room.clock)
    kept = SourceState(room.log, "feeds", room.folder)
    port = unused_port()
    source = room.source("herald")
    hints = WebSubHints(
        kept.state, client, [source.name], url=f"http://127.0.0.1:{port}", host="127.0.0.1", port=port
    )
    stop = threading.Event()
    feeds = FeedsSource(
        [source], client, kept.state, stop=stop, clock=room.clock, hints=hints, chance=lambda: 0.0
    )
    failed: list[BaseException] = []

    def run() -> None:
        try:
            SourceLoop(feeds, room.log, kept.writer, kept=kept).run()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield hints
    finally:
        stop.set()
        thread.join()
        hints.close()
        kept.close()
        assert not failed


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def lists(room: Newsroom, hub: Hub, *numbers: int) -> None:
    links = f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
    items = [item(number, room.page(number)) for number in numbers]
    room.web.pages["/herald.xml"] = page(200, rss(*items, extra=links), Content_Type="application/rss+xml")


def test_the_hub_is_asked_and_its_word_brings_the_next_article_at_once(room: Newsroom) -> None:
    with a_hub() as hub:
        lists(room, hub, 1)
        with produced(room, hub):
            until(lambda: len(room.raws()) == 1 and hub.forms, "the first article and the subscription")
            assert hub.forms[0]["hub.topic"] == room.web.url("/herald.xml")
            assert hub.verify()[0] == 200
            lists(room, hub, 1, 2)
            until(lambda: "active" in states(room, hub), "the lease")
            assert call(hub.callback, b"changed")[0] == 202
            until(lambda: len(room.raws()) == 2, "the second article")
            assert room.asked("/herald.xml") == 2
        with produced(room, hub):
            assert len(hub.forms) == 1, "the lease was kept over a restart"


def test_a_feed_that_is_gone_for_good_has_no_lease_to_be_renewed(room: Newsroom) -> None:
    with a_hub() as hub:
        lists(room, hub, 1)
        with produced(room, hub):
            until(lambda: len(room.raws()) == 1 and hub.forms, "the first article and the subscription")
            assert hub.verify()[0] == 200
            until(lambda: "active" in states(room, hub), "the lease")
            room.web.pages["/herald.xml"] = page(410)
            assert call(hub.callback, b"changed")[0] == 202
            until(lambda: call(hub.callback, b"changed")[0] == 410, "the end of the lease")
            assert room.asked("/herald.xml") == 2


def states(room: Newsroom, hub: Hub) -> str:
    """Return what the log says of leases."""
    changelog = "newswire.produce.feeds.changelog"
    end = room.log.end_offsets(changelog)[0]
    return " ".join(
        (record.value or b"").decode()
        for record in room.log.read(changelog, 0, 0, end)
        if (record.key or b"").startswith(b"websub ")
    )


def test_an_address_that_hubs_cannot_call_is_refused_and_so_is_a_port_that_is_taken(room: Newsroom) -> None:
    kept = SourceState(room.log, "feeds", room.folder)
    client = polite_client(room.web, clock=room.clock)
    try:
        for url, port, why in (
            ("push.example.org", unused_port(), "of the web"),
            ("https://push.example.org", room.web.port, "cannot be had"),
        ):
            with pytest.raises(UsageError, match=why):
                WebSubHints(kept.state, client, [], url=url, host="127.0.0.1", port=port)
    finally:
        kept.close()
