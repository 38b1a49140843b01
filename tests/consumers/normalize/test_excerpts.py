"""What a feed itself says of an article is not judged as a web page: short words are a short article, marked as what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from newsroom import item, newsroom
from web_server import page

from consumers.normalize import Normalize
from newswire.errors import Reject
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw
from schemas.validation import writer

LONG = (
    "The wardens of the lower lock said on Monday that the gates would stay shut until the silt had been cleared by hand. "
    * 3
)
SHORT = "The gates of the lower lock stay shut until the silt is cleared &amp; the river falls, its wardens said today."
FORBIDDEN = {"kind": "hard", "reason": "robots", "detail": "robots.txt forbids it"}
GONE = {"kind": "hard", "reason": "http-404", "detail": "404 Not Found"}


def normalized(raw: dict[str, Any]) -> Normalized:
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=0)
    data = Raw.from_data(raw).to_data()
    (emitted,) = Normalize().handle(Event("raw", "id", "key", data, ref, 1_706_788_800_000), MemoryState())
    assert isinstance(emitted.data, Normalized)
    writer("normalized").check(emitted.data.to_data())
    return emitted.data


def captured(body: str, **fields: Any) -> dict[str, Any]:
    return {
        "source": {"name": "herald", "kind": "feeds"}, "captured_at": "2024-02-01T12:00:00Z", "media_type": "text/html", "body": body,
        "url": "https://herald.example.org/1", "item": {"headline": "Gates stuck", "summary": body},
    } | fields  # fmt: skip


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (LONG, [LONG.strip()]),
        (f"<p>{LONG}</p>", [LONG.strip()]),
        (SHORT, [SHORT.replace("&amp;", "&")]),
        ("Shut.<br/>Until <b>Monday</b>\n at least.", ["Shut.", "Until Monday at least."]),
        (
            "Before <p>within</p> after<ul><li>one</li><li>two</li></ul>",
            ["Before", "within", "after", "one", "two"],
        ),
        ("<h3>Gates stuck</h3><p>Shut.</p><script>x()</script><p hidden>no</p>", ["Shut."]),
    ],
)
@pytest.mark.parametrize("failure", [None, FORBIDDEN, GONE])
def test_the_sources_own_words(body: str, paragraphs: list[str], failure: dict[str, str] | None) -> None:
    article = normalized(captured(body, page_failure=failure))
    assert [text for section in article.sections for text in section.paragraphs] == paragraphs
    assert article.kind == "article"
    assert (article.provenance["sections"].origin, article.provenance["sections"].confidence) == ("item", 0.5)


def test_more_than_the_summary_is_the_article_and_headings_open_sections() -> None:
    body = "<p>First.</p><h2>Later</h2><p>Second.</p>"
    article = normalized(captured(body, item={"headline": "Gates stuck", "summary": "In short."}))
    assert [(s.heading, s.paragraphs) for s in article.sections] == [
        (None, ("First.",)),
        ("Later", ("Second.",)),
    ]
    assert article.summary == "In short."
    assert article.provenance["sections"].confidence == 1


@pytest.mark.parametrize("body", ["Gates stuck", "", " "])
@pytest.mark.parametrize("failure", [None, GONE])
def test_a_headline_alone_is_no_article(body: str, failure: dict[str, str] | None) -> None:
    raw = captured(body, media_type="text/plain", item={"headline": "Gates stuck"}, page_failure=failure)
    with pytest.raises(Reject, match="headline") as rejected:
        normalized(raw)
    assert rejected.value.reason == "headline-only"
    assert ("http-404" in rejected.value.detail) == (failure is not None)


HERE = "https://herald.example.org/1"
HTTP = {"status": 200, "requested_url": HERE, "final_url": HERE}
WITHOUT_TEXT = {
    "empty-body": "<title>Consent</title><div id=app></div><script>draw()</script>",
    "not-an-article": "<title>Gates</title><p>Stay tuned.</p>",
    "consent-page": "<title>Consent</title><p>We value your privacy. Accept all?</p>",
    "bot-challenge": "<title>Just a moment...</title><p>Verifying you are human.</p>",
}


@pytest.mark.parametrize("reason", WITHOUT_TEXT)
@pytest.mark.parametrize("kind", ["feeds", "sitemaps", "files"])
def test_a_page_is_still_judged_as_one(reason: str, kind: str) -> None:
    """Where the source itself says nothing, or is none that only points to pages."""
    item = {"headline": "Gates stuck"} | ({"summary": SHORT} if kind == "files" else {})
    raw = captured(WITHOUT_TEXT[reason], http=HTTP, item=item, source={"name": "herald", "kind": kind})
    with pytest.raises(Reject) as rejected:
        normalized(raw)
    assert rejected.value.reason == reason


@pytest.mark.parametrize("reason", WITHOUT_TEXT)
def test_what_the_feed_says_stands_in_for_a_page_without_text(reason: str) -> None:
    summary = captured(WITHOUT_TEXT[reason], http=HTTP, item={"headline": "Gates stuck", "summary": SHORT})
    whole = {**summary, "item": {**summary["item"], "content": f"<h3>Gates stuck</h3><p>{LONG}</p><p>More."}}
    for raw, paragraphs, confidence in (
        (summary, (SHORT.replace("&amp;", "&"),), 0.3),
        (whole, (LONG.strip(), "More."), 0.5),
    ):
        article = normalized(raw)
        assert article.headline == "Gates stuck"
        assert article.url == "https://herald.example.org/1"
        assert article.sections[0].paragraphs == paragraphs
        told = article.provenance["sections"]
        assert (told.origin, told.confidence) == ("item", confidence)


def test_from_a_page_drawn_by_scripts_to_the_article(tmp_path: Path) -> None:
    with newsroom(tmp_path / "state") as room:
        room.web.pages["/app"] = page(200, WITHOUT_TEXT["empty-body"].encode(), Content_Type="text/html")
        content = f"<p>{LONG}</p><p>It ends here.</p>"
        room.feed(
            "/herald.xml",
            item(1, room.web.url("/app"), description=SHORT, **{"content:encoded": content}),
        )
        [raw] = room.poll(room.source("herald"))
    assert raw["body"] == WITHOUT_TEXT["empty-body"]
    assert "It ends here." in raw["item"]["content"]
    assert normalized(raw).sections[0].paragraphs == (LONG.strip(), "It ends here.")


def test_from_the_feed_to_the_article(tmp_path: Path) -> None:
    with newsroom(tmp_path / "state") as room:
        room.feed(
            "/herald.xml",
            item(1, room.page(1), description=LONG),
            item(2, room.page(2), description=f"<p>{LONG}</p>"),
            item(3, room.page(3), description=""),
            item(4, room.page(4), description=SHORT),
        )
        room.feed("/gazette.xml", item(5, room.web.url("/gone"), description=SHORT))
        room.web.pages["/gone"] = page(404)
        raws = {
            raw["guid"]: raw
            for raw in room.poll(room.source("herald", articles="feed"), room.source("gazette"))
        }
    assert raws["report-5"]["page_failure"]["reason"] == "http-404"
    for number in (1, 2, 4, 5):
        article = normalized(raws[f"report-{number}"])
        assert article.headline == f"Report number {number}"
        assert len("".join(article.sections[0].paragraphs)) > 100
        assert article.provenance["sections"].origin == "item"
    with pytest.raises(Reject) as rejected:
        normalized(raws["report-3"])
    assert rejected.value.reason == "headline-only"
