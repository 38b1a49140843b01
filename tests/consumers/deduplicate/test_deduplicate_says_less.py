"""A page that comes again by a poorer way: with the text that is known, and less said beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.normalize import Normalize
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import RecordRef
from schemas.normalized.model import Normalized

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = """The harbour authority of Port Ellery closed two of its five piers on Monday after divers found cracks in the concrete
pillars that carry them, an official said at a news conference in the town hall.
Repairs will take at least eight weeks and cost about 3.4 million crowns, said Mara Lindqvist, who heads the authority. Ferries to
the islands will leave from the northern pier until then, and fishing boats have been asked to unload in Saltby."""
BESIDE: dict[str, Any] = {
    "summary": "Divers found cracks in the pillars",
    "authors": ("Jonas Reuter",),
    "keywords": ("harbour",),
    "article_section": "Region",
    "guid": "tag:herald,1",
    "published_at": START,
    "published_precision": "second",
    "modified_at": START,
}
ADDRESS = "https://news.example/region/two-piers-closed"
PAGE = f"""<!doctype html><html lang="en"><head><title>Two piers closed in Port Ellery</title></head><body><article>
<h1>Two piers closed in Port Ellery</h1>{"".join(f"<p>{line}</p>" for line in TEXT.split(chr(10)))}</article></body></html>"""


def only(emits: list[Any]) -> Any:
    (emit,) = emits
    return emit.data


def test_less_beside_the_same_text_is_a_redelivery(partition):
    first = only(partition.send("piers", TEXT, **BESIDE))
    for _ in range(2):
        again = only(partition.send("piers", TEXT, after=HOUR))
        assert (again.verdict, again.evidence.rule) == ("exact", "says-less")
        assert (again.original.article_id, again.original.revision) == (first.article_id, 1)
    richer = only(partition.send("piers", TEXT, after=HOUR, **BESIDE))
    assert richer.evidence.rule == "content-hash"


def test_more_beside_the_same_text_is_a_revision(partition):
    partition.send("piers", TEXT)
    richer = only(partition.send("piers", TEXT, after=HOUR, **BESIDE))
    assert (richer.revision.number, richer.revision.relation) == (2, "correct")
    assert only(partition.send("piers", TEXT, after=HOUR)).evidence.rule == "says-less"


@pytest.mark.parametrize(
    "other",
    [
        {"headline": "Three piers closed"},
        {"authors": ("Ida Holm",)},
        {"keywords": ("piers",)},
        {"guid": "tag:herald,2"},
        {"published_at": START, "published_precision": "day"},
        {"modified_at": START + HOUR},
        {"paywalled": True},
        {"kind": "live_blog"},
        {"language": "de"},
        {"agency": "Norvik"},
        {"rights": {"status": "usable", "usage_terms": "Not for archives"}},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_it_says_otherwise_is_a_revision(partition, other):
    partition.send("piers", TEXT, **BESIDE)
    event = only(partition.send("piers", TEXT, after=HOUR, **other))
    assert event.revision.number == 2
    assert "summary" in event.revision.changed_fields


@pytest.mark.parametrize("picture", [({"url": "https://news.example/pier.jpg"},)])
def test_a_picture_that_is_gone_is_no_less_but_a_change(partition, picture):
    partition.send("piers", TEXT, images=picture, **BESIDE)
    assert only(partition.send("piers", TEXT, after=HOUR)).revision.number == 2


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("3.4", "3.5"),
        TEXT.replace("Repairs", "Repair"),
        TEXT.replace("Monday", "monday"),
        TEXT + " It rained.",
        "\n".join(reversed(TEXT.split("\n"))),
        "",
    ],
)
def test_another_text_is_a_revision(partition, text):
    partition.send("piers", TEXT, **BESIDE)
    assert only(partition.send("piers", text, after=HOUR)).revision.number == 2


def test_an_agency_says_less_on_purpose(partition):
    wire = {"format": "ninjs", "uri": "urn:norvik:1"}
    partition.send("piers", TEXT, wire=wire | {"version": "1"}, **BESIDE)
    event = only(partition.send("piers", TEXT, after=HOUR, wire=wire | {"version": "2"}))
    assert event.revision.number == 2


@pytest.mark.parametrize("forgotten", [False, True])
def test_a_page_by_its_feed_and_then_by_the_sitemap(partition, forgotten):
    """As normalize reads both."""
    item = {
        "headline": "Two piers closed in Port Ellery",
        "summary": "Cracks in the pillars",
        "authors": ["Jonas Reuter"],
    }
    first = only(partition.put("normalized", captured("feeds", 0, item | {"keywords": ["harbour"]}), START))
    assert first.summary == "Cracks in the pillars"
    if forgotten:
        partition.forget_views()
    again = only(partition.put("normalized", captured("sitemaps", 1, {}), START + HOUR))
    assert (again.article_id, again.evidence.rule) == (first.article_id, "says-less")


def test_what_lists_say_otherwise_of_a_page_that_says_it_itself_is_no_revision(partition):
    """A feed's short title, a sitemap's title for search engines, and each of them again."""
    head = """<meta property="og:title" content="Two piers closed in Port Ellery"><meta name="description" content="Cracks in the pillars">
        <meta name="author" content="Jonas Reuter"><meta property="article:published_time" content="2026-03-02T08:00:00Z">"""
    page = PAGE.replace("</head>", f"{head}</head>")
    feed = {
        "headline": "Piers closed",
        "summary": "Cracks in …",
        "authors": ["jreuter"],
        "published": "2026-03-02T08:01:00Z",
    }
    sitemap = {
        "headline": "Port Ellery piers closed: all you need to know",
        "modified": "2026-03-02T08:30:00Z",
        "section": "Blog",
    }
    first = only(partition.put("normalized", captured("feeds", 0, feed, page), START))
    assert (first.headline, first.summary) == ("Two piers closed in Port Ellery", "Cracks in the pillars")
    for offset, (kind, said) in enumerate(
        [("sitemaps", sitemap), ("feeds", feed), ("sitemaps", {})], start=1
    ):
        again = only(partition.put("normalized", captured(kind, offset, said, page), START + offset * HOUR))
        assert (again.article_id, again.evidence.rule) == (first.article_id, "content-hash")


def captured(kind: str, offset: int, item: dict[str, Any], page: str = PAGE) -> dict[str, Any]:
    """Return what normalize makes of the page when this way leads to it."""
    raw = {
        "source": {"name": "herald", "kind": kind},
        "captured_at": (START + offset * HOUR).isoformat(),
        "media_type": "text/html",
        "body": page,
        "url": ADDRESS,
        "http": {"status": 200, "requested_url": ADDRESS, "final_url": ADDRESS},
        "item": item,
    }
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=offset)
    (emitted,) = Normalize().handle(Event("raw", str(offset), "key", raw, ref, 0), MemoryState())
    assert isinstance(emitted.data, Normalized)
    return emitted.data.to_data()
