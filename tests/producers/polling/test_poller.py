"""Feeds polled through the real client from a real server: each item once, and nothing that fails is lost."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, article, item, newsroom, rss
from polite import polite_client
from web_server import Handler, page

from newswire.capture import Captured
from producers.feeds import FeedsSource
from producers.fetch.schedule import DAY, HOUR
from producers.polling import PolledSource
from producers.polling.listed import condition
from schemas.validation import writer


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


def test_new_items_come_with_their_pages(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)), item(2, room.page(2)))
    found = room.poll(room.source("herald", publisher="The Herald", language="en", license="CC-BY-4.0"))
    assert [raw["guid"] for raw in found] == ["report-1", "report-2"]
    first = found[0]
    writer("raw").check(first)
    assert first["source"] == {"name": "herald", "kind": "feeds", "publisher": "The Herald"}
    assert first["body"] == article(1).decode()
    assert first["media_type"] == "text/html"
    assert first["charset"] == "utf-8"
    assert first["url"] == room.web.url("/news/1")
    assert first["item"]["headline"] == "Report number 1"
    assert first["item"]["published"] == "Tue, 24 Nov 2026 09:00:00 GMT"
    assert first["item"]["language"] == "en"
    assert first["rights"]["license"] == "CC-BY-4.0"
    assert first["http"]["status"] == 200
    assert first["http"]["headers"]["content-type"] == "text/html; charset=utf-8"
    assert first["http"]["final_url"] == room.web.url("/news/1")
    assert "page_failure" not in first


def test_what_is_known_is_not_published_again(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)))
    source = room.source("herald")
    room.poll(source)
    room.later(DAY)
    room.feed("/herald.xml", item(2, room.page(2)), item(1, room.page(1)))
    assert [raw["guid"] for raw in room.poll(source)] == ["report-2"]
    assert room.counts("herald") == {"new": 1, "known": 1}
    assert room.asked("/news/1") == 1


def test_it_is_not_asked_before_it_is_due(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)))
    source = room.source("herald", least=3600.0)
    room.poll(source)
    room.later(HOUR / 2)
    room.poll(source)
    assert room.asked("/herald.xml") == 1
    room.later(2 * HOUR)
    room.poll(source)
    assert room.asked("/herald.xml") == 2


def test_who_wants_it_now_is_heard_but_for_sources_that_fail_or_were_just_asked(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)))
    room.web.pages["/sport.xml"] = page(503)
    herald, sport = room.source("herald", least=600.0), room.source("sport", least=60.0)
    room.poll(herald, sport)
    room.later(500)
    room.poll(herald, sport, at_once=True)
    assert (room.asked("/herald.xml"), room.asked("/sport.xml")) == (1, 2)
    room.later(110)
    assert room.poll(herald, sport, at_once=True) == []
    assert (room.asked("/herald.xml"), room.asked("/sport.xml")) == (2, 2)
    room.later(30)
    room.poll(herald, sport, at_once=True)
    assert room.asked("/herald.xml") == 2


def test_a_feed_that_has_not_changed_is_asked_with_conditions(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)), ETag='"one"')
    source = room.source("herald")
    room.poll(source)
    room.later(HOUR)
    room.poll(source)
    sent = [headers for path, headers in room.web.seen if path == "/herald.xml"]
    assert [headers.get("if-none-match") for headers in sent] == [None, '"one"']
    assert room.counts("herald") == {}


def test_without_pages_the_feed_is_the_article(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1), description="<p>All of <b>it</b>.</p>"))
    [raw] = room.poll(room.source("herald", articles="feed"))
    assert raw["body"] == "<p>All of <b>it</b>.</p>"
    assert "http" not in raw
    assert room.asked("/news/1") == 0


def test_redirects_are_in_the_event(room: Newsroom) -> None:
    there = room.page(1)
    room.web.pages["/r"] = page(302, Location=there)
    room.feed("/herald.xml", item(1, room.web.url("/r")))
    [raw] = room.poll(room.source("herald"))
    assert raw["url"] == room.web.url("/r")
    assert raw["http"]["final_url"] == there
    assert raw["http"]["redirects"] == [room.web.url("/r")]


def test_bytes_that_are_no_utf_8_stay_as_they_are(room: Newsroom) -> None:
    body = "<p>Café</p>".encode("windows-1252")
    room.web.pages["/news/1"] = page(200, body, Content_Type="text/html; charset=windows-1252")
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    [raw] = room.poll(room.source("herald"))
    assert base64.b64decode(raw["body"]) == body
    assert (raw["body_encoding"], raw["charset"]) == ("base64", "windows-1252")


def test_reservations_of_the_page_are_rights_of_the_event(room: Newsroom) -> None:
    room.web.pages["/news/1"] = page(200, article(1), Content_Type="text/html", tdm_reservation="1")
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    [raw] = room.poll(room.source("herald"))
    assert raw["rights"]["text_and_data_mining"] == "reserved"


@pytest.mark.parametrize(
    ("said", "page_says", "expected"),
    [
        ({"tdm_reservation": "1"}, {}, "reserved"),
        ({"X_Robots_Tag": "noai"}, {"tdm_reservation": "0"}, "reserved"),
        ({"tdm_reservation": "0"}, {"tdm_reservation": "1"}, "reserved"),
        ({"tdm_reservation": "0"}, {}, None),
        ({}, {"tdm_reservation": "0"}, "allowed"),
    ],
)
def test_one_opt_out_is_enough(
    room: Newsroom, said: dict[str, str], page_says: dict[str, str], expected: str | None
) -> None:
    room.web.pages["/news/1"] = page(200, article(1), Content_Type="text/html", **page_says)
    room.feed("/herald.xml", item(1, room.web.url("/news/1")), **said)
    [raw] = room.poll(room.source("herald"))
    assert raw["rights"].get("text_and_data_mining") == expected


@pytest.mark.parametrize("articles", ["feed", "page"])
def test_reservations_of_the_feed_go_with_what_it_gives(room: Newsroom, articles: str) -> None:
    room.web.pages["/ai.txt"] = page(200, b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    room.feed("/herald.xml", item(1, room.web.url("/gone")))
    [raw] = room.poll(room.source("herald", articles=articles))
    assert raw["body"] == "What happened in case 1."
    assert raw["rights"]["text_and_data_mining"] == "reserved"


@pytest.mark.parametrize("field", ["title", "description"])
def test_a_changed_item_is_captured_again(room: Newsroom, field: str) -> None:
    room.feed("/herald.xml", item(1, room.page(1)), item(2, room.page(2)))
    source = room.source("herald")
    room.poll(source)
    room.later(DAY)
    room.feed("/herald.xml", item(1, room.page(1), **{field: "Corrected"}), item(2, room.page(2)))
    [raw] = room.poll(source)
    assert raw["guid"] == "report-1"
    assert room.counts("herald") == {"changed": 1, "known": 1}
    room.later(DAY)
    assert room.poll(source) == []


def test_texts_that_change_at_every_poll_are_given_up(room: Newsroom) -> None:
    """A counter in each description would have every page fetched at every poll."""
    source = room.source("herald")
    captured = []
    for poll in range(6):
        items = [item(n, room.page(n), description=f"Seen {poll} times.") for n in range(4)]
        room.feed("/herald.xml", *items)
        captured.append(len(room.poll(source)))
        room.later(DAY)
    assert captured[0] == 4
    assert captured[3:] == [0, 0, 0]
    room.feed("/herald.xml", *(item(n, room.page(n), title="New title") for n in range(4)))
    assert len(room.poll(source)) == 4


def test_one_article_in_two_feeds_is_one_article_with_two_references(room: Newsroom) -> None:
    link = room.page(1)
    room.feed("/herald.xml", item(1, link))
    room.feed("/sport.xml", item(1, f"{link}?utm_source=sport", guid="other-1"))
    herald, sport = room.source("herald"), room.source("sport")
    [raw] = room.poll(herald, sport)
    owner, other = ("herald", "sport") if raw["source"]["name"] == "herald" else ("sport", "herald")
    assert raw["source"]["name"] == owner
    [reference] = raw["references"]
    assert reference["source"] == other
    assert reference["guid"] in ("other-1", "report-1")
    assert room.asked("/news/1") + room.asked("/news/1?utm_source=sport") == 1
    room.later(DAY)
    assert room.poll(herald, sport) == []


def seen_later(room: Newsroom) -> tuple[PolledSource, PolledSource, PolledSource]:
    """An article of the Herald is seen in two other feeds, a day after it was captured."""
    link = room.page(1)
    room.feed("/herald.xml", item(1, link), item(2, room.page(2)), ETag='"one"')
    sources = room.source("herald"), room.source("sport"), room.source("culture")
    room.poll(sources[0])
    room.later(DAY)
    for name in ("sport", "culture"):
        room.feed(f"/{name}.xml", item(1, link))
    assert room.poll(*sources[1:]) == []
    assert room.counts("sport") == {"elsewhere": 1}
    return sources


def test_later_sightings_are_told_by_another_capture(room: Newsroom) -> None:
    """One for both, an hour after the first: also where the feed says that nothing has changed."""
    sources = seen_later(room)
    room.later(HOUR / 2)
    assert room.poll(*sources) == []
    room.later(HOUR)
    [raw] = room.poll(*sources, at_once=True)
    assert (raw["source"]["name"], raw["guid"], raw["body"]) == ("herald", "report-1", article(1).decode())
    assert raw["references"] == [{"source": "culture"}, {"source": "sport"}]
    assert room.counts("herald") == {"told": 1, "known": 1}
    asked = room.asked("/news/1")
    for _ in range(3):
        room.later(6 * HOUR)
        assert room.poll(*sources) == []
    assert (asked, room.asked("/news/1")) == (2, 2)
    # With the conditions of the last answer again.
    sent = [headers for path, headers in room.web.seen if path == "/herald.xml"]
    assert sent[-1].get("if-none-match") == '"one"'


def test_what_is_published_is_not_published_with_less_for_a_sighting(room: Newsroom) -> None:
    sources = seen_later(room)
    there = room.web.pages.pop("/news/1")
    for _ in range(3):
        room.later(6 * HOUR)
        assert room.poll(*sources) == []
    assert room.asked("/news/1") == 2
    room.web.pages["/news/1"] = there
    room.feed("/herald.xml", item(1, room.web.url("/news/1"), title="Corrected"))
    room.later(DAY)
    [raw] = room.poll(*sources)
    assert raw["references"] == [{"source": "culture"}, {"source": "sport"}]


def test_a_list_that_grows_day_by_day_costs_three_captures_at_most(room: Newsroom) -> None:
    link = room.page(1)
    room.feed("/herald.xml", item(1, link))
    sources = [room.source("herald")]
    room.poll(*sources)
    for number in range(6):
        room.later(DAY)
        room.feed(f"/{number}.xml", item(1, link))
        sources.append(room.source(f"s{number}", f"/{number}.xml"))
        room.poll(*sources)
        room.later(2 * HOUR)
        room.poll(*sources, at_once=True)
    assert [len(raw.get("references", ())) for raw in room.raws()] == [0, 1, 2, 3]


def test_guids_that_change_at_every_poll_repeat_nothing(room: Newsroom) -> None:
    source = room.source("herald")
    for poll in range(4):
        room.feed("/herald.xml", *(item(n, room.page(n), guid=f"{poll}-{n}") for n in range(4)))
        room.poll(source)
        room.later(DAY)
    assert sorted(raw["url"] for raw in room.raws()) == [room.web.url(f"/news/{n}") for n in range(4)]
    assert room.standings()["herald"].notes["trust"]["level"] == "link"


def test_two_articles_under_one_guid_are_both_published(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1), guid="same"), item(2, room.page(2), guid="same"))
    found = room.poll(room.source("herald"))
    assert [raw["url"] for raw in found] == [room.web.url("/news/1"), room.web.url("/news/2")]


def test_a_page_that_fails_softly_is_waited_for(room: Newsroom) -> None:
    """Also when the item has left the feed and the source has left the list."""
    room.web.pages["/news/1"] = page(503)
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    source = room.source("herald")
    assert room.poll(source) == []
    assert room.counts("herald") == {"waiting": 1}
    room.later(HOUR)
    room.feed("/herald.xml")
    room.page(1)
    [raw] = room.poll()
    assert raw["body"] == article(1).decode()
    assert raw["item"]["headline"] == "Report number 1"
    room.later(DAY)
    assert room.poll(source) == []
    with room.state() as state:
        assert list(state.scan("wait ")) == []


def test_a_page_that_never_comes_is_published_without(room: Newsroom) -> None:
    room.web.pages["/news/1"] = page(503)
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    source = room.source("herald", least=DAY)
    found = []
    for _ in range(40):
        found += room.poll(source)
        room.later(HOUR)
    [raw] = found
    assert raw["page_failure"]["kind"] == "soft"
    assert raw["page_failure"]["reason"] == "http-503"
    assert raw["body"] == "What happened in case 1."
    assert 2 <= room.asked("/news/1") <= 5


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        (page(404), "http-404"),
        (page(410), "http-410"),
        (page(200, b"%PDF-1.7 ...", Content_Type="application/pdf"), "not-a-page"),
        (page(302, Location="/"), "redirected-to-front-page"),
    ],
)
def test_a_page_that_is_not_to_be_had_is_published_without_at_once(
    room: Newsroom, there: object, reason: str
) -> None:
    room.web.pages["/"] = page(200, b"<p>Front page</p>", Content_Type="text/html")
    room.web.pages["/news/1"] = there  # type: ignore[assignment]
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    [raw] = room.poll(room.source("herald"))
    writer("raw").check(raw)
    assert raw["page_failure"]["reason"] == reason
    assert raw["body"] == "What happened in case 1."


def test_robots_txt_is_heeded_for_pages(room: Newsroom) -> None:
    room.web.pages["/robots.txt"] = page(200, b"User-agent: *\nDisallow: /news/\n", Content_Type="text/plain")
    room.feed("/herald.xml", item(1, room.page(1)))
    [raw] = room.poll(room.source("herald"))
    assert raw["page_failure"]["reason"] == "robots"
    assert room.asked("/news/1") == 0


def test_an_item_with_nothing_but_an_address_becomes_a_dead_letter(room: Newsroom) -> None:
    room.web.pages["/bare.xml"] = page(200, rss(f"<item><link>{room.web.url('/news/1')}</link></item>"))
    assert room.poll(room.source("bare")) == []
    from wire import payloads

    [letter] = payloads(room.log, "rejected")
    assert letter["reason"] == "no-content"
    assert "404" in letter["detail"]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"<!doctype html><title>Just a moment...</title><p>Checking your browser", "not-a-feed-html"),
        (202, b"<html>wait</html>", "http-202"),
        (200, b"", "not-a-feed-empty"),
        (500, b"", "http-500"),
    ],
)
def test_a_challenge_page_is_a_problem_and_no_feed(
    room: Newsroom, status: int, body: bytes, reason: str
) -> None:
    room.feed("/herald.xml", item(1, room.page(1)), ETag='"one"')
    source = room.source("herald")
    room.poll(source)
    room.later(DAY / 2)
    room.web.pages["/herald.xml"] = page(status, body, Content_Type="text/html", ETag='"two"')
    assert room.poll(source) == []
    assert room.last.progress["herald"].failure == reason
    standing = room.standings()["herald"]
    assert standing.problem is not None
    assert standing.problem["reason"] == reason
    assert standing.validators is not None
    assert standing.validators.etag == '"one"'
    room.later(DAY)
    room.feed("/herald.xml", item(2, room.page(2)), ETag='"three"')
    assert len(room.poll(source)) == 1
    assert room.standings()["herald"].problem is None


def test_gone_is_for_good(room: Newsroom) -> None:
    room.web.pages["/herald.xml"] = page(410)
    source = room.source("herald")
    room.poll(source)
    room.later(30 * DAY)
    room.poll(source)
    assert room.asked("/herald.xml") == 1
    assert room.standings()["herald"].plan.retired
    assert room.last.progress["herald"].next_at is None


def test_another_address_in_the_list_begins_anew_and_repeats_nothing(room: Newsroom) -> None:
    room.web.pages["/herald.xml"] = page(410)
    room.poll(room.source("herald"))
    room.feed("/new.xml", item(1, room.page(1)))
    assert len(room.poll(room.source("herald", "/new.xml"))) == 1
    room.feed("/newer.xml", item(1, room.page(1)))
    assert room.poll(room.source("herald", "/newer.xml")) == []


def test_retry_after_is_obeyed(room: Newsroom) -> None:
    room.web.pages["/herald.xml"] = page(503, Retry_After="7200")
    source = room.source("herald")
    room.poll(source)
    room.later(HOUR)
    room.poll(source)
    assert room.asked("/herald.xml") == 1
    room.later(2 * HOUR)
    room.poll(source)
    assert room.asked("/herald.xml") == 2


def test_a_host_that_asks_for_a_pause_has_it_from_the_next_run_too(room: Newsroom) -> None:
    """429 counts what a client asks of the host, over all of its addresses: a run from cron asks for others of them."""
    room.web.pages["/herald.xml"] = page(429, Retry_After="7200")
    room.feed("/sport.xml", item(1, room.page(1)))
    herald, sport = room.source("herald"), room.source("sport")
    room.poll(herald)
    room.later(HOUR)
    assert room.poll(herald, sport) == []
    assert room.asked("/sport.xml") == 0
    assert room.standings()["sport"].plan.failures == 0
    room.later(2 * HOUR)
    assert len(room.poll(sport)) == 1
    with room.state() as state:
        assert list(state.scan("alone ")) == []


def test_a_hint_makes_a_source_due_but_not_one_that_has_failed(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)))
    room.web.pages["/sport.xml"] = page(503, Retry_After="7200")
    herald, sport = room.source("herald"), room.source("sport")
    room.poll(herald, sport)
    room.feed("/herald.xml", item(1, room.page(1)), item(2, room.page(2)))

    class Hub:
        told = False

        def saw(self, name: str, url: str, notes: object, now: float) -> None:
            pass

        def step(self, now: float) -> list[str]:
            first, self.told = not self.told, True
            return ["herald", "sport"] if first else []

    with room.state() as state:
        poller = FeedsSource(
            [herald, sport],
            polite_client(room.web, clock=room.clock),
            state,
            stop=threading.Event(),
            once=True,
            clock=room.clock,
            hints=Hub(),
        )
        found = [capture for capture in poller.captures() if isinstance(capture, Captured)]
    assert [capture.raw.guid for capture in found] == ["report-2"]
    assert room.asked("/sport.xml") == 1


def test_a_permanent_redirect_moves_the_source(room: Newsroom) -> None:
    room.feed("/there.xml", item(1, room.page(1)))
    room.web.pages["/herald.xml"] = page(301, Location="/there.xml")
    source = room.source("herald")
    assert len(room.poll(source)) == 1
    room.later(DAY)
    room.poll(source)
    assert (room.asked("/herald.xml"), room.asked("/there.xml")) == (1, 2)


def test_a_source_that_moves_to_a_known_one_is_merged_with_it(room: Newsroom) -> None:
    room.feed("/there.xml", item(1, room.page(1)))
    room.web.pages["/herald.xml"] = page(301, Location="/there.xml")
    herald, there = room.source("herald"), room.source("there")
    assert len(room.poll(herald, there)) == 1
    standing = room.standings()["herald"]
    assert standing.merged_into == "there"
    assert standing.plan.retired
    assert standing.problem is None
    shown = room.last.progress["herald"]
    assert (shown.failure, shown.remark, shown.next_at) == (None, "merged into there", None)
    room.later(DAY)
    room.poll(herald, there)
    assert room.asked("/herald.xml") == 1
    assert room.last.progress["herald"].remark == "merged into there"


def test_a_source_that_never_gave_anything_can_be_told(room: Newsroom) -> None:
    """By what the alert SourceNeverGave asks for, and in `sources list`."""
    from prometheus_client import REGISTRY

    room.feed("/never-gave.xml")
    source = room.source("never-gave")
    begun = room.clock.now()
    for _ in range(3):
        room.poll(source)
        room.later(DAY)
    series = {"source": "never-gave"}
    assert REGISTRY.get_sample_value("newswire_source_first_asked_timestamp_seconds", series) == begun
    assert REGISTRY.get_sample_value("newswire_source_last_new_timestamp_seconds", series) is None
    standing = room.standings()["never-gave"]
    assert condition(standing, begun + DAY / 2) == "ok"
    assert condition(standing, room.clock.now()) == "quiet"
    room.feed("/never-gave.xml", item(1, room.page(1)))
    room.poll(source)
    assert condition(room.standings()["never-gave"], room.clock.now()) == "ok"
    assert REGISTRY.get_sample_value("newswire_source_last_new_timestamp_seconds", series) is not None


def test_an_interrupted_poll_is_done_again_and_repeats_nothing(room: Newsroom) -> None:
    """The second page ends the process: what was published stays, the rest comes with the next."""

    class Killed(BaseException):
        pass

    asked = []

    def dies(handler: Handler) -> None:
        asked.append(1)
        handler.answer(200, article(2), Content_Type="text/html")

    room.web.pages["/news/2"] = dies
    room.feed(
        "/herald.xml",
        item(1, room.page(1)),
        item(2, room.web.url("/news/2")),
        item(3, room.page(3)),
        ETag='"one"',
    )
    source = room.source("herald")
    from newswire.log import memory

    whole = memory.MemoryWriter.write

    def write(self: memory.MemoryWriter, outputs: object, then: object = None) -> list[int]:
        if asked:
            raise Killed
        return whole(self, outputs, then)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory.MemoryWriter, "write", write)
        with pytest.raises(Killed):
            room.poll(source)
    first = [raw["guid"] for raw in room.raws()]
    assert "report-2" not in first
    asked.clear()
    room.web.pages["/news/2"] = page(200, article(2), Content_Type="text/html")
    room.poll(source)
    assert sorted(raw["guid"] for raw in room.raws()) == ["report-1", "report-2", "report-3"]


def test_a_bug_over_one_feed_stops_no_other(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from producers.feeds import source as module

    whole = module.read_feed

    def falls(body: bytes, headers: object, url: str) -> object:
        if b"poison" in body:
            raise ZeroDivisionError("a bug")
        return whole(body, headers, url)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "read_feed", falls)
    room.feed("/herald.xml", item(1, room.page(1)))
    room.feed("/poison.xml", item(2, room.page(2), title="poison"))
    found = room.poll(room.source("herald"), room.source("poison"))
    assert [raw["guid"] for raw in found] == ["report-1"]
    assert room.last.progress["poison"].failure == "internal"
    assert room.standings()["poison"].problem == {
        "kind": "hard",
        "reason": "internal",
        "detail": "ZeroDivisionError: a bug",
    }


def test_what_is_not_listed_any_more_is_forgotten_after_some_months(room: Newsroom) -> None:
    source = room.source("herald")
    room.feed("/herald.xml", item(1, room.page(1)), item(2, room.page(2)))
    room.poll(source)
    for month in range(5):
        room.later(30 * DAY)
        room.feed("/herald.xml", item(2, room.page(2)), item(100 + month, room.page(100 + month)))
        assert [raw["guid"] for raw in room.poll(source)] == [f"report-{100 + month}"]
    assert room.counts("herald") == {"new": 1, "known": 1}
    with room.state() as state:
        # Report 2 and those of the five months, under three keys each; report 1 is gone.
        assert len(list(state.scan("seen herald "))) == 3 * 6


def test_a_feed_that_was_still_for_long_repeats_nothing(room: Newsroom) -> None:
    source = room.source("herald")
    room.feed("/herald.xml", item(1, room.page(1)))
    room.poll(source)
    for _ in range(9):
        room.later(30 * DAY)
        assert room.poll(source) == []
    room.feed("/herald.xml", item(2, room.page(2)), item(1, room.page(1)))
    room.later(2 * DAY)
    assert [raw["guid"] for raw in room.poll(source)] == ["report-2"]


def test_the_state_holds_nothing_that_was_published(room: Newsroom) -> None:
    room.feed("/herald.xml", item(1, room.page(1)))
    room.poll(room.source("herald"))
    with room.state() as state:
        held = b"".join(key.encode() + value for key, value in state.scan(""))
    for text in (b"report-1", b"/news/1", b"Report number 1", b"case 1"):
        assert text not in held


def test_an_article_of_a_source_that_is_gone_passes_to_the_one_that_lists_it(room: Newsroom) -> None:
    """Else it could never be told, and its changes not be captured."""
    link = room.page(1)
    room.feed("/herald.xml", item(1, link))
    herald, sport = room.source("herald"), room.source("sport")
    room.poll(herald)
    room.web.pages["/herald.xml"] = page(410)
    room.later(DAY)
    room.poll(herald)
    room.feed("/sport.xml", item(1, link, guid="sport-1"))
    assert room.poll(herald, sport) == []
    room.later(2 * HOUR)
    [raw] = room.poll(herald, sport)
    assert (raw["source"]["name"], raw["url"], raw["references"]) == ("sport", link, [{"source": "herald"}])
    room.later(DAY)
    room.feed("/sport.xml", item(1, link, guid="sport-1", title="Corrected"))
    assert len(room.poll(herald, sport)) == 1


@pytest.mark.parametrize("then", ["off-the-list", "other-address"])
def test_a_source_whose_address_moved_to_one_that_is_asked_no_more_is_asked_again(
    room: Newsroom, then: str
) -> None:
    """Merged with another source it is not asked. Without that one in its place nobody would see what it lists."""
    room.feed("/there.xml", item(1, room.page(1)))
    room.feed("/other.xml", item(7, room.page(7)))
    room.web.pages["/herald.xml"] = page(301, Location="/there.xml")
    herald, there = room.source("herald"), room.source("there")
    room.poll(herald, there)
    room.later(DAY)
    room.feed("/there.xml", item(1, room.page(1)), item(2, room.page(2)))
    left = [room.source("there", "/other.xml")] if then == "other-address" else []
    assert "report-2" in [raw["guid"] for raw in room.poll(herald, *left)]
    standing = room.standings()["herald"]
    assert (standing.merged_into, standing.plan.retired) == (None, False)


def test_pages_of_a_source_that_is_paused_wait_until_it_is_not(room: Newsroom) -> None:
    """Paused means that nothing is asked for: a publisher who wants to be left in peace means the pages too."""
    room.web.pages["/news/1"] = page(503)
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    herald = room.source("herald")
    assert room.poll(herald) == []
    room.later(DAY)
    room.page(1)
    assert room.poll(paused=["herald"]) == []
    assert room.asked("/news/1") == 1
    assert [raw["body"] for raw in room.poll(herald)] == [article(1).decode()]
