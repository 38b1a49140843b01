"""The order in which the sources of a page's fields are believed: each is taken as soon as those before it are gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from newsroom import item, newsroom
from web_server import page as web_page

from consumers.normalize import Normalize
from consumers.normalize.assemble import assemble
from consumers.normalize.reading import read
from newswire.event import Event
from newswire.state.memory import MemoryState
from schemas.core.lineage import Lineage, RecordRef
from schemas.normalized.model import Normalized
from schemas.raw.model import Raw

ITEM = {
    "headline": "Gates item",
    "summary": "Summary item",
    "authors": ["Ida Item"],
    "section": "Section item",
    "keywords": ["item"],
}
PARTS = {
    "jsonld": """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Gates jsonld", "description": "Summary jsonld",
        "author": {"name": "Jo Json"}, "articleSection": "Section jsonld", "keywords": "jsonld", "isAccessibleForFree": true,
        "image": "https://a.example/jsonld.jpg"}</script>""",
    "microdata": """<div itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="headline" content="Gates microdata"><meta
        itemprop="articleSection" content="Section microdata"><b itemprop="author"
        itemscope><b itemprop="name">Mo Micro</b></b><i itemprop="description">Summary microdata</i>
        <i itemprop="keywords">microdata</i><i itemprop="isAccessibleForFree">false</i><img itemprop="image" src="/microdata.jpg"></div>""",
    "opengraph": """<meta content="Gates opengraph" property="og:title"><meta content='Summary opengraph' property='og:description'><meta
        property=article:section content="Section opengraph"><meta property="article:author" content="Oli Open"><meta
        property="article:tag" content="opengraph"><meta property="article:content_tier" content="locked"><meta property="og:image"
        content="https://a.example/opengraph.jpg">""",
    "meta": """<meta name="twitter:title" content="Gates meta"><meta name="description" content="Summary meta"><meta name="author"
        content="Mia Meta"><meta name="parsely-section" content="Section meta"><meta name="keywords" content="meta">""",
    "html": """<article><p class="byline">By Hal Html</p><p
        class="article-standfirst">Summary html: the harbour waits for the silt.</p><figure><img src="/html.jpg"></figure></article>""",
}  # fmt: skip
TEXT = "".join(
    f"<p>The wardens of the lower lock said on day {day} that the gates would stay shut.</p>"
    for day in "12345"
)


URL = "https://a.example/news/gates"


def page(*gone: str, kind: str = "files", **item: Any) -> Normalized:
    parts = "".join(markup for origin, markup in PARTS.items() if origin not in gone)
    return read_page(
        f"<html lang=en><head><title>Gates html</title></head><body>{parts}<main>{TEXT}</main></body></html>",
        kind,
        item or ({} if "item" in gone else ITEM),
    )


def read_page(body: str, kind: str, item: dict[str, Any]) -> Normalized:
    raw = Raw.from_data(
        {
            "source": {"name": "desk", "kind": kind}, "captured_at": "2024-02-01T12:00:00Z", "media_type": "text/html", "body": body,
            "url": URL, "item": item, "http": {"status": 200, "requested_url": URL, "final_url": URL},
        }
    )  # fmt: skip
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=0)
    return assemble(raw, read(raw), Lineage(was_derived_from=ref, was_generated_by=()))


METADATA = ["jsonld", "microdata", "opengraph", "meta"]
ORDERS = {
    "headline": [*METADATA, "html"],
    "summary": [*METADATA, "html"],
    "authors": [*METADATA, "html"],
    "article_section": METADATA,
    "keywords": METADATA,
    "paywalled": ["jsonld", "microdata", "opengraph"],
    "images": ["jsonld", "microdata", "opengraph", "html"],
}


@pytest.mark.parametrize("field", ORDERS)
@pytest.mark.parametrize("kind", ["files", "push", "warc", "feeds", "sitemaps"])
def test_each_source_is_taken_when_those_before_it_are_gone(field: str, kind: str) -> None:
    order = list(ORDERS[field])
    if field not in ("paywalled", "images"):
        order.insert(len(METADATA) if kind in ("feeds", "sitemaps") else 0, "item")
    seen = [page(*order[:gone], kind=kind).provenance[field].origin for gone in range(len(order))]
    assert seen == order


@pytest.mark.parametrize(
    ("kind", "first", "others"),
    [
        ("files", "item", ["jsonld", "microdata", "opengraph", "meta", "html"]),
        ("feeds", "jsonld", ["microdata", "opengraph", "meta", "item", "html"]),
    ],
)
def test_what_is_not_taken_is_kept_with_the_reason(kind: str, first: str, others: list[str]) -> None:
    refused = page(kind=kind).provenance["headline"].refused
    assert [each.origin for each in refused] == others
    assert {each.why for each in refused} == {f"{first} is believed before it"}


LISTED = "Gates of the lower lock shut"
SITE = '<meta property="og:title" content="Tarn News"><meta property="og:site_name" content="Tarn News">'
HEADING = "Gates of the lower lock stay shut until the silt is cleared"


@pytest.mark.parametrize(
    ("head", "body", "headline", "origin"),
    [
        # Metadata confirm the heading; without them the title does, or the list.
        (f'<meta property="og:title" content="{HEADING} today">', f"<h1>{HEADING}</h1>", HEADING, "html"),
        (f"<title>{HEADING}</title>", f"<h1>{HEADING}</h1>", HEADING, "html"),
        ("<title>Home</title>", f"<h1>{HEADING}</h1>", HEADING, "html"),
        # Nothing confirms it.
        ("<title>Home</title>", "<h1>All about Tarn</h1>", LISTED, "item"),
        ("<title>Home</title>", "<h1>All about Tarn</h1><h1>Weather</h1>", LISTED, "item"),
        (f"<title>{HEADING}</title>", "", LISTED, "item"),
        # What metadata say stands before it, also where it is more like the heading.
        ('<meta property="og:title" content="Wardens wait">', f"<h1>{HEADING}</h1>", "Wardens wait", "opengraph"),
        # The name of the site is no headline.
        (f"<title>Tarn News</title>{SITE}", f"<h1>{HEADING}</h1>", HEADING, "html"),
        (f"<title>Tarn News</title>{SITE}", "<h1>All about Tarn</h1>", LISTED, "item"),
        (f"<title>Tarn News</title>{SITE}", "", LISTED, "item"),
        (f"<title>{HEADING} - Tarn News</title>{SITE}", f"<h1>{HEADING}</h1>", HEADING, "html"),
    ],
)  # fmt: skip
def test_the_headline_of_a_list_and_the_heading_of_its_page(
    head: str, body: str, headline: str, origin: str
) -> None:
    found = read_page(
        f"<head>{head}</head><body>{body}<main>{TEXT}</main></body>", "feeds", {"headline": LISTED}
    )
    assert (found.headline, found.provenance["headline"].origin) == (headline, origin)


@pytest.mark.parametrize(
    ("kind", "language"), [("feeds", "en-GB"), ("sitemaps", "en-GB"), ("files", "en-US")]
)
def test_the_language_that_a_page_declares_stands_before_that_of_the_list(kind: str, language: str) -> None:
    body = f"<html lang=en-GB><head><title>Gates</title></head><body><main>{TEXT}</main></body></html>"
    assert read_page(body, kind, {"headline": "Gates", "language": "en-US"}).language == language


@pytest.mark.parametrize(
    ("on_page", "item", "published", "origin"),
    [
        ('<meta property="article:published_time" content="2024-02-01T08:00:00+01:00">', {}, "2024-02-01T07:00:00Z", "opengraph"),
        ('<meta property="article:published_time" content="2024-02-01">', {}, "2024-02-01T09:30:00Z", "item"),
        ('<meta property="article:published_time" content="2024-01-30">', {}, "2024-01-30T00:00:00Z", "opengraph"),
        ('<meta property="article:published_time" content="3/4/2023">', {}, "2024-02-01T09:30:00Z", "item"),
        ('<time datetime="2024-02-01T08:00:00Z">8:00</time>', {}, "2024-02-01T09:30:00Z", "item"),
        ('<meta property="article:published_time" content="2024-02-01T08:00:00Z">', {"published": "2024-02-01"}, "2024-02-01T08:00:00Z",
         "opengraph"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["feeds", "sitemaps"])
def test_the_dates_of_a_list(
    kind: str, on_page: str, item: dict[str, Any], published: str, origin: str
) -> None:
    listed = {"published": "Thu, 01 Feb 2024 09:30:00 GMT"} | item
    found = read_page(
        f"<html lang=en><head><title>Gates</title></head><body>{on_page}<main>{TEXT}</main></body></html>",
        kind,
        listed,
    )
    assert found.to_data()["published_at"] == published
    assert found.provenance["published_at"].origin == origin


def test_the_change_that_a_page_tells_stands_before_that_of_its_sitemap() -> None:
    stated = """<meta property="article:published_time" content="2024-01-30T08:00:00Z"><meta property="article:modified_time"
        content="2024-01-31T08:00:00Z">"""
    for head, changed in ((stated, "2024-01-31T08:00:00Z"), ("", "2024-02-01T11:00:00Z")):
        body = f"<html lang=en><head><title>Gates</title>{head}</head><body><main>{TEXT}</main></body></html>"
        found = read_page(body, "sitemaps", {"modified": "2024-02-01T11:00:00Z"})
        assert found.to_data()["modified_at"] == changed


def test_a_page_is_the_same_by_its_feed_and_by_its_sitemap(tmp_path: Path) -> None:
    """Through the real producers and the handler: the feed shortens the title and cuts the summary, the sitemap has neither."""
    parts = "".join(markup for markup in PARTS.values())
    body = (
        f"<html lang=en><head><title>Gates html</title></head><body>{parts}<main>{TEXT}</main></body></html>"
    )
    with newsroom(tmp_path / "feeds") as room:
        address = room.page(1)
        room.web.pages["/news/1"] = web_page(200, body.encode(), Content_Type="text/html")
        room.feed("/herald.xml", item(1, address, category="Feed", author="Fay Feed"))
        [captured] = room.poll(room.source("herald"))
    by_feed = captured | {"captured_at": "2026-11-25T09:00:00Z"}
    assert by_feed["item"]["summary"] == "What happened in case 1."
    by_sitemap = by_feed | {"source": {"name": "herald", "kind": "sitemaps"}, "item": {}}
    one, other = (handled(raw) for raw in (by_feed, by_sitemap))
    assert one.headline == "Gates jsonld"
    assert one.summary == "Summary jsonld"
    assert one.authors == ("Jo Json",)
    assert one.keywords == ("jsonld",)
    assert one.content_hash == other.content_hash
    own = {"source", "guid", "published_at", "published_precision", "published_offset", "provenance"}
    assert one.model_dump(exclude=own) == other.model_dump(exclude=own)
    alone = handled(by_feed | {"page_failure": {"kind": "hard", "reason": "robots", "detail": "not allowed"}})
    assert (alone.headline, alone.provenance["headline"].origin) == ("Report number 1", "item")


def handled(raw: dict[str, Any]) -> Normalized:
    ref = RecordRef(topic="news.raw.v1", partition=0, offset=0)
    (emitted,) = Normalize().handle(Event("raw", "id", "key", raw, ref, 1_706_788_800_000), MemoryState())
    assert isinstance(emitted.data, Normalized)
    return emitted.data


def test_microdata_is_read_in_any_case() -> None:
    """As React writes it."""
    parts = PARTS["microdata"].replace("itemtype", "itemType").replace("itemprop", "itemProp")
    body = f"<html><body>{parts}<main>{TEXT}</main></body></html>"
    assert read_page(body, "files", {}).provenance["headline"].origin == "microdata"
