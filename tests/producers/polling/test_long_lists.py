"""A long list keeps nothing from others: not other hosts, not other sources of its host, not its own source for long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, article, item, newsroom
from waiting import until
from web_server import Handler, page
from wire import everything

from newswire.log import memory
from producers.fetch.schedule import DAY, HOUR
from producers.polling import PolledSource, poller, work
from producers.polling.backlog import Backlog
from producers.polling.pool import Pool

ITEMS = 180


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def long_list(room: Newsroom, path: str = "/long.xml", items: int = ITEMS) -> None:
    room.feed(path, *(item(n, room.page(n)) for n in range(items)), ETag='"long"')


def test_all_of_it_is_published_once(room: Newsroom) -> None:
    long_list(room)
    source = room.source("long")
    found = room.poll(source)
    assert sorted(raw["guid"] for raw in found) == sorted(f"report-{n}" for n in range(ITEMS))
    assert {raw["body"] for raw in found} == {article(n).decode() for n in range(ITEMS)}
    assert room.counts("long") == {"new": ITEMS, "queued": ITEMS - poller.PAGES_AT_ONCE}
    room.later(DAY)
    assert room.poll(source) == []
    with room.state() as state:
        assert list(state.scan("wait ")) == []


def test_other_sources_of_the_host_are_asked_meanwhile(room: Newsroom) -> None:
    """Whatever the host's pages are: those of one list do not stand before the question to another source."""
    long_list(room)
    room.feed("/short.xml", item(500, room.page(500)))
    room.poll(room.source("long"), room.source("short"))
    paths = room.web.paths()
    before = paths[: paths.index("/short.xml")]
    assert sum(path.startswith("/news/") for path in before) <= 1
    # Its page comes before those that the long list has beyond its share.
    before = paths[: paths.index("/news/500")]
    assert sum(path.startswith("/news/") for path in before) <= poller.PAGES_AT_ONCE + 10


def killed_at(room: Newsroom, source: PolledSource, path: str) -> None:
    """Poll until a page is asked for; what comes after that is not written."""

    class Killed(BaseException):
        pass

    there, reached, whole = room.web.pages[path], threading.Event(), memory.MemoryWriter.write

    def dies(handler: Handler) -> None:
        reached.set()
        handler.answer(200, b"", Content_Type="text/html")

    def write(self: memory.MemoryWriter, outputs: object, then: object = None) -> list[int]:
        if reached.is_set():
            raise Killed
        return whole(self, outputs, then)  # type: ignore[arg-type]

    room.web.pages[path] = dies
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory.MemoryWriter, "write", write)
        with pytest.raises(Killed):
            room.poll(source)
    room.web.pages[path] = there


def test_the_poll_is_done_when_its_share_is_and_a_restart_does_not_ask_again(room: Newsroom) -> None:
    long_list(room)
    source = room.source("long")
    killed_at(room, source, f"/news/{poller.PAGES_AT_ONCE + 40}")
    assert poller.PAGES_AT_ONCE <= len(room.raws()) < ITEMS
    assert room.standings()["long"].validators is not None
    # What is queued is published without the list, also when the source has left the list of sources.
    room.poll()
    assert sorted(raw["guid"] for raw in room.raws()) == sorted(f"report-{n}" for n in range(ITEMS))
    assert room.asked("/long.xml") == 1


def test_a_poll_does_not_stay_open_for_pages_that_take_long(room: Newsroom) -> None:
    """A host that wants twenty seconds between two pages: 40 of them take a quarter of an hour, and the process is killed in between."""
    room.web.pages["/robots.txt"] = page(200, b"User-agent: *\nCrawl-delay: 20\n", Content_Type="text/plain")
    long_list(room, items=40)
    source = room.source("long")
    there = room.web.pages["/news/10"]

    def comes_late(handler: Handler) -> None:
        until(lambda: b"source long" in remembered(room), "the end of the poll")
        there(handler)

    room.web.pages["/news/10"] = comes_late
    killed_at(room, source, "/news/25")
    assert len(room.raws()) < 40
    assert room.standings()["long"].validators is not None
    before = len(room.web.paths())
    room.poll(source)
    assert sorted(raw["guid"] for raw in room.raws()) == sorted(f"report-{n}" for n in range(40))
    assert room.asked("/long.xml") == 1
    again = {path for path in room.web.paths()[before:] if path in room.web.paths()[:before]}
    assert "/news/0" not in again
    room.later(DAY)
    assert room.poll(source) == []


def remembered(room: Newsroom) -> set[bytes]:
    """Return the keys of the state that stand in its changelog."""
    return {record.key or b"" for record in everything(room.log, "newswire.produce.feeds.changelog")}


def test_a_page_that_takes_long_is_one_of_its_item_all_the_same(room: Newsroom) -> None:
    """What comes of an item whose poll is done: failures, other sources, a changed title, as of any other."""
    room.web.pages["/robots.txt"] = page(200, b"User-agent: *\nCrawl-delay: 30\n", Content_Type="text/plain")
    long_list(room, items=6)
    room.web.pages["/news/5"] = page(503)
    other = room.source("short")
    room.feed("/short.xml", item(4, room.web.url("/news/4")))
    found = room.poll(room.source("long"), other)
    assert len(found) == 5
    assert {raw["guid"] for raw in found if raw["source"]["name"] == "long"} >= {
        f"report-{n}" for n in range(4)
    }
    [shared] = [raw for raw in found if raw["url"].endswith("/news/4")]
    assert [each["source"] for each in shared["references"]] == [
        {"long": "short", "short": "long"}[shared["source"]["name"]]
    ]
    room.page(5)
    room.later(HOUR)
    assert [raw["guid"] for raw in room.poll(room.source("long"), other)] == ["report-5"]
    room.later(DAY)
    assert room.poll(room.source("long"), other) == []


def test_a_page_in_the_queue_that_fails_is_tried_as_often_as_others(room: Newsroom) -> None:
    long_list(room)
    room.web.pages[f"/news/{ITEMS - 1}"] = page(503)
    source = room.source("long")
    assert len(room.poll(source)) == ITEMS - 1
    room.page(ITEMS - 1)
    room.later(HOUR)
    [raw] = room.poll(source)
    assert raw["guid"] == f"report-{ITEMS - 1}"
    assert "page_failure" not in raw


@pytest.mark.parametrize(("later", "first"), [(HOUR / 2, False), (2 * HOUR, True)])
def test_a_source_with_a_long_queue_is_asked_once_an_hour(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, later: float, first: bool
) -> None:
    monkeypatch.setattr(work, "QUEUED_MOST", 20)
    long_list(room)
    source = room.source("long", least=60.0, most=600.0)
    killed_at(room, source, f"/news/{poller.PAGES_AT_ONCE + 5}")
    room.later(later)
    begun = len(room.web.paths())
    room.poll(source)
    paths = room.web.paths()[begun:]
    before = sum(path.startswith("/news/") for path in paths[: paths.index("/long.xml")])
    assert (before <= 1) == first
    assert first or before >= ITEMS - poller.PAGES_AT_ONCE - 40
    assert len(room.raws()) == ITEMS


def test_other_hosts_do_not_wait_for_it(room: Newsroom) -> None:
    """Sources on a hundred hosts are asked before the long list is through; some are deferred, since here nobody's waiting takes time."""
    long_list(room)
    hosts = range(100)
    sources = [room.source("long")]
    for number in hosts:
        room.feed(f"/{number}.xml", item(1000 + number, room.page(1000 + number)))
        url = room.web.url(f"/{number}.xml", host=f"h{number}.example.org")
        sources.append(PolledSource(name=f"s{number}", url=url))
    room.poll(*sources)
    paths = room.web.paths()
    meanwhile = paths[: paths.index(f"/news/{ITEMS // 2}")]
    assert sum(f"/{number}.xml" in meanwhile for number in hosts) >= 80


def test_pages_never_have_all_threads() -> None:
    pool, free = Pool(4), threading.Event()
    try:
        for number in range(100):
            pool.submit(f"h{number % 20}", number, free.wait, page=True)
        pool.submit("other", "asked", lambda: "answer")
        done = pool.next(30)
        assert done is not None
        assert (done.what, done.result) == ("asked", "answer")
    finally:
        free.set()
        pool.close()


def test_a_question_goes_before_the_pages_of_its_host() -> None:
    pool, free, order = Pool(1), threading.Event(), list[object]()
    try:
        pool.submit("a", 0, free.wait, page=True)
        for number in (1, 2):
            pool.submit("a", number, lambda: None, page=True)
            pool.submit("b", number, lambda: None, page=True)
        pool.submit("b", "b?", lambda: None)
        pool.submit("a", "a?", lambda: None)
        free.set()
        while pool.busy:
            done = pool.next(30)
            assert done is not None
            order.append(done.what)
        assert order.index("b?") < order.index(1)
        assert order.index("a?") < order.index(1)
        assert len(order) == 7
    finally:
        free.set()
        pool.close()


def test_what_is_dropped_has_not_begun() -> None:
    pool, free = Pool(2), threading.Event()
    try:
        for number in range(10):
            pool.submit(f"h{number}", number, free.wait, page=True)
        pool.submit("h0", "more", free.wait)
        while pool._pages_running < 1:
            pass
        pool.drop()
        assert 1 <= pool.busy <= 2
        free.set()
        while pool.busy:
            assert pool.next(30) is not None
    finally:
        free.set()
        pool.close()


def test_hosts_take_turns_and_at_a_host_its_sources_do() -> None:
    room = {"a": 4, "b": 2, "c": 0}

    def has_room(host: str) -> bool:
        return room[host] > 0

    backlog = Backlog(has_room)
    for number in range(100):
        backlog.add("a", "long", f"long-{number}")
    backlog.add("a", "short", "short-0")
    backlog.add("b", "other", "other-0")
    backlog.add("c", "never", "never-0")
    taken = []
    for name in backlog.taken():
        taken.append(name)
        room["b" if name.startswith("other") else "a"] -= 1
    assert taken == ["long-0", "other-0", "short-0", "long-1", "long-2"]
    assert (len(backlog), backlog.of("long"), backlog.of("short")) == (98, 97, 0)
    assert not backlog.may_begin
