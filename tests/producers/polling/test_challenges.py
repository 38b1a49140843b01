"""What stands in front of an article with status 200 does not take its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import Newsroom, article, item, newsroom
from web_server import page

from producers.fetch.schedule import HOUR

_LONG = "<p>" + "A report on how sites keep robots away, and what that means for readers. " * 30 + "</p>"
_CLOUDFLARE = (
    b"<!DOCTYPE html><html><head><title>Un momento</title></head><body><noscript>Enable JavaScript and cookies"
    b"</noscript><script>(function(){window._cf_chl_opt={cvId:'3'};})();</script></body></html>"
)
_DATADOME = (
    b"<html><head><title>herald.example</title></head><body><p id='cmsg'>Please enable JS</p>"
    b"<script>var dd={'rt':'c'}</script><script src='https://ct.captcha-delivery.com/c.js'></script></body></html>"
)
_HUMAN = b"<html><title>Access</title><body><div id='px-captcha'></div></body></html>"
_IMPERVA = b"<html><body><iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=24&incident_id=1'></iframe></body></html>"
_TITLE = b"<html><head><title>\n Just a moment...</title></head><body><h1>herald.example</h1></body></html>"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom(tmp_path / "state") as room:
        yield room


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (article(1), {"cf_mitigated": "challenge"}),
        (article(1), {"x_amzn_waf_action": "captcha"}),
        (_CLOUDFLARE, {}),
        (_DATADOME, {}),
        (_HUMAN, {}),
        (_IMPERVA, {}),
        (_TITLE, {}),
    ],
)
def test_a_challenge_is_waited_out(room: Newsroom, body: bytes, headers: dict[str, str]) -> None:
    room.web.pages["/news/1"] = page(200, body, Content_Type="text/html", **headers)
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    source = room.source("herald")
    assert room.poll(source) == []
    assert room.counts("herald") == {"waiting": 1}
    room.later(HOUR)
    room.page(1)
    [raw] = room.poll()
    assert raw["body"] == article(1).decode()
    assert "page_failure" not in raw


def test_behind_a_challenge_that_stays_the_item_comes_with_what_the_feed_gives(room: Newsroom) -> None:
    room.web.pages["/news/1"] = page(200, _CLOUDFLARE, Content_Type="text/html")
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    found = []
    for _ in range(40):
        found += room.poll(room.source("herald"))
        room.later(HOUR)
    [raw] = found
    assert raw["body"] == "What happened in case 1."
    assert (raw["page_failure"]["kind"], raw["page_failure"]["reason"]) == ("soft", "challenge-page")


def test_a_question_for_consent_is_no_article(room: Newsroom) -> None:
    room.web.pages["/news/1"] = page(302, Location="/consent/tcf")
    room.web.pages["/consent/tcf"] = page(
        200, b"<title>Privacy</title><p>We and our 843 partners", Content_Type="text/html"
    )
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    assert room.poll(room.source("herald")) == []
    assert room.counts("herald") == {"waiting": 1}


@pytest.mark.parametrize(
    "body",
    [
        # Articles about challenges, and under a title that one could have.
        f"<title>Just a moment...</title><article>{_LONG}</article>",
        f"<title>How it works</title><article>{_LONG}<pre>window._cf_chl_opt = {{}}</pre></article>",
        "<title>Note</title><p>What is _cf_chl_opt, and who is captcha-delivery.com/?</p>",
        "<title>Just a moment... of silence</title><p>Thousands stood still.</p>",
        # What these firms put into the pages of their customers.
        "<title>News</title><p>Short.</p><script>window.__CF$cv$params={r:'1'};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>",
        "<title>News</title><p>Short.</p><script src='https://js.datadome.co/tags.js'></script>",
        "<title>News</title><p>Short.</p><script>window._pxAppId='PX1'</script>",
        "<title>News</title><p>Short.</p><script src='/_Incapsula_Resource?SWJIYLWA=719d'></script>",
    ],
)
def test_articles_are_not_taken_for_challenges(room: Newsroom, body: str) -> None:
    room.web.pages["/news/1"] = page(200, body.encode(), Content_Type="text/html")
    room.feed("/herald.xml", item(1, room.web.url("/news/1")))
    [raw] = room.poll(room.source("herald"))
    assert raw["body"] == body
