"""Which address a page is under: what it says of itself is believed where that can be, and what is refused is kept with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from cases import REF

from consumers.normalize import Normalize
from consumers.normalize.extract import extract
from consumers.normalize.page_address import why_not
from newswire.errors import Drop, Reject
from newswire.event import Event
from newswire.purging.asking import asked
from newswire.state.memory import MemoryState
from newswire.text.canonicalize import canonicalize
from schemas.core.contract import utc_from_ms
from schemas.raw.model import Raw

SENTENCES = (
    "The bridge at Lime Quay was shut on Friday, and nobody could say until when.",
    "Two cracks in the western pier were found by divers, the harbour office said.",
    "Buses go by the ring road, and the ferry of the museum takes cyclists across.",
)
BODY = f"<article>{''.join(f'<p>{each}</p>' for each in SENTENCES)}</article>"
TITLE = '<title>Lime Quay bridge shut</title><meta property="og:title" content="Lime Quay bridge shut">'
NOW = 1_706_788_800_000


def raw_of(url: str | None, head: str = "", **more: Any) -> Raw:
    return Raw.from_data(
        {
            "source": {"name": "herald", "kind": "files"},
            "captured_at": "2024-02-01T12:00:00Z",
            "media_type": "text/html",
            "body": f"<html><head>{TITLE}{head}</head><body><h1>Lime Quay bridge shut</h1>{BODY}</body></html>",
            "url": url,
            "guid": "7",
            **more,
        }
    )


def article_of(raw: Raw, state: MemoryState | None = None) -> dict[str, Any]:
    (emitted,) = Normalize().handle(
        Event("raw", "id", "key", raw.to_data(), REF, NOW), state or MemoryState()
    )
    found: dict[str, Any] = emitted.data.to_data()
    return found


def redirected(url: str, final: str, head: str = "") -> Raw:
    return raw_of(
        url, head, http={"status": 200, "requested_url": url, "final_url": final, "redirects": [url]}
    )


@pytest.mark.parametrize("url", ["https://reader:hunter2@a.example/news/1", "https://a.example/news/1"])
def test_a_login_is_published_nowhere(url: str) -> None:
    head = (
        '<link rel="canonical" href="//reader:hunter2@a.example/news/1">'
        '<meta property="og:url" content="http:reader:hunter2@a.example/news/1">'
        '<meta property="og:image" content="https://reader:hunter2@a.example/p/lime-quay-bridge.jpg">'
    )
    found = article_of(raw_of(url, head))
    assert "hunter2" not in str(found)
    assert "…@a.example" in str(found["provenance"]["url"]["refused"])
    assert not found.get("images")


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("https://a.example/news/1", "https://a.example/news/1"),
        ("https://a.example/news/lime-quay-1234567", "https://a.example/lime-quay-1234567?from=x"),
        ("https://a.example/news/lime-quay-bridge-shut", "https://a.example/?p=10"),
        ("https://a.example/news/lime-quay-bridge-shut", "https://a.example/news/lime-quay-bridge-shut?x=1"),
        ("https://a.example/news/quay-bridge-closed-again", "https://a.example/news/lime-quay-bridge-shut"),
        ("https://news.a.example/lime-quay-bridge-shut", "https://a.example/news/lime-quay-bridge-shut"),
        ("https://a.example/news/lime-quay-bridge-shut", "https://bit.ly/aBcDeF"),
        ("https://a.example/news/lime-quay-bridge-shut", "https://archive.ph/aBcDe"),
        ("https://a.example/story?id=5", "https://a.example/story?id=5&view=2"),
        ("https://sport.a.example/1234567", "https://news.a.example/lime-quay/1234567"),
        ("https://a.example/news/wall", "https://a.example/news/wall/comments"),
        ("https://a.example/news/quay-7", "https://a.example/news/lime-quay-12"),
        ("https://a.example/news/12-lime-quay", "https://a.example/n/4711"),
        ("https://a.example/uk/lime-quay", "https://a.example/us/lime-quay"),
        ("https://a.example/en/lime-quay", "https://a.example/lime-quay"),
        ("https://a.example/i/dRwWqB", "https://a.example/news/i/dRwWqB/lime-quay-bridge-is-shut-again"),
        (
            "https://a.example/story/5111024002",
            "https://rssfeeds.a.example/~/620721596/0/top~lime-quay-bridge-shut",
        ),
    ],
)
def test_believed(said: str, own: str) -> None:
    assert why_not(said, own) is None


@pytest.mark.parametrize(
    ("said", "own", "why"),
    [
        ("https://a.example/", "https://a.example/news/1", "home page"),
        ("https://a.example/en", "https://a.example/en/news/lime-quay-bridge-shut", "home page"),
        ("https://b.example/", "https://a.example/news/1", "home page"),
        ("https://a.example/", None, "home page"),
        (
            "https://b.example/news/lime-quay-bridge-shut",
            "https://a.example/news/lime-quay-bridge-shut",
            "another host",
        ),
        ("https://sport.a.example/lime-quay", "https://news.a.example/lime-quay", "another host"),
        ("https://b.blogspot.com/lime-quay", "https://a.blogspot.com/lime-quay", "another host"),
        ("https://a.example/news/7654321", "https://a.example/news/1234567", "another number"),
        ("https://a.example/story?id=6", "https://a.example/story?id=5", "another number"),
        ("https://a.example/story", "https://a.example/story?id=5", "parameters"),
        ("https://a.example/news", "https://a.example/news/lime-quay-bridge-shut", "section"),
        ("https://a.example/news", "https://a.example/news/lime-quay-12", "section"),
        ("https://a.example/news/ferry-12", "https://a.example/news/lime-quay-47", "no word in common"),
        ("https://a.example/news/12", "https://a.example/news/47", "no word in common"),
        ("https://a.example/en/lime-quay", "https://a.example/de/lime-quay", "another language"),
        ("https://a.example/en/quay-1234567", "https://a.example/fr-be/quai-1234567", "another language"),
        ("https://a.example/tag/quay", "https://a.example/news/lime-quay-bridge-shut", "section"),
        (
            "https://a.example/news/mayor-wins-second-term",
            "https://a.example/news/lime-quay-bridge-shut",
            "no word in common",
        ),
        (
            "https://a.example/news/lime-quay-bridge-shut",
            "https://a.example/news/lime-quay-bridge-shut?page=2",
            "another page",
        ),
    ],
)
def test_doubted(said: str, own: str | None, why: str) -> None:
    assert canonicalize(said) == said
    assert own is None or canonicalize(own) == own
    assert why in (why_not(said, own) or "")


def test_what_is_refused_is_kept_with_its_reason() -> None:
    head = (
        '<link rel="canonical" href="https://www.a.example/"><link rel="canonical" href="/news/lime-quay-bridge">'
        '<meta property="og:url" content="https://b.example/news/1">'
    )
    found = article_of(raw_of("https://www.a.example/news/lime-quay-bridge?ref=rss", head))
    assert found["url"] == "https://a.example/news/lime-quay-bridge"
    by = found["provenance"]["url"]
    assert (by["origin"], by["raw"]) == ("html", "https://www.a.example/news/lime-quay-bridge")
    assert [(each["value"], each["origin"]) for each in by["refused"]] == [
        ("https://www.a.example/", "html"),
        ("https://b.example/news/1", "opengraph"),
    ]
    assert by["refused"][0]["why"] == "the home page"


def test_of_several_canonical_addresses_the_page_s_own_is_taken_and_a_template_is_none() -> None:
    head = (
        '<link rel="canonical" href="/news/ferry-stops"><link rel="canonical" href="/news/lime-quay-bridge">'
        '<meta property="og:url" content="https://a.example/news/${slug}">'
    )
    found = article_of(raw_of("https://a.example/news/lime-quay-bridge", head))
    assert found["url"] == "https://a.example/news/lime-quay-bridge"
    found = article_of(
        raw_of("https://a.example/news/lime-quay-bridge", '<link rel="canonical" href="{{ url }}">')
    )
    assert found["url"] == "https://a.example/news/lime-quay-bridge"
    assert found["provenance"]["url"]["refused"][0]["why"] == "no address of an article"


def test_a_relative_address_relates_to_the_base_of_the_page() -> None:
    head = '<base href="/news/"><link rel="canonical" href="lime-quay-bridge">'
    assert (
        article_of(raw_of("https://a.example/x/?p=12", head))["url"]
        == "https://a.example/news/lime-quay-bridge"
    )


@pytest.mark.parametrize(
    ("given", "final", "url"),
    [
        (
            "https://bit.ly/aBcDeF",
            "https://a.example/news/lime-quay-bridge",
            "https://a.example/news/lime-quay-bridge",
        ),
        (
            "https://a.example/?p=10",
            "https://a.example/news/lime-quay-bridge/",
            "https://a.example/news/lime-quay-bridge",
        ),
        (
            "https://old.example/lime-quay-bridge",
            "https://a.example/lime-quay-bridge",
            "https://a.example/lime-quay-bridge",
        ),
        (
            "https://a.example/news/quay-1234",
            "https://a.example/login?next=/news/quay-1234",
            "https://a.example/news/quay-1234",
        ),
        (
            "https://a.example/news/quay-1234",
            "https://consent.b.example/collectConsent?x=1",
            "https://a.example/news/quay-1234",
        ),
        ("https://a.example/#!/article/5", "https://a.example/", "https://a.example/#!/article/5"),
        ("https://a.example/", "https://www.a.example/en/", "https://a.example/en"),
    ],
)
def test_a_page_is_under_the_address_that_gave_it(given: str, final: str, url: str) -> None:
    found = article_of(redirected(given, final))
    assert found["url"] == url
    refused = [each["value"] for each in found["provenance"]["url"].get("refused", [])]
    other = final if canonicalize(given) == url else given
    assert refused == ([other] if "#" not in given else [])


@pytest.mark.parametrize(
    ("given", "final"),
    [
        ("https://a.example/news/lime-quay-bridge-shut", "https://a.example/"),
        ("https://a.example/news/lime-quay-bridge-shut", "https://www.a.example/en/"),
        ("https://a.example/news/local/lime-quay-bridge-shut", "https://a.example/news/local/"),
        ("https://a.example/story?id=5", "https://a.example/index.html"),
    ],
)
def test_an_article_that_leads_to_the_home_page_is_gone(given: str, final: str) -> None:
    with pytest.raises(Reject) as gone:
        article_of(redirected(given, final))
    assert (gone.value.reason, gone.value.path) == ("soft-404", "/http/final_url")


def test_items_that_share_an_address_stay_two() -> None:
    second = raw_of(
        None,
        http={"status": 200, "requested_url": "https://a.example/x", "final_url": "https://a.example/news/1"},
    )
    found = article_of(second)
    assert "url" not in found
    assert found["article_id"] != article_of(raw_of("https://a.example/news/1"))["article_id"]


@pytest.mark.parametrize("named", ["https://bit.ly/aBcDeF", "https://www.a.example/news/lime-quay-bridge/"])
def test_a_purge_holds_for_the_address_asked_for_and_the_one_that_came(named: str) -> None:
    state = MemoryState()
    purge = asked(url=named, reason="letter", requested_by="legal", now=utc_from_ms(NOW))
    list(Normalize().handle(Event("purge", "p", "key", purge.to_data(), REF, NOW), state))
    with pytest.raises(Drop):
        article_of(redirected("https://bit.ly/aBcDeF", "https://a.example/news/lime-quay-bridge"), state)


def test_a_purge_on_record_under_the_earlier_form_holds() -> None:
    state = MemoryState()
    given = "http://www.a.example/news/lime-quay-bridge/?utm_source=rss"
    purge = asked(url=given, reason="letter", requested_by="legal", now=utc_from_ms(NOW))
    earlier = purge.model_copy(
        update={"name": "https://www.a.example/news/lime-quay-bridge/", "article_ids": ()}
    )
    list(Normalize().handle(Event("purge", "p", "key", earlier.to_data(), REF, NOW), state))
    with pytest.raises(Drop):
        article_of(raw_of(given), state)
    article_of(raw_of("https://www.a.example/news/lime-quay-bridge-2/"), state)


def test_an_address_with_a_lone_surrogate_is_no_address() -> None:
    page = f'<html><body><article><h1>Bridge shut</h1><figure><img src="b.jpg"></figure>{"".join(f"<p>{each}</p>" for each in SENTENCES)}'
    found = extract(page, "https://news.example/\ud800/x")
    assert not found.images
    assert [each.value for each in found.of("url")] == ["https://news.example/\ud800/x"]
